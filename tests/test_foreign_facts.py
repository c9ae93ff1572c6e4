"""Whatever a page says of itself, its article is built and Arrow takes the row."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pipelines.run.build_page import BuildPage
from schemas.article import ARTICLES
from schemas.draft import Draft
from tests.rows import page
from tests.transforms.extract.documents import STORY

HALF = "half an emoji \\ud83d and a bell \\u0007"
MENDED = "half an emoji \ufffd and a bell"
WRONG: list[Any] = [
    *(None, True, 7, -1.5, 10**400, 10**18, "", " ", "x" * 100_000, "9" * 5_000, [], {}, [[[[[["deep"]]]]]]),
    *([None, 7, {"a": 1}], [f"x{n}" for n in range(5_000)], {"@id": "#a"}, [{"@id": "#a"}] * 3_000),
    *({"name": {"name": {"name": 7}}}, {"@value": ["x", 7]}, {"@type": ["Person", 7]}, {"@list": [{"name": "x"}]}),
    *({"name": ["Ada Lind", 7, None, {"name": "Bo Berg"}]}, {"url": {"url": {"@id": 7}}}),
    *({"position": "9" * 5_000, "item": 7}, [{"position": True, "item": {"@id": []}}]),
    {"@type": "BreadcrumbList", "itemListElement": [{"position": "9" * 5_000, "name": "x"}, 7, {"position": 10**400}]},
]
MEMBERS = (
    (
        "headline",
        "description",
        "articleSection",
        "license",
        "inLanguage",
        "datePublished",
        "dateModified",
        "publisher",
    ),
    ("author", "image", "isAccessibleForFree", "hasPart", "wordCount", "articleBody", "url", "breadcrumb", "name"),
    ("creator", "keywords", "mainEntityOfPage", "mainEntity", "@id", "@graph", "itemListElement"),
    ("@type",),
)  # what is read together may hide what is read alone


def built(script: str, head: str = "", story: str = STORY, **values: Any) -> Draft:
    """The article of a page with that script of JSON-LD."""
    head += f'<script type="application/ld+json">{script}</script>'
    body = f"<html><head>{head}</head><body><h1>Quay</h1>{story}</body></html>"
    return BuildPage()(page(body=body.encode("utf-8", "surrogatepass"), **values))


def row(one: Draft) -> dict[str, Any]:
    """The article as Arrow gives it back."""
    return dict(ARTICLES.to_arrow([one.article]).to_pylist()[0])


def test_half_an_emoji_in_structured_data_reaches_no_row() -> None:
    told: dict[str, Any] = dict.fromkeys(("headline", "description", "articleSection", "license", HALF), HALF)
    told |= {"@type": "NewsArticle", "@id": HALF, "image": f"/{HALF}.png", "breadcrumb": HALF}
    told |= {"articleSection": "Harbour \\ud83d"}
    told |= {"publisher": {"name": "Lindmere \\ud83d Post"}, "keywords": ["Harbour \\ud83d", "quay"]}
    told |= {"author": {"@type": "Person", "name": "Ada \\ud83d Lind"}}
    article = row(built(json.dumps(told).replace("\\\\", "\\")))
    assert article["description"] == article["license"] == MENDED
    assert article["article_section"] == "Harbour \ufffd"
    assert (article["publisher_name"], article["keywords"]) == ("Lindmere \ufffd Post", ["Harbour \ufffd", "quay"])


def test_half_an_emoji_in_the_flawed_json_of_a_template_reaches_no_row() -> None:
    article = row(built(f'{{"@type": "NewsArticle", "description": "{HALF}", "keywords": ["{HALF}",],}};'))
    assert (article["description"], article["keywords"]) == (MENDED, [MENDED])


@pytest.mark.parametrize(
    "half", ["\ud83d", "&#xD83D;", "&amp;#xD83D;", "\x00", "&#7;", "\x1b", "&#27;", "\x7f", "&#127;"]
)
def test_half_an_emoji_or_a_control_character_in_elements_reaches_no_row(half: str) -> None:
    names = (
        "og:title",
        "og:description",
        "og:site_name",
        "article:section",
        "keywords",
        "author",
        "dc.rights",
        "robots",
    )
    head = "".join(f'<meta name="{name}" content="a{half}b Lind">' for name in names)
    head += f'<title>Qu{half}ay</title><link rel="license" href="/x{half}"><meta name="tdm-policy" content="{half}">'
    story = STORY.replace("</p>", f" The {half}quay.</p>{half}")
    article = row(built("{}", f'{head}<meta property="og:image" content="/a{half}.png">', story))
    assert article["article_body"].count("quay.") >= STORY.count("</p>")
    text = "".join(map(str, article.values()))
    assert not set(text) & set("\x00\x07\x1b\x7f")
    assert "\\u00" not in text


@pytest.mark.parametrize("value", WRONG, ids=lambda value: str(value)[:20])
def test_values_of_wrong_type_or_size_are_left_out(value: Any) -> None:
    digits = json.dumps(value) if not isinstance(value, int) or isinstance(value, bool) else f"{value}"
    for names in MEMBERS:
        told = "".join(f', "{name}": {digits}' for name in names)
        article = row(built(f'{{"@type": "NewsArticle", "headline": "Quay", "datePublished": "2026-03-01"{told}}}'))
        assert all(len(text) <= 10_000 for text in article.values() if isinstance(text, str))
        assert all(len(texts) <= 100 for texts in article.values() if isinstance(texts, list))

"""Of the objects that a page describes, the one that tells of its own article counts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.transforms.extract.documents import facts_of
from transforms.extract.facts.page_facts import PageFacts, page_facts
from transforms.extract.json_ld.article_object import article_object
from transforms.extract.json_ld.structured import json_objects
from transforms.extract.parsing.parse import parse_page

HERE = "https://www.example.org/town/quay-closes"
TITLE = "Quay closes for three weeks"
OTHER = {
    "@type": "NewsArticle",
    "headline": "Ferry fares rise again",
    "datePublished": "2026-01-09",
    "author": "Bo Berg",
}
OWN = {"@type": "NewsArticle", "datePublished": "2026-03-01", "author": "Ada Lind"}
OWN_SIGNS: list[dict[str, Any]] = [
    {"url": HERE},
    {"url": "/town/quay-closes"},
    {"url": "http://example.org/town/quay-closes/?utm_source=rss"},
    {"mainEntityOfPage": HERE},
    {"mainEntityOfPage": {"@type": "WebPage", "@id": HERE}},
    {"mainEntityOfPage": [{"@id": "#x"}, {"url": HERE}]},
    {"@id": f"{HERE}#article"},
    {"headline": TITLE},
    {"headline": "Quay in Lindmere closes for three weeks"},
    {"url": "https://m.example.org/town/quay-closes/amp"},
]


def facts_with(*scripts: Any, head: str = f"<title>{TITLE} | Lindmere Post</title>", url: str = HERE) -> PageFacts:
    """The facts of a page at that address with these scripts of JSON-LD."""
    told = "".join(f'<script type="application/ld+json">{json.dumps(one)}</script>' for one in scripts)
    tree = parse_page(f"<!doctype html><html><head>{head}{told}</head><body><h1>{TITLE}</h1></body></html>")
    assert tree is not None
    return page_facts(tree, url)


@pytest.mark.parametrize("sign", OWN_SIGNS)
def test_an_object_with_the_pages_address_or_headline_comes_before_a_related_story(sign: dict[str, Any]) -> None:
    other = {**OTHER, "url": "https://www.example.org/town/ferry-fares"}
    own = {**OWN, **sign}
    for scripts in ([other, own], [own, other], [[other, other, own]], [{"@graph": [other, own]}]):
        assert facts_with(*scripts).structured.get("author") == "Ada Lind"


@pytest.mark.parametrize("link", ['<link rel="canonical" href="{}">', '<meta property="og:url" content="{}">'])
def test_the_address_that_the_page_states_of_itself_is_its_own_too(link: str) -> None:
    own = {**OWN, "url": HERE}
    facts = facts_with(OTHER, own, head=link.format(HERE), url="https://www.example.org/r?n=7")
    assert facts.structured["author"] == "Ada Lind"


def test_addresses_that_differ_in_their_queries_alone_are_told_apart() -> None:
    seven, eight = ({**OTHER, "url": f"/article.php?id={n}", "author": f"Author {n}"} for n in (7, 8))
    facts = facts_with(seven, eight, head="", url="https://example.org/article.php?id=8")
    assert facts.structured["author"] == "Author 8"


def test_of_two_stories_with_like_headlines_the_liker_counts() -> None:
    like = {**OTHER, "headline": "Quay closes for two years"}
    assert facts_with(like, {**OWN, "headline": TITLE}).structured["author"] == "Ada Lind"


def test_the_object_of_another_story_is_not_believed_though_it_is_the_only_one() -> None:
    elsewhere = {**OTHER, "url": "https://www.example.org/town/ferry-fares"}
    assert facts_with(elsewhere).structured == {}
    listed = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": elsewhere}]}
    assert facts_with(listed, {**OWN, "headline": TITLE}).structured["author"] == "Ada Lind"


@pytest.mark.parametrize(
    "stated",
    [
        {"url": "https://cms.example.com/node/7", "headline": "Harbour repairs this spring"},  # a system's own address
        {"mainEntityOfPage": "https://search.example/article", "headline": "Harbour repairs this spring"},
        {"url": "https://www.example.org/node/7", "headline": "Quay shut for weeks"},  # much the same headline
        {"url": "https://www.example.org/node/7"},
        {"headline": "Harbour repairs this spring"},
        {"url": "http://[", "mainEntityOfPage": True, "headline": 7},
    ],
)
def test_the_only_object_is_believed_unless_address_and_headline_speak_against_it(stated: dict[str, Any]) -> None:
    assert facts_with({**OWN, **stated}).structured["author"] == "Ada Lind"


def test_objects_that_refer_to_one_another_in_a_ring_are_read() -> None:
    ring = {
        "@graph": [
            {**OWN, "@id": "#a", "name": "x", "author": {"@id": "#b"}, "publisher": {"@id": "#a"}},
            {"@type": "Person", "@id": "#b", "name": "Ada Lind", "worksFor": {"@id": "#c"}},
            {"@type": "Organization", "@id": "#c", "name": {"@id": "#b"}, "member": [{"@id": "#b"}, {"@id": "#c"}]},
        ]
    }
    assert facts_with(ring).structured["author"]["name"] == "Ada Lind"


@pytest.mark.parametrize(
    "kind",
    [
        "application/ld+json; charset=utf-8",
        "APPLICATION/LD+JSON",
        " application/ld+json ;profile=x",
        "application/ld+json", "text/ld+json", "application/json+ld", "application/x-ld+json", "ld+json",
    ],
)  # fmt: skip
def test_the_type_of_a_script_may_have_parameters_and_capitals(kind: str) -> None:
    script = json.dumps({**OWN, "headline": TITLE})
    assert facts_of(f'<script type="{kind}">{script}</script>').structured["author"] == "Ada Lind"


def test_one_bad_script_costs_the_others_nothing() -> None:
    objects = json_objects(["{", "not json", json.dumps(OWN), "[" * 100_000, '{"@type": "Person"'])
    assert article_object(objects)["author"] == "Ada Lind"


def test_a_script_of_plain_json_counts_where_it_names_the_vocabulary() -> None:
    script = '<script type="application/json">{}</script>'
    told = script.format(json.dumps({"@context": "https://schema.org", **OWN, "headline": TITLE}))
    assert facts_of(told).structured["author"] == "Ada Lind"
    assert facts_of(script.format(json.dumps({**OWN, "headline": TITLE}))).structured == {}


@pytest.mark.parametrize("kind", [{"type": "NewsArticle"}, {"@type": " NewsArticle "}, {"@type": "CreativeWork"}])
def test_the_type_of_an_object_may_be_written_carelessly(kind: dict[str, str]) -> None:
    rest = {name: value for name, value in OWN.items() if name != "@type"}
    stated = {**rest, **kind, "headline": TITLE, "datePublished": "2026-03-01"}
    assert article_object(json_objects([json.dumps(stated)]))["author"] == "Ada Lind"

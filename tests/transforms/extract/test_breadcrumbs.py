"""The section of an article is the last step of its breadcrumb before the article itself."""

from __future__ import annotations

import json

import pytest

from tests.transforms.extract.documents import json_ld, metadata_of, story

ADDRESS = "https://www.example.org/news/harbour/quay"


def section_with(head: str = "", body: str = "") -> str | None:
    return metadata_of(head, body, final_url=ADDRESS).article_section


def crumbs(*steps: object) -> str:
    values = {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": steps}
    return f'<script type="application/ld+json">{json.dumps(values)}</script>'


def step(position: object, name: str, item: object = None) -> dict[str, object]:
    return {"@type": "ListItem", "position": position, "name": name, "item": item}


def test_the_stated_steps_are_taken_in_their_order_without_front_page_and_article() -> None:
    head = crumbs(
        step(3, "Harbour", "https://www.example.org/news/harbour"),
        step("1", "Hjem", "https://www.example.org/"),
        step(2, "News", {"@id": "https://www.example.org/news"}),
        step(4, "Quay closes", ADDRESS),
    )
    assert section_with(head, story()) == "Harbour"


def test_the_last_step_without_an_address_is_the_article_whatever_it_is_called() -> None:
    news = step(1, "News", "/news")
    assert section_with(crumbs(news, step(2, "Three weeks without ships"))) == "News"
    assert section_with(crumbs(news, step(2, "Quay closes", "/other/address")), story()) == "News"
    nested = {"name": "Sport", "@id": "/sport"}
    assert section_with(crumbs({"position": 1, "item": nested})) == "Sport"


def test_a_step_that_begins_like_a_long_headline_is_the_article_and_a_short_one_a_section() -> None:
    title = "Harbour of Lindmere closes for three weeks"
    steps = (step(1, "Harbour", "/harbour"), step(2, "Harbour of Lindmere clo…", "/quay"))
    assert section_with(crumbs(*steps), story(title=title)) == "Harbour"


@pytest.mark.parametrize(
    "marked",
    [
        '<nav class="breadcrumbs"><a href="/">Home</a> › <a href="/news">News</a> › <span>Quay closes</span></nav>',
        '<ol id="breadcrumb"><li><a href="/en">Start</a></li><li><a href="/news">News</a></li></ol>',
        '<p class="c-Breadcrumb"><a href="/news">News</a><a href="/x">‹ Up</a><a href="/news/harbour/quay">x</a></p>',
    ],
)
def test_the_links_of_a_marked_breadcrumb_are_its_steps(marked: str) -> None:
    assert section_with("", marked + story()) == "News"


def test_what_has_more_links_than_a_way_has_is_no_breadcrumb() -> None:
    menu = "".join(f'<a href="/{n}">Part {n}</a>' for n in range(40))
    assert section_with("", f'<div class="has-breadcrumb">{menu}</div>') is None
    nested = f'<div class="has-breadcrumb">{menu}<p class="breadcrumb"><a href="/news">News</a></p></div>'
    assert section_with("", nested) == "News"


def test_a_stated_section_comes_first_and_steps_of_json_before_those_on_the_page() -> None:
    marked = '<nav class="breadcrumb"><a href="/marked">Marked</a></nav>'
    stated = crumbs(step(1, "Stated", "/stated"))
    assert section_with(json_ld(articleSection="Sport") + stated, marked) == "Sport"
    assert section_with('<meta property="article:section" content="Culture">' + stated, marked) == "Culture"
    assert section_with(stated, marked) == "Stated"
    assert section_with("", marked) == "Marked"


@pytest.mark.parametrize(
    "broken",
    [
        crumbs(7, "News", None, step([], "", 7), {"position": {}, "item": []}),
        crumbs(step(1, "News", "http://[")),
        '<script type="application/ld+json">{"@type": "BreadcrumbList", "itemListElement": "News"}</script>',
        '<nav class="breadcrumb"><a>News</a><a href="javascript:void(0)">News</a></nav>',
        "",
    ],
)
def test_a_broken_breadcrumb_gives_no_section(broken: str) -> None:
    assert section_with(broken, story()) is None

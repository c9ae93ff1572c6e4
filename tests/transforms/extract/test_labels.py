"""Keywords and sections: lists taken apart, and nothing that templates, players and habits leave among them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.transforms.extract.documents import metadata_of

KEYWORDS = '<meta name="keywords" content="{}">'


def keywords(content: str, **values: Any) -> tuple[str, ...]:
    return metadata_of(KEYWORDS.format(content), **values).keywords


def structured(**values: Any) -> str:
    stated = {"@context": "https://schema.org", "@type": "NewsArticle"} | values
    return f'<script type="application/ld+json">{json.dumps(stated)}</script>'


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("harbour, bridge, cracks", ("harbour", "bridge", "cracks")),
        ("harbour;bridge", ("harbour", "bridge")),
        ("harbour | bridge", ("harbour", "bridge")),
        ("#harbour #bridge #Stadt", ("harbour", "bridge", "Stadt")),
        ("海港、大橋，裂縫", ("海港", "大橋", "裂縫")),
        ("ميناء، جسر", ("ميناء", "جسر")),
        ("[&quot;harbour&quot;, &quot;bridge&quot;]", ("harbour", "bridge")),
        ("Fish &amp;amp; Chips, harbour", ("Fish & Chips", "harbour")),
        ("Harbour, harbour,HARBOUR", ("Harbour",)),
    ],
)
def test_lists_written_as_one_text_are_taken_apart(content: str, found: tuple[str, ...]) -> None:
    assert keywords(content) == found


@pytest.mark.parametrize(
    "noise",
    [
        "pageType", "_syndication_noshow", "megaphone_top", "type:article", "Page Type: Article", "shortTitle: Bridge",
        "contentId: 7f2a", "WC: 1000-1999", "Partner: Lindmere Feeds", "page-article", "template-prin", "free", "Adult",
        "Not Set", "2026", "12345", "ntp20260304", "b3a1c0de99ff00aa11", "x", "https://example.org/tag", "@hp-top",
        "{{keywords}}", "splitscreenimagerightinset", "tone/news", "publication/lindmere/post", "web", "Uncategorized",
        "The council of the town voted on Tuesday to close the bridge", "Is the old harbour bridge safe?",
    ],
)  # fmt: skip
def test_what_templates_and_players_leave_is_no_keyword(noise: str) -> None:
    assert keywords(f"harbour, {noise}, bridge") == ("harbour", "bridge")


@pytest.mark.parametrize(
    "name",
    [
        "iPhone",
        "eBay",
        "macOS",
        "YouTube",
        "COVID-19",
        "G7",
        "AC/DC",
        "R&D",
        "Europe: migration",
        "#MeToo",
        "港",
        "U.S.",
    ],
)
def test_names_that_look_like_codes_stay(name: str) -> None:
    assert keywords(f"harbour, {name.replace('&', '&amp;')}") == ("harbour", name.lstrip("#"))


def test_of_a_labelled_keyword_its_value_is_taken() -> None:
    assert keywords("Subject: Justice, Tag: Politics, Ort: Kiel") == ("Justice", "Politics", "Ort: Kiel")


def test_headline_publisher_and_description_are_no_keywords() -> None:
    head = (
        '<title>Old bridge closed</title><meta property="og:site_name" content="Lindmere Post">'
        '<meta name="description" content="Cracks, rust and wind close the bridge">'
    )
    said = metadata_of(
        head + KEYWORDS.format("Old bridge closed, Lindmere Post, harbour"), "<h1>Old bridge closed</h1>"
    )
    assert said.keywords == ("harbour",)
    assert metadata_of(head + KEYWORDS.format("Cracks, rust and wind close the bridge")).keywords == ()


def test_a_comma_in_one_of_many_keywords_belongs_to_it() -> None:
    many = structured(keywords=["Washington, D.C.", "bridges", "harbour,port"])
    assert metadata_of(many).keywords == ("Washington, D.C.", "bridges", "harbour", "port")


def test_a_long_word_of_small_letters_is_a_keyword_in_languages_that_join_words() -> None:
    word = "hafenbrueckensanierungsplan"
    assert keywords(f"hafen, {word}", attributes='lang="de"') == ("hafen", word)
    assert keywords(f"hafen, {word}", attributes='lang="de_AT"') == ("hafen", word)
    assert keywords(f"hafen, {word}", attributes='lang="en"') == ("hafen",)


def test_the_feed_is_asked_where_the_page_has_none_and_the_source_is_told() -> None:
    fed = metadata_of(KEYWORDS.format("free, 123"), entry_keywords=("harbour;bridge", "page-article"))
    assert (fed.keywords, fed.facts_sources) == (("harbour", "bridge"), (("keywords", "feed"),))
    paged = metadata_of(KEYWORDS.format("harbour") + '<meta property="article:section" content="City">')
    assert paged.facts_sources == (("article_section", "page"), ("keywords", "page"))
    assert metadata_of("").facts_sources == ()


@pytest.mark.parametrize(
    ("stated", "section"),
    [
        ("City", "City"),
        ("News, City", "City"),
        ("Aktuell,Wirtschaft", "Wirtschaft"),
        ("All | Kultur", "Kultur"),
        ("Home > News > Harbour", "Harbour"),
        ("Science &amp; Health", "Science & Health"),
        ("Helena, MT", "Helena, MT"),
        ("Diversity, Equity and Inclusion", "Diversity, Equity and Inclusion"),
        ("Category: Festivals", "Festivals"),
        ("U.S.", "U.S."),
        ("News", "News"),
        ("ニュース, 経済", "経済"),
        ("Новости, Спорт", "Спорт"),
        ("All", None),
        ("Home", None),
        ("Startseite", None),
        ("Uncategorized", None),
        ("section_front_template", None),
        ("18", None),
        ("https://example.org/news", None),
        ("Old bridge closed", None),
        ("All Lindmere Post", None),
        ("Lindmere Post", None),
        ("The council voted on Tuesday to close the bridge, and wind, rust and age are what the engineers blame", None),
    ],
)
def test_a_section_is_one_name_as_narrow_as_stated(stated: str, section: str | None) -> None:
    head = f'<title>Old bridge closed</title><meta property="og:site_name" content="Lindmere Post"><meta property="article:section" content="{stated}">'  # noqa: E501
    assert metadata_of(head, "<h1>Old bridge closed</h1>").article_section == section


def test_a_narrower_name_of_a_later_source_beats_news() -> None:
    head = structured(articleSection=["News", "All"]) + '<meta property="article:section" content="Harbour">'
    assert metadata_of(head).article_section == "Harbour"

"""The publisher is called by its name, and never by the page's headline, a section, or the maker of its system."""

from __future__ import annotations

import pytest

from tests.transforms.extract.documents import json_ld, publisher_of, story

TITLE = "Quay closes for three weeks in April"
HEAD = f'<title>{TITLE} | Lindmere Post</title><meta property="og:title" content="{TITLE}">'
NAME = '<meta property="og:site_name" content="{}">'


@pytest.mark.parametrize(
    "name",
    [
        TITLE,
        f"{TITLE}!",
        "Quay closes for three weeks in late April",
        f"{TITLE} | News from the coast",
        "U.S.",
        "Politics",
        "World News",
        "Top Stories",
        "Nachrichten",
        "Последние новости",
        "Blogger",
        "WordPress",
        "Medium",
        "Squarespace",
        "Wix.com",
        "Blogspot",
        "My WordPress Site",
        "Just another WordPress site",
        "https://www.example.org/",
        "/",
        "Harbour",  # the page's own section
        "x" * 500,
    ],
)
def test_what_is_no_publishers_name_gives_way_to_the_next_source(name: str) -> None:
    head = HEAD + '<meta property="article:section" content="Harbour">'
    told = json_ld(publisher={"@type": "Organization", "name": name}, headline=TITLE)
    assert publisher_of(head + told + NAME.format("Lindmere Post")) == "Lindmere Post"
    assert publisher_of(head + NAME.format(name), feed_title="Lindmere Post") == "Lindmere Post"
    assert publisher_of(head + NAME.format(name), story(title=TITLE)) is None


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Lindmere Post", "https://example.org/a"),
        ("The Lindmere Post", "https://lindmerepost.example/a"),
        ("BBC", "https://bbc.example/news/a"),
        ("Sport", "https://sport.example/a"),
        ("Die Welt", "https://welt.example/a"),
        ("World News", "https://worldnews.example/a"),
        ("WordPress", "https://wordpress.example/news"),
        ("Ada's Blog", "https://example.org/a"),
        ("新浪新闻", "https://example.org/a"),
    ],
)
def test_a_name_is_one_though_it_is_a_word_for_something_else_elsewhere(name: str, address: str) -> None:
    assert publisher_of(HEAD + NAME.format(name), final_url=address) == name


def test_a_name_stays_the_sites_where_a_template_puts_it_in_place_of_the_title() -> None:
    head = "<title>Lindmere Post</title>" + NAME.format("Lindmere Post")
    assert publisher_of(head + json_ld(headline=TITLE), story(title=TITLE)) == "Lindmere Post"
    assert publisher_of(
        f"<title>{TITLE} - Lindmere Post</title>{NAME.format('Lindmere Post')}", "<h1>Lindmere Post</h1>"
    ) == ("Lindmere Post")


@pytest.mark.parametrize(
    "stated",
    [f"{TITLE} | Lindmere Post", "Lindmere Post | News, sport and weather from the coast", f"{TITLE} - Lindmere Post"],
)
def test_of_a_title_or_a_motto_the_part_that_fits_the_domain_is_the_name(stated: str) -> None:
    assert publisher_of(HEAD + NAME.format(stated), final_url="https://lindmerepost.example/a") == "Lindmere Post"


def test_hints_for_line_breaks_are_no_part_of_a_name() -> None:
    assert publisher_of(NAME.format("Lind&shy;mere&#8203; Post")) == "Lindmere Post"


@pytest.mark.parametrize(
    "name",
    ["undefined", "{{site_name}}", "<%= site %>", "@lindmerepost", "Website", "Site Title", "localhost", "AMP", " | "],
)
def test_what_a_template_left_is_no_publisher(name: str) -> None:
    escaped = name.replace("<", "&lt;")
    assert publisher_of(f'<meta property="og:site_name" content="{escaped}">') is None


def test_a_publisher_is_named_without_what_a_title_would_add() -> None:
    assert publisher_of('<meta property="og:site_name" content=" Lindmere Post | ">') == "Lindmere Post"
    assert publisher_of('<meta name="DC.publisher" content="Lindmere Post">') == "Lindmere Post"

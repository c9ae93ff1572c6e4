"""Sixty walls of all kinds lose to the feed's text or fail as walls; forty short stories about such things are none."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pipelines.run.build_page import BuildPage
from schemas.failure import Reason
from schemas.page import Page
from tests.rows import NOON_US, page
from tests.transforms.extract.walls import (
    BANNER,
    FERRIES,
    FOOT,
    NAV,
    STORIES,
    TEASED,
    WALLS,
    Story,
    Wall,
    story_page,
    wall_page,
)
from transforms.extract.extract_article import Extracted
from transforms.extract.extract_error import ExtractError
from transforms.extract.kind.notice import weigh

CONTENT = "".join(f"<p>{text}</p>" for text in TEASED)
OTHERS = (
    "A bakery that has sold the same three loaves for a century will offer a fourth from next week on, it says.",
    "Nobody was hurt when a tree fell onto the old school, and the fire brigade had it sawn up within an hour.",
    "The chess club won all its games of the season but the last, which it lost to a team of twelve-year-olds.",
)
PICTURE = "https://example.org/ferry.jpg"


def built(given: Page) -> Extracted:
    return BuildPage().cleaned(given)


def failure_of(given: Page) -> ExtractError:
    with pytest.raises(ExtractError) as caught:
        built(given)
    return caught.value


def named(case: Wall | Story) -> str:
    return f"{case[0]}: {case.title}"


@pytest.mark.parametrize("wall", WALLS, ids=named)
def test_a_notice_in_place_of_an_article_loses_to_the_feeds_text_and_fails_without_it(wall: Wall) -> None:
    article = built(wall_page(wall, entry_content_html=CONTENT)).article
    assert (article.article_body.split("\n"), article.body_source) == (list(TEASED), "feed")
    assert article.headline == wall.entry_title
    failure = failure_of(wall_page(wall))
    assert failure.reason is Reason.WALL
    assert failure.message.startswith("a wall in place of the article, and no text in the feed: ")


@pytest.mark.parametrize("story", STORIES, ids=named)
def test_a_short_story_about_walls_is_the_pages_own_article(story: Story) -> None:
    for content in (None, CONTENT):
        assert built(story_page(story, entry_content_html=content)).article.body_source == "page"


@pytest.mark.parametrize("story", [story for story in STORIES if story.stated != "nothing"], ids=named)
def test_a_short_story_with_a_notice_of_consent_above_it_is_no_wall(story: Story) -> None:
    for content in (None, CONTENT):
        assert built(story_page(story, BANNER, entry_content_html=content)).article.body_source == "page"


def test_a_failure_says_what_stood_there_instead() -> None:
    walls = {wall.title: wall for wall in WALLS}
    assert failure_of(wall_page(walls["429 Too Many Requests"])).message.endswith(": 429 Too Many Requests")
    assert failure_of(wall_page(walls["Age check"])).message.endswith(": Age check")


def test_a_teaser_above_a_limit_of_free_articles_is_an_article_that_is_not_free() -> None:
    data = {"@type": "NewsArticle", "headline": FERRIES, "isAccessibleForFree": False}
    notice = "<div class=paywall><h2>You have reached your limit of free articles</h2><p>Subscribe to go on.</p></div>"
    html = (
        f"<html><head><title>{FERRIES}</title><script type='application/ld+json'>{json.dumps(data)}</script></head>"
        f"<body>{NAV}<main><h1>{FERRIES}</h1>{CONTENT}{notice}</main>{FOOT}</body></html>"
    )
    article = built(page(body=html.encode(), entry_title=FERRIES)).article
    assert article.article_body.startswith(TEASED[0])
    assert article.is_accessible_for_free is False


def test_an_article_behind_a_limit_that_its_page_states_is_not_free_either() -> None:
    data = {"@type": "NewsArticle", "headline": FERRIES, "isAccessibleForFree": False}
    head = f"<script type='application/ld+json'>{json.dumps(data)}</script>"
    limit = Wall("limit", FERRIES, FERRIES, "<p>You have reached your limit of free articles this month.</p>", head)
    article = built(wall_page(limit, entry_content_html=CONTENT)).article
    assert (article.body_source, article.is_accessible_for_free) == ("feed", False)


LATEST = "".join(f"<article><h2><a href=/{n}>{text}</a></h2><p>{text}</p></article>" for n, text in enumerate(OTHERS))


@pytest.mark.parametrize("asked", ["https://example.org/2026/03/two-ferries-less", "https://example.org/?p=4711"])
def test_an_article_whose_address_leads_to_the_front_page_is_gone(asked: str) -> None:
    html = f"<html><head><title>Harbour Post</title></head><body>{NAV}<main>{LATEST}</main>{FOOT}</body></html>"
    given = page(body=html.encode(), url=asked, final_url="https://example.org/", entry_title=FERRIES)
    assert failure_of(given).reason is Reason.WALL
    article = built(replace(given, entry_content_html=CONTENT)).article
    assert (article.body_source, article.headline, article.canonical_url) == ("feed", FERRIES, asked)


@pytest.mark.parametrize(
    "asked", ["https://links.example.net/x7", "https://example.org/", "https://example.org/?p=4711"]
)
def test_an_article_that_a_front_page_tells_is_none_the_less_one(asked: str) -> None:
    html = f"<html><head><title>Harbour Post</title></head><body>{NAV}<main>{CONTENT}</main>{FOOT}</body></html>"
    given = page(body=html.encode(), url=asked, final_url="https://example.org/", entry_title="Ferry company")
    assert built(given).article.body_source == "page"


@pytest.mark.parametrize(
    "text",
    [
        "It looks as if scripts are disabled in your browser. Switch JavaScript on and load the page anew.",
        "Together with 87 vendors we would like to read and write information on your telephone.",
        "The story behind this page shows violence. Tell us that you are an adult to go on.",
    ],
)
def test_a_notice_in_words_that_nobody_listed_loses_to_the_feeds_text_too(text: str) -> None:
    given = wall_page(Wall("any", "Harbour Post", FERRIES, f"<p>{text}</p>"), entry_content_html=CONTENT)
    assert (built(given).article.body_source, built(given).article.headline) == ("feed", FERRIES)


SITE = (
    "<meta property=og:title content='Harbour Post'><meta property=og:site_name content='Harbour Post'>"
    "<meta property=og:image content=/logo.png><meta name=description content='News of the harbour since 1870'>"
    "<meta name=author content='Harbour Post Web Team'><meta name=robots content=noai>"
)
SHELLS = (
    "<div id=root></div><script src=/app.js></script>",
    "<div id=app>Loading…</div>",
    f"{NAV}<div id=__next><p>The Harbour Post brings you the news of the islands, every day.</p></div>{FOOT}",
    "<div id=root></div><p>Monday, 4 May 2020. All rights reserved by the Harbour Post, Quay Street 1.</p>",
)  # fmt: skip


@pytest.mark.parametrize("title", ["Harbour Post", "Harbour Post - News of the harbour", "Loading…", ""])
@pytest.mark.parametrize("body", SHELLS)
def test_headline_and_facts_of_an_article_behind_a_shell_are_the_feeds(body: str, title: str) -> None:
    html = f"<html lang=en><head><title>{title}</title>{SITE}</head><body>{body}</body></html>"
    article = built(
        page(
            body=html.encode(),
            entry_title=FERRIES,
            entry_content_html=CONTENT,
            entry_authors=("Ada Lindqvist",),
            entry_published_us=NOON_US,
            entry_image_url=PICTURE,
            feed_title="Harbour Post",
        )
    ).article
    assert (article.headline, article.body_source) == (FERRIES, "feed")
    assert (article.authors, article.date_published_us) == (("Ada Lindqvist",), NOON_US)
    assert (article.image_url, article.description) == (PICTURE, None)
    assert (article.publisher_name, article.usage_directives) == ("Harbour Post", ("noai",))


@pytest.mark.parametrize("body", SHELLS)
def test_a_shell_without_a_text_in_the_feed_is_no_article(body: str) -> None:
    html = f"<html lang=en><head><title>Harbour Post</title>{SITE}</head><body>{body}</body></html>"
    assert failure_of(page(body=html.encode(), entry_title=FERRIES)).reason in (Reason.NO_ARTICLE, Reason.WALL)


def test_a_brief_beside_an_empty_element_is_an_article() -> None:
    html = f"<html><head><title>Quay</title></head><body><p>{TEASED[0]}</p><div id=root></div></body></html>"
    assert built(page(body=html.encode(), entry_title="Ferry company gives up boats")).article.body_source == "page"


def test_a_page_without_a_text_that_states_the_headline_keeps_its_own_facts() -> None:
    head = "<meta property=og:image content=https://example.org/own.jpg><meta name=description content='Fewer boats.'>"
    html = f"<html><head><title>{FERRIES} | Harbour Post</title>{head}</head><body><div id=root></div></body></html>"
    article = built(page(body=html.encode(), entry_title=FERRIES, entry_content_html=CONTENT)).article
    assert (article.image_url, article.description) == ("https://example.org/own.jpg", "Fewer boats.")


def test_a_short_page_with_more_to_say_than_the_feed_keeps_its_text() -> None:
    html = "<html><head><title>Quay</title></head><body><p>Nobody was hurt when a tree fell onto the school.</p></body>"
    given = page(body=html.encode(), entry_title=FERRIES, entry_content_html="<p>Read more on our site today.</p>")
    assert built(given).article.body_source == "page"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The shop was temporarily unavailable on Monday, its owner said.", "own"),
        ("This page is temporarily unavailable.", "talk"),
        ("Please come back when the site is no longer under maintenance.", "talk"),
        ("'Please enable JavaScript to go on,' was all that the visitors saw.", "own"),
        ("Our reporters depend on readers like you.", "near"),
        ("Sie haben am Montag den Hafen verlassen.", "own"),
        ("Unsere Redaktion braucht Ihre Hilfe beim Lesen.", "near"),
    ],
)
def test_a_sentence_is_weighed_by_whom_it_speaks_to(text: str, kind: str) -> None:
    weight = weigh(text, frozenset({"en" if text.isascii() and not text.startswith(("Sie", "Unsere")) else "de"}))
    assert {name for name in ("talk", "near", "own") if getattr(weight, name)} == {kind}


def test_words_that_address_a_reader_in_another_language_do_not_count() -> None:
    assert weigh("Je m'en vais, dit le maire du village.", frozenset({"fr"})).near == 0.0
    assert weigh("Loď je u mola a čeká na cestující.", frozenset({"cs"})).near == 0.0

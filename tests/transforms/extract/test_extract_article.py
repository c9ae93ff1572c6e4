"""A page becomes an article: its text, and each value from the best source that states it."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.failure import Reason
from schemas.page import Header, Page
from tests.rows import NOON_US, page
from transforms.extract.dates.dates import url_date
from transforms.extract.extract_article import extract_article
from transforms.extract.extract_error import ExtractError

PARAGRAPHS = (
    "The harbour of Lindmere will close for three weeks in April, the port authority said on Monday, because the "
    "northern quay has to be raised by half a metre before the spring floods arrive.",
    "Ferries to the outer islands will leave from the fishing dock instead, and the authority asked travellers to "
    "arrive half an hour early, as the dock has room for only two buses at a time.",
    "Shop owners along the quay said they had learned of the closure from a notice on a lamp post, and they asked the "
    "council to pay for the custom they expect to lose over the Easter holidays.",
)


def html(head: str = "", body: str = "", paragraphs: tuple[str, ...] = PARAGRAPHS, attributes: str = "") -> bytes:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<!doctype html><html {attributes}><head><meta charset='utf-8'>{head}</head>"
        f"<body><nav><a href='/'>Home</a></nav><article>{body}{text}</article></body></html>"
    ).encode()


def json_ld(**values: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **values})}</script>'


def extracted(given: Page) -> Any:
    return extract_article(given).article


def us(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1_000_000)


def test_the_text_is_the_paragraphs_one_a_line_without_the_navigation() -> None:
    article = extracted(page(body=html()))
    assert article.article_body.split("\n") == list(PARAGRAPHS)
    assert article.body_source == "page"


def test_structured_data_comes_before_meta_elements_and_those_before_the_feed() -> None:
    full = page(
        body=html(
            json_ld(headline="From JSON-LD", datePublished="2026-03-01T10:00:00+01:00", author={"name": "Ada Lind"})
            + '<meta property="og:title" content="From meta">'
            + '<meta property="article:published_time" content="2026-02-28">'
            + '<meta name="author" content="By Bo Meta">'
        ),
        entry_title="From the feed",
        entry_authors=("Cy Feed",),
        entry_published_us=us("2026-02-27T00:00:00+00:00"),
    )
    article = extracted(full)
    assert (article.headline, article.authors) == ("From JSON-LD", ("Ada Lind",))
    assert article.date_published_us == us("2026-03-01T09:00:00+00:00")
    assert (article.date_published_source, article.date_precision) == ("json_ld", "second")

    only_feed = extracted(
        page(body=html(), entry_title="From the feed", entry_authors=("Cy Feed",), entry_published_us=NOON_US - 1)
    )
    assert (only_feed.headline, only_feed.authors) == ("From the feed", ("Cy Feed",))
    assert (only_feed.date_published_us, only_feed.date_published_source) == (NOON_US - 1, "feed")


def test_nothing_is_invented_where_the_page_and_the_feed_say_nothing() -> None:
    article = extracted(page(body=html()))
    assert article.authors == ()
    assert article.date_published_us is None
    assert article.date_published_source is None
    assert article.is_accessible_for_free is None
    assert article.license is None


def test_an_organization_is_no_author_and_by_is_no_part_of_a_name() -> None:
    authors = [
        {"@type": "Organization", "name": "Lindmere Post"},
        {"@type": "Person", "name": "By Ada Lind and Bo Berg"},
    ]
    assert extracted(page(body=html(json_ld(author=authors)))).authors == ("Ada Lind", "Bo Berg")


def test_the_sites_name_is_no_part_of_the_headline() -> None:
    head = (
        '<title>Quay closes - for weeks | Lindmere Post</title><meta property="og:site_name" content="Lindmere Post">'
    )
    article = extracted(page(body=html(head)))
    assert article.headline == "Quay closes - for weeks"
    assert article.publisher_name == "Lindmere Post"


def test_a_desk_is_no_author() -> None:
    for desk in ("Courier staff", "Redaktion", "Equipo El Correo", "https://example.org/ada", "desk@example.org"):
        assert extracted(page(body=html(f'<meta name="author" content="{desk}">'))).authors == (), desk


def test_the_sites_name_before_the_headline_goes_too() -> None:
    head = (
        '<title>Lindmere Post: Quay closes: three weeks</title><meta property="og:site_name" content="Lindmere Post">'
    )
    assert extracted(page(body=html(head))).headline == "Quay closes: three weeks"


def test_a_date_printed_under_the_headline_is_the_last_resort_and_a_year_in_the_text_is_none() -> None:
    printed = "<h1>Quay closes</h1><p><small>Sunday, March 1, 2026</small></p>"
    article = extracted(page(body=html(body=printed)))
    assert (article.date_published_us, article.date_published_source) == (us("2026-03-01T00:00:00+00:00"), "text")
    assert article.date_precision == "day"
    mentioned = tuple(text.replace("April", "April 2024") for text in PARAGRAPHS)
    assert extracted(page(body=html(paragraphs=mentioned))).date_published_us is None


@pytest.mark.parametrize(
    ("canonical", "expected"),
    [
        ("/news/quay", "https://www.example.org/news/quay"),
        ("https://amp.example.org/quay", "https://amp.example.org/quay"),
        ("https://other.example.net/quay", "https://www.example.org/a/quay"),
        ("https://www.example.org/", "https://www.example.org/a/quay"),
        ("http://[", "https://www.example.org/a/quay"),
    ],
)
def test_a_canonical_url_counts_only_for_the_same_publisher_and_never_for_its_front_page(canonical, expected) -> None:
    head = f'<link rel="canonical" href="{canonical}">'
    article = extracted(page(body=html(head), final_url="https://www.example.org/a/quay?utm_source=feed"))
    assert article.canonical_url == expected
    assert article.publisher_domain == "example.org"


def test_rights_are_kept_as_stated() -> None:
    head = json_ld(isAccessibleForFree="False", license="https://example.org/licence")
    head += '<meta name="robots" content="index, noai, max-image-preview:large">'
    headers = (Header("x-robots-tag", "noarchive"), Header("tdm-reservation", "1"))
    article = extracted(page(body=html(head), headers=headers))
    assert article.is_accessible_for_free is False
    assert article.license == "https://example.org/licence"
    assert article.usage_directives == ("noai", "noarchive", "tdm-reservation=1")


def test_the_feeds_full_content_stands_in_for_a_page_without_a_text() -> None:
    content = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    article = extracted(page(body=b"<html><body><div id='app'></div></body></html>", entry_content_html=content))
    assert article.article_body.split("\n") == list(PARAGRAPHS)
    assert article.body_source == "feed"


def test_with_the_feeds_text_goes_the_feeds_headline_and_not_that_of_the_shell() -> None:
    content = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    shell = b"<html><head><title>Loading</title></head><body><h1>Loading</h1><div id='app'></div></body></html>"
    assert extracted(page(body=shell, entry_content_html=content, entry_title="Quay closes")).headline == "Quay closes"
    assert extracted(page(body=shell, entry_content_html=content)).headline == "Loading"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Reason.EMPTY_BODY),
        (b" \n ", Reason.EMPTY_BODY),
        (b"<html><body></body></html>", Reason.NO_ARTICLE),
        (b"\x00\xff\x00", Reason.NO_ARTICLE),
    ],
)
def test_a_page_without_an_article_says_why(body: bytes, reason: Reason) -> None:
    with pytest.raises(ExtractError) as caught:
        extracted(page(body=body))
    assert caught.value.reason is reason
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.reason, again.message) == (reason, caught.value.message)


def test_malformed_json_ld_is_no_obstacle() -> None:
    head = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": </script>'
    deep = f'<script type="application/ld+json">{"[" * 100_000}</script>'
    assert extracted(page(body=html(head + deep + "<title>Quay closes</title>"))).headline == "Quay closes"


def test_a_legacy_charset_is_read_as_the_header_says() -> None:
    body = html(paragraphs=("Köln: " + PARAGRAPHS[0], PARAGRAPHS[1])).decode().replace("utf-8", "x").encode("latin-1")
    assert extracted(page(body=body, charset="iso-8859-1")).article_body.startswith("Köln: ")


def test_an_address_with_a_day_in_it_is_a_date() -> None:
    found = url_date("https://example.org/2026/03/01/quay")
    assert found is not None
    assert datetime.fromtimestamp(found.us / 1e6, UTC).date().isoformat() == "2026-03-01"
    assert url_date("https://example.org/2026/02/30/quay") is None
    assert url_date("https://example.org/story-20260301") == found
    assert url_date("https://example.org/story-20264901") is None

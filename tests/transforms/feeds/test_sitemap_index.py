"""Sitemaps as polled: an index is followed within bounds, and only news is news."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest
from multidict import CIMultiDict

from schemas.failure import Reason
from schemas.feed import FeedSpec
from schemas.run import iso
from transforms.feeds.parsing.parse_feed import parse_feed
from transforms.feeds.parsing.parsed import FeedError, ParsedFeed
from transforms.feeds.parsing.sitemap_index import MAX_SITEMAPS, follow_sitemaps, sitemaps_to_read
from transforms.web.errors import Deferred, FetchError
from transforms.web.http.response import Response

NOW_US = 1_772_442_000_000_000
HOUR_US = 3_600_000_000
SITE = "https://paper.example"


def news(*items: tuple[str, int | None]) -> bytes:
    rows = "".join(
        f"<url><loc>{SITE}/{name}</loc><n:news><n:title>{name}</n:title>"
        + (f"<n:publication_date>{iso(NOW_US - hours * HOUR_US)}</n:publication_date>" if hours is not None else "")
        + "</n:news></url>"
        for name, hours in items
    )
    return f'<urlset xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">{rows}</urlset>'.encode()


def index(*links: tuple[str, int | None]) -> bytes:
    rows = "".join(
        f"<sitemap><loc>{url}</loc>"
        + (f"<lastmod>{iso(NOW_US - hours * HOUR_US)}</lastmod>" if hours is not None else "")
        + "</sitemap>"
        for url, hours in links
    )
    return f"<sitemapindex>{rows}</sitemapindex>".encode()


@dataclass
class WrittenClient:
    answers: dict[str, bytes | Exception]
    asked: list[str] = field(default_factory=list)

    async def fetch(self, url: str, headers: Iterable[tuple[str, str]] = ()) -> Response:
        self.asked.append(url.removeprefix(SITE))
        answer = self.answers.get(url.removeprefix(SITE))
        if isinstance(answer, Exception):
            raise answer
        status = 404 if answer is None else 200
        return Response(url, url, (), status, CIMultiDict(), answer or b"", elapsed_ms=1, received_at_us=NOW_US)


async def parse(body: bytes, content_type: str | None, base_url: str, spec: FeedSpec) -> ParsedFeed:
    return parse_feed(body, content_type, base_url, spec)


def follow(body: bytes, **answers: bytes | Exception) -> tuple[ParsedFeed, list[str]]:
    client = WrittenClient({f"/{name}.xml": answer for name, answer in answers.items()})
    parsed = parse_feed(body, None, f"{SITE}/sitemap.xml")
    return asyncio.run(follow_sitemaps(parsed, FeedSpec(f"{SITE}/sitemap.xml"), client, parse, NOW_US)), client.asked


def links(parsed: ParsedFeed) -> list[str]:
    return [(entry.link or "").removeprefix(f"{SITE}/") for entry in parsed.entries]


def test_an_index_gives_the_items_of_its_sitemaps_each_once_newest_sitemap_first():
    parsed, asked = follow(
        index((f"{SITE}/a.xml", 5), ("/b.xml", 1)),
        a=news(("one", 2), ("two", 3)),
        b=gzip.compress(news(("two", 3), ("three", 1))),
    )
    assert asked == ["/b.xml", "/a.xml"]
    assert (parsed.format, links(parsed)) == ("sitemapindex", ["two", "three", "one"])


def test_only_the_news_of_two_days_is_read_from_a_sitemap():
    parsed, _ = follow(news(("new", 47), ("old", 49), ("undated", None)))
    assert links(parsed) == ["new", "undated"]


def test_an_old_article_that_was_changed_now_is_news():
    changed = news(("old", 400)).replace(b"<n:news>", f"<lastmod>{iso(NOW_US)}</lastmod><n:news>".encode())
    assert links(follow(changed)[0]) == ["old"]


def test_feeds_are_left_as_they_are():
    feed = b"<rss version='2.0'><channel><item><link>/x</link><pubDate>Mon, 01 Jan 2001 00:00:00 GMT</pubDate></item>"
    assert links(follow(feed + b"</channel></rss>")[0]) == ["/x"]


def test_sitemaps_that_have_not_changed_for_days_are_not_asked_for():
    _, asked = follow(index(("/old.xml", 24 * 30), ("/a.xml", 30)), a=news(("one", 2)))
    assert asked == ["/a.xml"]


def test_among_sitemaps_without_a_date_those_called_news_are_enough():
    body = index(("/archive-1.xml", None), ("/google-news.xml", None), ("/archive-2.xml", None))
    assert sitemaps_to_read(parse_feed(body, None, f"{SITE}/s.xml"), NOW_US) == [f"{SITE}/google-news.xml"]


def test_an_index_of_thousands_costs_eight_requests():
    body = index(*((f"/{number}.xml", None) for number in range(5_000)))
    chosen = sitemaps_to_read(parse_feed(body, None, f"{SITE}/s.xml"), NOW_US)
    assert chosen == [f"{SITE}/{number}.xml" for number in range(MAX_SITEMAPS)]
    assert MAX_SITEMAPS == 8


def test_addresses_that_nobody_may_fetch_are_not_asked_for():
    body = index(("ftp://paper.example/a.xml", 1), ("http://user:word@paper.example/b.xml", 1), ("/c.xml", 1))
    assert sitemaps_to_read(parse_feed(body, None, f"{SITE}/s.xml"), NOW_US) == [f"{SITE}/c.xml"]


def test_an_index_below_an_index_is_not_followed():
    parsed, asked = follow(index(("/a.xml", 1), ("/b.xml", 1)), a=index(("/c.xml", 1)), b=news(("one", 1)))
    assert (asked, links(parsed)) == (["/a.xml", "/b.xml"], ["one"])


def test_a_sitemap_that_fails_costs_its_own_items_only():
    parsed, _ = follow(
        index(("/a.xml", 1), ("/b.xml", 2), ("/c.xml", 3)),
        a=FetchError(Reason.TIMEOUT, "no answer"),
        c=news(("one", 1)),
    )
    assert links(parsed) == ["one"]


def test_an_index_of_which_nothing_could_be_read_fails_with_the_first_reason():
    with pytest.raises(FeedError, match=r"/a\.xml: the server answered 404") as error:
        follow(index(("/a.xml", 1), ("/b.xml", 2)))
    assert error.value.reason is Reason.NOT_FOUND


def test_an_index_for_which_there_was_no_time_is_deferred():
    with pytest.raises(Deferred):
        follow(index(("/a.xml", 1)), a=Deferred("the run's time is over"))


def test_an_index_without_anything_new_is_a_feed_without_entries():
    parsed, asked = follow(index(("/old.xml", 1000)))
    assert (parsed.entries, asked) == ((), [])

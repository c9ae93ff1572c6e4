"""Hostile bodies on their whole way: from a server, through the polite client, to the process that can be killed."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing

import pytest

from pipelines.run.build_page import build_pages
from schemas.draft import Draft
from schemas.failure import Reason
from schemas.feed import FeedSpec
from schemas.page import Page
from tests.transforms.pages.entries import entry
from tests.transforms.pages.hostile import MIB, Peak, hostile_cases
from tests.web_server import Answer, WebServer
from transforms.common.clock import Clock
from transforms.extract.extract_error import ExtractError
from transforms.feeds.parsing.entries import entries_of
from transforms.feeds.parsing.parse_feed import parse_feed
from transforms.feeds.parsing.parsed import FeedError
from transforms.pages.entry_end import EntryFailure, FetchResult
from transforms.pages.fetch_entries import fetch_entries
from transforms.sandbox import Sandbox, SandboxError, SandboxPool
from transforms.web.errors import FetchError
from transforms.web.http.guard import AddressGuard
from transforms.web.http.response import Response
from transforms.web.politeness.polite import open_polite_client
from transforms.web.settings import HttpSettings

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hostile_cases("body"), reason="the shared set of bad inputs is not here"),
]

NOW_US = 1_795_000_000_000_000
SETTINGS = HttpSettings(contact="desk@newsbeam.example", host_delay_s=0.0, answer_share=0.0)
LOOPBACK = AddressGuard(("127.0.0.0/8",))

BODY_FAILURES = {
    "body_gzip_bomb": Reason.TOO_LARGE,
    "body_gzip_twice": Reason.TOO_LARGE,
    "body_gzip_members": Reason.TOO_LARGE,
    "body_deflate_bomb": Reason.TOO_LARGE,
    "body_brotli_bomb": Reason.TOO_LARGE,
    "body_zstd_bomb": Reason.TOO_LARGE,
    "body_zstd_window": Reason.BAD_ENCODING,
    "body_gzip_truncated": Reason.TRUNCATED,
    "body_gzip_bad_crc": Reason.BAD_ENCODING,
    "body_unknown_coding": Reason.BAD_ENCODING,
}
FEED_FAILURES = {
    "feed_doctype_unclosed": {Reason.NOT_A_FEED},
    "feed_many_attributes": {Reason.TIMEOUT},
    "feed_100k_items": {Reason.TIMEOUT, Reason.TOO_LARGE},
    "feed_empty": {Reason.EMPTY_BODY},
    "feed_whitespace": {Reason.EMPTY_BODY},
    "feed_html_page": {Reason.NOT_A_FEED},
    "feed_random": {Reason.NOT_A_FEED},
    "feed_json_deep": {Reason.BAD_FEED},
    "feed_deep_100k": {Reason.TIMEOUT},
    "feed_unclosed_elements": {Reason.TIMEOUT},
}
PAGE_FAILURES = {
    "page_50mb_paragraphs": Reason.TOO_LARGE,
    "page_50mb_text": Reason.TOO_LARGE,
    "page_script_unclosed": Reason.NO_ARTICLE,
    "page_random": Reason.NO_ARTICLE,
    "page_pdf": Reason.NOT_HTML,
    "page_links_200k": Reason.NO_ARTICLE,
    "page_links_one_p": Reason.NO_ARTICLE,
    "page_br_500k": Reason.NO_ARTICLE,
    "page_headings": Reason.NO_ARTICLE,
}
"""All that fail: what is larger than a body may be, what is no page, and pages of links, labels or a script only."""


async def fetch_page(url: str) -> FetchResult:
    async with (
        open_polite_client(SETTINGS, LOOPBACK, Clock()) as client,
        aclosing(fetch_entries([entry(url)], client, Clock(), "run-1")) as results,
    ):
        return await anext(results)


async def fetch_feed(url: str) -> Response:
    async with open_polite_client(SETTINGS, LOOPBACK, Clock()) as client:
        return await client.fetch(url)


def built(pool: SandboxPool, page: Page) -> Draft:
    build = build_pages()
    return build.finish(pool, page, build.start(pool, page))


@pytest.mark.timeout(300)
def test_every_hostile_body_ends_with_its_reason_quickly_and_in_little_memory(web: WebServer) -> None:
    failures: dict[str, Reason] = {}
    pool = Sandbox(workers=1, cpu_limit_s=10.0).open()
    try:
        for name, (make, facts) in hostile_cases("body").items():
            try:
                body = make()
            except ImportError:  # a coding whose library is not installed
                failures[name] = BODY_FAILURES[name]
                continue
            web.on(f"/{name}", Answer(200, body, {"Content-Encoding": facts["encoding"]}))
            peak, started_s = Peak(), time.monotonic()
            result = asyncio.run(fetch_page(web.url(f"/{name}")))
            assert time.monotonic() - started_s < 10, name
            assert peak.growth_bytes < 160 * MIB, name
            if isinstance(result, EntryFailure):
                failures[name] = result.error.reason
            else:
                assert isinstance(result, Page)
                article = built(pool, result).article
                assert facts.get("must_contain", "River rises") in repr(article), name
    finally:
        pool.close()
    assert failures == BODY_FAILURES


@pytest.mark.timeout(300)
def test_every_hostile_feed_is_read_or_fails_with_a_fitting_reason(web: WebServer) -> None:
    failures: dict[str, Reason] = {}
    lost, leaked = [], []
    pool = Sandbox(workers=1, cpu_limit_s=3.0).open()
    try:
        for name, (make, facts) in hostile_cases("feed").items():
            url = web.url(f"/{name}")
            web.on(f"/{name}", Answer(200, make(), {"Content-Type": facts.get("content_type", "application/xml")}))
            peak, started_s, read = Peak(), time.monotonic(), ""
            try:
                response = asyncio.run(fetch_feed(url))
                content_type = response.headers.get("content-type")
                parsed = pool.submit(parse_feed, response.body, content_type, response.final_url).result()
                read = repr((parsed, entries_of(parsed, FeedSpec(url), NOW_US)))
            except (FetchError, FeedError, SandboxError) as error:
                failures[name] = error.reason
            assert time.monotonic() - started_s < 20, name
            assert peak.growth_bytes < 512 * MIB, name
            if facts.get("must_contain", "") not in read:
                lost.append(name)
            if "must_not_contain" in facts and facts["must_not_contain"] in read:
                leaked.append(name)
    finally:
        pool.close()
    unfitting = {name: reason for name, reason in failures.items() if reason not in FEED_FAILURES.get(name, ())}
    assert (unfitting, lost, leaked) == ({}, [], [])


@pytest.mark.timeout(400)
def test_every_hostile_page_is_recovered_or_fails_with_a_fitting_reason_within_seconds(web: WebServer) -> None:
    failures: dict[str, Reason] = {}
    lost, leaked = [], []
    pool = Sandbox(workers=1).open()
    try:
        for name, (make, facts) in hostile_cases("page").items():
            web.on(f"/{name}", Answer(200, make(), {"Content-Type": facts.get("content_type", "text/html")}))
            peak, started_s, read = Peak(), time.monotonic(), ""
            try:
                result = asyncio.run(fetch_page(web.url(f"/{name}")))
                if isinstance(result, EntryFailure):
                    raise result.error
                assert isinstance(result, Page)
                article = built(pool, result).article
                read = f"{article.headline}\n{article.article_body}\n{article.description}"
            except (FetchError, ExtractError, SandboxError) as error:
                failures[name] = error.reason
            assert time.monotonic() - started_s < 20, name
            assert peak.growth_bytes < 512 * MIB, name
            if facts.get("must_contain", "") not in read:
                lost.append(name)
            if "must_not_contain" in facts and facts["must_not_contain"] in read:
                leaked.append(name)
    finally:
        pool.close()
    assert (failures, lost, leaked) == (PAGE_FAILURES, [], [])

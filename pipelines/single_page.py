"""Makes a Page of bytes that no run has fetched."""

from __future__ import annotations

from collections.abc import Mapping

from multidict import CIMultiDict

from schemas.feed import FeedEntry
from schemas.page import Page
from transforms.pages.make_page import check_page, page_from
from transforms.web.http.response import Response
from transforms.web.urls import url_key


def single_page(body: bytes, url: str, headers: Mapping[str, str], fetched_at_us: int, run_id: str) -> Page:
    """The page of `url` with this body, as if a server had answered so. Its feed says nothing of it.

    Raises FetchError if the bytes are no HTML page, and BadUrl.
    """
    response = Response(url, url, (), 200, CIMultiDict(headers), body, elapsed_ms=0, received_at_us=fetched_at_us)
    check_page(response)
    return page_from(entry_of(url), response, fetched_at_us, run_id)


def entry_of(url: str) -> FeedEntry:
    """A feed entry that says nothing but the address. Raises BadUrl."""
    return FeedEntry(feed_url="", entry_id=url, url=url, url_key=url_key(url))

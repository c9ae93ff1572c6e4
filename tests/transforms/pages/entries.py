"""Feed entries for the tests of this room."""

from __future__ import annotations

from schemas.feed import FeedEntry
from transforms.web.urls import BadUrl, url_key


def entry(url: str, **facts: object) -> FeedEntry:
    try:
        key = url_key(url)
    except BadUrl:
        key = "0" * 32
    return FeedEntry("https://news.example/feed", url, url, key, **facts)  # type: ignore[arg-type]

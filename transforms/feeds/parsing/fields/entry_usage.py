"""What a feed states of the use of its entries, by Really Simple Licensing (RSL 1.0, 4.7)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from transforms.web.usage.rsl import RSL_TYPE, content_terms, covers
from transforms.web.usage.statements import StatementSource, license_link

_MAX_LINKS: Final = 5
_MAX_CONTENTS: Final = 50
_MAX_STATEMENTS: Final = 50


class FeedUsage:
    """The statements of feedparser's `feed` for its entries."""

    def __init__(self, feed: Any) -> None:
        self._links = tuple(_links(feed))
        self._terms = [(content, content_terms((content,))) for content in _contents(feed)]

    def of(self, entry: Any, url: str) -> tuple[str, ...]:
        """The statements for an entry, sorted, as of `StatementSource.FEED`.

        The entry's own links and terms count, else those of the feed, of which only the terms that speak of `url`, the
        entry's page.
        """
        found = {*_links(entry), *content_terms(_contents(entry))}
        if not found:
            found.update(self._links, *(terms for content, terms in self._terms if terms and covers(content, url)))
        return StatementSource.FEED.says(found)[:_MAX_STATEMENTS]


def _contents(node: Any) -> list[Any]:
    """The `content` elements that `transforms.feeds.parsing.feed_reader` has kept."""
    return list(islice(_items(node, "rsl_contents"), _MAX_CONTENTS))


def _links(node: Any) -> Iterator[str]:
    links = (link for link in _items(node, "links") if isinstance(link, dict))
    ours = (one for one in links if dict.get(one, "rel") == "license" and dict.get(one, "type") == RSL_TYPE)
    hrefs = (str(dict.get(one, "href") or "").strip() for one in islice(ours, _MAX_LINKS))
    return filter(None, map(license_link, hrefs))


def _items(node: Any, key: str) -> list[Any]:
    value = dict.get(node, key) if isinstance(node, dict) else None
    return value if isinstance(value, list) else []

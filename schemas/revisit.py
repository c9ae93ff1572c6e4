"""The `revisits` table: articles whose pages are asked for again, until they are too old; and what travels of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from schemas.columns import InstantUs
from schemas.feed import FeedEntry
from schemas.table import Table


@dataclass(frozen=True, slots=True)
class Revisit:
    """An article whose page is asked for again. Of an article's rows that with the latest `asked_at` counts."""

    article_id: str
    """The article, as in `articles`."""
    url_key: str
    """The key of the entry that led to it, as in `pages`."""
    publisher_domain: str
    """Its publisher, as in `articles`: each gets its share of a run's revisits."""
    first_seen_at_us: InstantUs
    """When its page was fetched first: from then on the intervals count."""
    fetched_at_us: InstantUs
    """The fetch of its stored page that says what the feed said of it, and with which validators it came."""
    until_at_us: InstantUs
    """From then on it is not asked for again, and the row can go."""
    asked_at_us: InstantUs | None = None
    """The last revisit; null before the first."""
    validator_url: str | None = None
    """The address that sent `etag` and `last_modified` at the last revisit; null where those of the page count."""
    etag: str | None = None
    """ETag of that answer, as latin-1 text."""
    last_modified: str | None = None
    """Last-Modified of that answer, likewise."""


REVISITS = Table(name="revisits", version=1, row=Revisit, sort_by=("article_id",))


@dataclass(frozen=True, slots=True)
class DueRevisit:
    """A revisit to be made: the address to ask, with validators where there are any, and what was known before.

    `entry` is what the feed said of the article; `printed` is the hash of the words that its page printed last;
    `is_withdrawn` says that it was found withdrawn since.
    """

    row: Revisit
    entry: FeedEntry
    url: str
    validator_url: str | None
    etag: str | None
    last_modified: str | None
    printed: str
    is_withdrawn: bool


class Withdrawal(NamedTuple):
    """An article that was found withdrawn, and when."""

    article_id: str
    at_us: int

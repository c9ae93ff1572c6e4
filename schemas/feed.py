"""Feeds, their entries, the polls of a feed, and what is remembered between polls."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from schemas.table import INSTANT, TEXTS, Table, day_of


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """A feed to poll, as the user's feed list names it. `folders` are the names of its folders, outermost first."""

    url: str
    title: str | None = None
    language: str | None = None
    country: str | None = None
    folders: tuple[str, ...] = ()


class Origin(StrEnum):
    """Where a run has an entry from."""

    LISTED = "listed"
    PENDING = "pending"


class PollOutcome(StrEnum):
    """How the poll of a feed ended. OFFLINE: our own network was down; of the last three, nothing was asked or not
    all."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    FAILED = "failed"
    OFFLINE = "offline"
    NOT_DUE = "not_due"
    RETIRED = "retired"
    DEFERRED = "deferred"


SAID = (
    "title", "summary", "content_html", "authors", "keywords", "language", "image_url", "published_us", "updated_us",
)  # fmt: skip
"""What a feed says of an entry: the attributes that a raw entry, a `FeedEntry` and, with ``entry_``, a `Page` share."""

ANSWERED = frozenset({PollOutcome.OK, PollOutcome.NOT_MODIFIED})
"""Outcomes of polls that read the feed, or heard that it is as it was."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of a feed, which names a page at `url`.

    `entry_id` is the feed's own id, else the link. `url_key` is the hex blake2b-128 of the normalised `url` and
    identifies the entry across feeds. `attempts` counts the fetches that failed so far for a passing reason.
    `origin` is `listed` for an entry from a poll in this run, and `pending` for one that earlier runs left over; the
    first of these runs left it at `waiting_since_us`.
    """

    feed_url: str
    entry_id: str
    url: str
    url_key: str
    feed_title: str | None = None
    title: str | None = None
    summary: str | None = None
    content_html: str | None = None
    authors: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    language: str | None = None
    image_url: str | None = None
    published_us: int | None = None
    updated_us: int | None = None
    attempts: int = 0
    origin: str = Origin.LISTED
    waiting_since_us: int | None = None

    @property
    def turn(self) -> tuple[bool, int, int, str]:
        """The sort key of fetching: pending entries first, longest waiting before others, then the newest listed.

        `url_key` breaks ties, so the order does not depend on the order of arrival.
        """
        is_pending = self.origin == Origin.PENDING
        waiting_since_us = (self.waiting_since_us or 0) if is_pending else 0
        return not is_pending, waiting_since_us, -(self.published_us or 0), self.url_key

    @property
    def content_bytes(self) -> int:
        """The entry's approximate size: the length of the full text from its feed; 0 without one."""
        return len(self.content_html or "")


@dataclass(frozen=True, slots=True)
class FeedPoll:
    """One poll of one feed. What was not asked at all (`PollOutcome`) is counted and no row.

    `outcome` is ok, not_modified, failed or offline (our own network was down); or not_due, retired or deferred. A
    deferred poll may have made its first request (an index of sitemaps) and stopped before the next. A poll that made
    no request is counted but not stored. `moved_to` is the address that is asked in place of `feed_url`. `conditional`
    says whether validators were sent, None if no request was made; a `distrusted` feed gets none, since its own lied.
    """

    feed_url: str
    final_url: str | None
    outcome: str
    polled_at_us: int
    run_id: str
    status: int | None = None
    format: str | None = None
    title: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    entries: int = 0
    new_entries: int = 0
    next_poll_at_us: int | None = None
    error_count: int = 0
    reason: str | None = None
    message: str | None = None
    body_bytes: int = 0
    elapsed_ms: int = 0
    moved_to: str | None = None
    conditional: bool | None = None
    distrusted: bool = False

    @property
    def was_asked(self) -> bool:
        """Whether a request was made."""
        return self.outcome in (*ANSWERED, PollOutcome.FAILED, PollOutcome.OFFLINE) or self.status is not None


@dataclass(frozen=True, slots=True)
class FeedCursor:
    """What is remembered of a feed between polls.

    `etag` and `last_modified` are the bytes the server sent, as latin-1 text, and go back only to `validator_url`,
    the address that sent them. `error_count` counts failures in a row.

    Trust: `unchanged_in_a_row` counts answers of 304 since the feed was last read, at `last_read_at_us`. A
    `suspected` feed showed news to a request without conditions after a row of 304s; a `distrusted` one was proven to
    answer 304 although it had changed.

    Interval: `fresh_s` is how long the server calls its answer fresh, `ttl_s` how long the feed asks to be left alone;
    `skip_hours` and `skip_days` are sets of bits: hour 0 to 23 of UTC, Monday 0 to Sunday 6. `news_gap_s` is the moving
    mean of the time between polls that brought news, `last_news_at_us` the last such poll (or the first reading).
    `asked_until_us` ends a pause that the server asked for by Retry-After.
    `listing` holds what the feed last listed, as `transforms.feeds.scheduling.listing` writes it.

    Moves: polls go to `moved_to` if it is set. The last `moving_count` answers came by permanent redirects to
    `moving_to`.
    """

    feed_url: str
    validator_url: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    last_polled_at_us: int | None = None
    last_success_at_us: int | None = None
    next_poll_at_us: int | None = None
    error_count: int = 0
    retired: bool = False
    unchanged_in_a_row: int = 0
    last_read_at_us: int | None = None
    suspected: bool = False
    distrusted: bool = False
    fresh_s: int | None = None
    ttl_s: int | None = None
    skip_hours: int = 0
    skip_days: int = 0
    listing: bytes | None = None
    last_news_at_us: int | None = None
    news_gap_s: int | None = None
    moving_to: str | None = None
    moving_count: int = 0
    moved_to: str | None = None
    asked_until_us: int | None = None


_ENTRY_COLUMNS = [
    pa.field("feed_url", pa.string(), nullable=False),
    pa.field("entry_id", pa.string(), nullable=False),
    pa.field("url", pa.string(), nullable=False),
    pa.field("url_key", pa.string(), nullable=False),
    pa.field("feed_title", pa.string()),
    pa.field("title", pa.string()),
    pa.field("summary", pa.string()),
    pa.field("content_html", pa.string()),
    pa.field("authors", TEXTS),
    pa.field("keywords", TEXTS),
    pa.field("language", pa.string()),
    pa.field("image_url", pa.string()),
    pa.field("published", INSTANT),
    pa.field("updated", INSTANT),
    pa.field("attempts", pa.int32(), nullable=False),
    pa.field("origin", pa.string(), nullable=False),
    pa.field("waiting_since", INSTANT),
]

PENDING = Table(
    name="pending",
    version=2,
    row=FeedEntry,
    schema=pa.schema(_ENTRY_COLUMNS),
    sort_by=("url_key",),
    long=("content_html",),
)

FEED_POLLS = Table(
    name="feed_polls",
    version=1,
    row=FeedPoll,
    schema=pa.schema(
        [
            pa.field("feed_url", pa.string(), nullable=False),
            pa.field("final_url", pa.string()),
            pa.field("outcome", pa.string(), nullable=False),
            pa.field("polled_at", INSTANT, nullable=False),
            pa.field("run_id", pa.string(), nullable=False),
            pa.field("status", pa.int32()),
            pa.field("format", pa.string()),
            pa.field("title", pa.string()),
            pa.field("etag", pa.string()),
            pa.field("last_modified", pa.string()),
            pa.field("entries", pa.int32(), nullable=False),
            pa.field("new_entries", pa.int32(), nullable=False),
            pa.field("next_poll_at", INSTANT),
            pa.field("error_count", pa.int32(), nullable=False),
            pa.field("reason", pa.string()),
            pa.field("message", pa.string()),
            pa.field("body_bytes", pa.int64(), nullable=False),
            pa.field("elapsed_ms", pa.int64(), nullable=False),
            pa.field("moved_to", pa.string()),
            pa.field("conditional", pa.bool_()),
            pa.field("distrusted", pa.bool_(), nullable=False),
        ]
    ),
    partition="poll_date",
    partition_of=lambda poll: day_of(poll.polled_at_us),
    sort_by=("polled_at", "feed_url"),
)

FEED_CURSORS = Table(
    name="feed_cursors",
    version=2,
    row=FeedCursor,
    schema=pa.schema(
        [
            pa.field("feed_url", pa.string(), nullable=False),
            pa.field("validator_url", pa.string()),
            pa.field("etag", pa.string()),
            pa.field("last_modified", pa.string()),
            pa.field("last_polled_at", INSTANT),
            pa.field("last_success_at", INSTANT),
            pa.field("next_poll_at", INSTANT),
            pa.field("error_count", pa.int32(), nullable=False),
            pa.field("retired", pa.bool_(), nullable=False),
            pa.field("unchanged_in_a_row", pa.int32(), nullable=False),
            pa.field("last_read_at", INSTANT),
            pa.field("suspected", pa.bool_(), nullable=False),
            pa.field("distrusted", pa.bool_(), nullable=False),
            pa.field("fresh_s", pa.int32()),
            pa.field("ttl_s", pa.int32()),
            pa.field("skip_hours", pa.int32(), nullable=False),
            pa.field("skip_days", pa.int32(), nullable=False),
            pa.field("listing", pa.binary()),
            pa.field("last_news_at", INSTANT),
            pa.field("news_gap_s", pa.int32()),
            pa.field("moving_to", pa.string()),
            pa.field("moving_count", pa.int32(), nullable=False),
            pa.field("moved_to", pa.string()),
            pa.field("asked_until", INSTANT),
        ]
    ),
    sort_by=("feed_url",),
)

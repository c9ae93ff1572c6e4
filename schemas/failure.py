"""The `failures` table: which input did not become an article, at which stage, and for which reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from schemas.columns import InstantUs, Int32
from schemas.table import Table, day_of


class Stage(StrEnum):
    """The package under `transforms` in which an input failed; `pages/warc` is `warc`."""

    FEEDS = "feeds"
    PAGES = "pages"
    EXTRACT = "extract"
    WARC = "warc"


class Reason(StrEnum):
    """Why an input failed. The list is closed: a new reason is a new member here."""

    BAD_URL = "bad_url"
    ADDRESS_REFUSED = "address_refused"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"
    TRUNCATED = "truncated"
    BAD_ENCODING = "bad_encoding"
    BAD_REDIRECT = "bad_redirect"
    BAD_RESPONSE = "bad_response"
    ROBOTS_DENIED = "robots_denied"
    ROBOTS_UNAVAILABLE = "robots_unavailable"
    NOT_FOUND = "not_found"
    GONE = "gone"
    FORBIDDEN = "forbidden"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    HTTP_STATUS = "http_status"
    NOT_A_FEED = "not_a_feed"
    BAD_FEED = "bad_feed"
    NOT_HTML = "not_html"
    EMPTY_BODY = "empty_body"
    NO_ARTICLE = "no_article"
    WALL = "wall"
    MEMORY = "memory"
    CRASH = "crash"
    FORGOTTEN = "forgotten"
    BAD_RECORD = "bad_record"


PASSING = frozenset(
    {
        Reason.UNREACHABLE,
        Reason.TIMEOUT,
        Reason.TRUNCATED,
        Reason.ROBOTS_UNAVAILABLE,
        Reason.RATE_LIMITED,
        Reason.SERVER_ERROR,
    }
)
"""Reasons that may not apply at the next try. All others apply until the input changes."""


class ReasonedError(Exception):
    """What ends an input, for a `reason` of the closed list. Each stage has its own, and catches no other."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(reason, message)  # both, so that it pickles on its way out of a worker process
        self.reason = reason
        self.message = message

    def __str__(self) -> str:
        return f"{self.reason}: {self.message}"


class InputKind(StrEnum):
    """What failed."""

    FEED = "feed"
    ENTRY = "entry"
    REVISIT = "revisit"
    PAGE = "page"
    RECORD = "record"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class Failure:
    """One input that ended without an article."""

    stage: str
    """`feeds`, `pages`, `extract` or `warc`: the room in which it failed."""
    reason: str
    """Why it failed: a closed list, see [reasons](#reasons)."""
    message: str
    """What happened, for people."""
    input_kind: str
    """`feed`, `entry`, `page`, `revisit` (a page that was asked for again), or of a backfill `record` or `archive`."""
    input: str
    """What to try again: an address, or what the entry calls itself where it has none; of a record its WARC file and,
    behind ``#``, the offset in bytes."""
    failed_at_us: InstantUs
    """When."""
    run_id: str
    """The run in which it failed."""
    feed_url: str | None = None
    """The feed that it belongs to."""
    url_key: str | None = None
    """The entry's key, as in `pages`."""
    status: Int32 | None = None
    """HTTP status, where there was one."""
    host: str | None = None
    """Host of `input`, with its port where that is not the usual one; null in rows written before version 2 of the
    table."""


FAILURES = Table(
    name="failures",
    version=2,
    row=Failure,
    partition="run_date",
    partition_of=lambda failure: day_of(failure.failed_at_us),
    sort_by=("stage", "reason", "input"),
)

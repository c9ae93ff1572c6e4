"""The `failures` table: which input did not become an article, at which stage, and for which reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from schemas.table import INSTANT, Table, day_of


class Stage(StrEnum):
    """The package under `transforms` in which an input failed."""

    FEEDS = "feeds"
    PAGES = "pages"
    EXTRACT = "extract"


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
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Failure:
    """One input that ended here. `input_kind` is an `InputKind`; `input` is what to replay (a URL) at `host`."""

    stage: str
    reason: str
    message: str
    input_kind: str
    input: str
    failed_at_us: int
    run_id: str
    feed_url: str | None = None
    url_key: str | None = None
    status: int | None = None
    host: str | None = None


FAILURES = Table(
    name="failures",
    version=2,
    row=Failure,
    schema=pa.schema(
        [
            pa.field("stage", pa.string(), nullable=False),
            pa.field("reason", pa.string(), nullable=False),
            pa.field("message", pa.string(), nullable=False),
            pa.field("input_kind", pa.string(), nullable=False),
            pa.field("input", pa.string(), nullable=False),
            pa.field("failed_at", INSTANT, nullable=False),
            pa.field("run_id", pa.string(), nullable=False),
            pa.field("feed_url", pa.string()),
            pa.field("url_key", pa.string()),
            pa.field("status", pa.int32()),
            pa.field("host", pa.string()),
        ]
    ),
    partition="run_date",
    partition_of=lambda failure: day_of(failure.failed_at_us),
    sort_by=("stage", "reason", "input"),
)

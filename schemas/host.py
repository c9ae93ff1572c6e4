"""What is remembered of a host between stages and runs, so that requests to it stay polite."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from schemas.table import INSTANT, TEXTS, Table


@dataclass(frozen=True, slots=True)
class HostMemory:
    """A host as one stage left it. The next stage need not fetch its robots.txt again, and keeps the delay.

    - `robots_status` is None if robots.txt could not be fetched, `robots_fetched_at_us` None if it was not asked for.
    - `rest_until_us` is None for a host that does not rest.
    - A host that `is_dead` has no address. The `dead_schemes` (http, https) of a host take no connections. Both are
      left alone until the run ends.
    - `slow_s` is the pause, in seconds, that its refusals made us take; `answer_s` its mean answer time.
    - `is_domain_wide` (after a 429): the rest and the pause apply to all hosts of its registrable domain.
    """

    host: str
    last_request_at_us: int | None = None
    robots_status: int | None = None
    robots_body: str | None = None
    robots_fetched_at_us: int | None = None
    rest_until_us: int | None = None
    is_dead: bool = False
    slow_s: float = 0.0
    answer_s: float = 0.0
    dead_schemes: tuple[str, ...] = ()
    is_domain_wide: bool | None = None


HOSTS = Table(
    name="hosts",
    version=2,
    row=HostMemory,
    schema=pa.schema(
        [
            pa.field("host", pa.string(), nullable=False),
            pa.field("last_request_at", INSTANT),
            pa.field("robots_status", pa.int32()),
            pa.field("robots_body", pa.string()),
            pa.field("robots_fetched_at", INSTANT),
            pa.field("rest_until", INSTANT),
            pa.field("is_dead", pa.bool_(), nullable=False),
            pa.field("slow_s", pa.float64(), nullable=False),
            pa.field("answer_s", pa.float64(), nullable=False),
            pa.field("dead_schemes", TEXTS),
            pa.field("is_domain_wide", pa.bool_()),
        ]
    ),
    sort_by=("host",),
)

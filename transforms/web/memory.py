"""What the feed stage hands to the page stage about a host."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HostMemory:
    """A host as one stage left it, so that the next asks for no robots.txt again and keeps the delay.

    `robots_status` is None where robots.txt could not be had; `robots_fetched_at_us` None where it was not asked for.
    `rest_until_us` is None for a host that does not rest. `slow_s` is the pause that its refusals made us take,
    `answer_s` its mean answer time, in seconds.
    """

    host: str
    last_request_at_us: int | None = None
    robots_status: int | None = None
    robots_body: str | None = None
    robots_fetched_at_us: int | None = None
    rest_until_us: int | None = None
    slow_s: float = 0.0
    answer_s: float = 0.0

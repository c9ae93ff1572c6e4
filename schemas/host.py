"""What is remembered of a host between stages and runs, so that requests to it stay polite."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.columns import InstantUs, Int32
from schemas.table import Table


@dataclass(frozen=True, slots=True)
class HostMemory:
    """A host as one stage left it. The next stage need not fetch its robots.txt again, and keeps the delay."""

    host: str
    """The host, with its port where that is not the usual one."""
    last_request_at_us: InstantUs | None = None
    """The last request to it."""
    robots_status: Int32 | None = None
    """HTTP status of robots.txt; null if it could not be fetched."""
    robots_body: str | None = None
    """robots.txt as read."""
    robots_fetched_at_us: InstantUs | None = None
    """When it was read; null if it was not asked for."""
    rest_until_us: InstantUs | None = None
    """The end of a rest that the host asked for; null if it does not rest."""
    is_dead: bool = False
    """It has no address; it is left alone until the run ends."""
    slow_s: float = 0.0
    """The pause that its refusals made us take."""
    answer_s: float = 0.0
    """Its mean answer time."""
    dead_schemes: tuple[str, ...] = ()
    """Schemes (http, https) by which it takes no connections; they are left alone until the run ends."""
    is_domain_wide: bool | None = None
    """Rest and pause apply to all hosts of its registrable domain, as after a 429."""


HOSTS = Table(name="hosts", version=2, row=HostMemory, sort_by=("host",))

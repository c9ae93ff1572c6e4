"""Politeness: decides when the next request may go to each host."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from transforms.web.errors import Deferred
from transforms.web.politeness.lane import LEAST_SLOW_S, Lane, Patience, Reach
from transforms.web.urls import domain_of_host, name_of

LoopTime = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]

DEAD_AFTER = 2
"""After this many requests in a row without an answer, a host counts as dead for the rest of the run."""

TROUBLE_AFTER = 3
"""After more than this many server errors in a row, failed requests to a host are not retried at once."""

MOST_SLOW_S = 60.0
"""The longest pause between requests that a host gets after a 429; the shortest is `LEAST_SLOW_S`."""


class HostLanes:
    """The turns of all hosts: one request at a time to each host, a delay between two, `max_connections` in all.

    The delay counts from the end of one request to the start of the next. It is the longest of `delay_s` (for all
    hosts, or by host), the host's Crawl-delay, `answer_share` of its mean answer time, and the pause after its 429s,
    which grows with each 429 and shrinks only with success. A 429 applies to the registrable domain: all its hosts rest
    together, and the pause lies between requests to any of them. A host that takes no connection is dead alone, for the
    scheme that was asked; a name without an address is dead for all ports of that name.

    A request that cannot start before `deadline_s`, or only after a rest longer than `patience_s`, raises Deferred at
    once instead of sleeping. `now` and `sleep` are the loop's own unless given.
    """

    def __init__(
        self,
        delay_s: float | Callable[[str], float] = 1.0,
        max_connections: int = 64,
        patience_s: float = 120.0,
        deadline_s: float = math.inf,
        answer_share: float = 0.0,
        now: LoopTime | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._delay_of = delay_s if callable(delay_s) else lambda _: delay_s
        self._patience_s = patience_s
        self._deadline_s = deadline_s
        self._answer_share = answer_share
        self._now = now or asyncio.get_running_loop().time
        self._sleep = sleep
        self._connections = asyncio.Semaphore(max_connections)
        self._lanes: dict[str, Lane] = {}
        self._domains: dict[str, Patience] = {}
        self._names: dict[str, Reach] = {}

    async def begin(self, host: str, scheme: str | None = None) -> None:
        """Wait for the turn to make one request to `host`; it lasts until `end`. Raises Deferred."""
        lane = self.lane(host)
        await lane.lock.acquire()
        try:
            await self._wait(host, lane, scheme)
            await self._connections.acquire()
        except BaseException:
            lane.lock.release()
            raise
        lane.started_s = self._now()
        if lane.started_s >= self._deadline_s:
            self.end(host)
            self._refuse_after_deadline(host, 0.0)

    def end(self, host: str) -> None:
        """Give the turn back."""
        lane = self._lanes[host]
        lane.last_end_s = self._now()
        lane.took(lane.last_end_s - lane.started_s)
        self._connections.release()
        lane.lock.release()

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """A block in which one request to `host` may be made. Raises Deferred."""
        await self.begin(host)
        try:
            yield
        finally:
            self.end(host)

    def lane(self, host: str) -> Lane:
        """The lane of `host`, made if the host is new."""
        lane = self._lanes.get(host)
        if lane is None:
            domain = self._domains.setdefault(domain_of_host(host), Patience())
            name = self._names.setdefault(name_of(host), Reach())
            lane = self._lanes[host] = Lane(domain=domain, name=name)
        return lane

    @property
    def known(self) -> dict[str, Lane]:
        """The lanes of all hosts met so far, by host."""
        return self._lanes

    def ask_delay(self, host: str, crawl_delay_s: float) -> None:
        """Set the host's Crawl-delay."""
        self.lane(host).crawl_delay_s = crawl_delay_s

    def delay_s(self, host: str) -> float:
        """The present pause between two requests to `host`."""
        lane = self.lane(host)
        refusals = max(lane.slow_s, lane.domain.slow_s)
        return max(
            self._delay_of(host), lane.crawl_delay_s, refusals, min(self._answer_share * lane.answer_s, MOST_SLOW_S)
        )

    def answered(self, host: str, status: int, retry_after_s: float | None = None, scheme: str | None = None) -> None:
        """Record how the host answered.

        A 429, or a 503 or 403 with a Retry-After, makes the host rest (without a Retry-After longer each time) and
        doubles the pause between requests; each success takes a quarter off the pause. A 429 makes the whole domain
        rest.
        """
        lane = self.lane(host)
        lane.name.silences = lane.reach(scheme).silences = 0
        lane.errors = lane.errors + 1 if status >= 500 else 0
        if status == 429 or (status in (403, 503) and retry_after_s is not None):
            pause_s = min(max(2 * self.delay_s(host), LEAST_SLOW_S), MOST_SLOW_S)
            for patience in (lane, lane.domain) if status == 429 else (lane,):
                patience.refused(self._now(), pause_s, retry_after_s)
        elif status < 400:
            lane.served()
            lane.domain.served()

    def unanswered(self, host: str, scheme: str | None = None, waited: bool = False) -> None:
        """Record that the host took no connection by `scheme`, or sent nothing; None: its name has no address.

        After two such requests in a row, or one that `waited` for its whole time limit, the host counts as dead until
        the end of the run: a dead host costs one time-out, not one for each of its pages.
        """
        reach = self.lane(host).reach(scheme)
        reach.silences += DEAD_AFTER if waited else 1
        reach.is_dead = reach.is_dead or reach.silences >= DEAD_AFTER

    def can_wait(self, host: str, wait_s: float, scheme: str | None = None) -> bool:
        """Whether a request to `host` can start in this run after `wait_s` seconds."""
        lane, now_s = self.lane(host), self._now()
        if lane.is_dead(scheme) or lane.rests_until_s - now_s > self._patience_s:
            return False
        return max(now_s + wait_s, lane.rests_until_s) < self._deadline_s

    def in_trouble(self, host: str) -> bool:
        """Whether the host's last answers were all server errors, so that failed requests are not retried."""
        return self.lane(host).errors > TROUBLE_AFTER

    def refuse_resting(self, host: str, scheme: str | None = None) -> None:
        """Raise Deferred if `host` is dead, or rests for longer than `patience_s`."""
        lane = self.lane(host)
        if lane.is_dead(scheme):
            raise Deferred(f"{host} does not answer")
        rest_s = lane.rests_until_s - self._now()
        if rest_s > self._patience_s:
            raise Deferred(f"{host} asks for {rest_s:.0f} s of rest")

    async def _wait(self, host: str, lane: Lane, scheme: str | None) -> None:
        while True:
            self.refuse_resting(host, scheme)
            domain_s = lane.domain.last_s + lane.domain.slow_s
            wait_s = max(lane.last_end_s + self.delay_s(host), lane.rests_until_s, domain_s) - self._now()
            self._refuse_after_deadline(host, wait_s)
            if wait_s <= 0:
                lane.domain.last_s = self._now()
                return
            await self._sleep(wait_s)

    def _refuse_after_deadline(self, host: str, wait_s: float) -> None:
        if self._now() + max(0.0, wait_s) >= self._deadline_s:
            raise Deferred(f"the run's time ends before the next turn of {host}")

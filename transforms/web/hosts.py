"""Politeness: when the next request may go to which host."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from transforms.web.errors import Deferred

Now = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]

FIRST_REST_S = 30.0
"""A host that refuses for load (429, 503) without saying for how long rests this long, then twice as long each time."""

DEAD_AFTER = 2
"""Connections in a row that must fail before a host counts as down for the rest of the run."""


@dataclass(slots=True)
class Lane:
    """One host: its turn, and what is known of its patience. Times are seconds of the loop's clock."""

    delay_s: float
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    last_end_s: float = -math.inf
    rest_until_s: float = -math.inf
    refusals: int = 0
    failed_connections: int = 0


class HostLanes:
    """One request at a time to each host, a delay between them, and only so many at once to all.

    The delay counts from the end of one request to the start of the next. What cannot start before `deadline_s`, or
    only after a rest longer than `patience_s`, raises Deferred at once instead of sleeping. `now` and `sleep` are the
    running loop's own unless given.
    """

    def __init__(
        self,
        delay_s: float = 1.0,
        max_connections: int = 64,
        patience_s: float = 120.0,
        deadline_s: float = math.inf,
        now: Now | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._delay_s = delay_s
        self._patience_s = patience_s
        self._deadline_s = deadline_s
        self._now = now or asyncio.get_running_loop().time
        self._sleep = sleep
        self._connections = asyncio.Semaphore(max_connections)
        self._lanes: dict[str, Lane] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """The right to make one request to `host`, while the block lasts. Raises Deferred."""
        lane = self.lane(host)
        async with lane.lock:
            await self._wait(host, lane)
            async with self._connections:
                self._refuse_after_deadline(host, 0.0)
                try:
                    yield
                finally:
                    lane.last_end_s = self._now()

    def lane(self, host: str) -> Lane:
        """What is known of `host`."""
        lane = self._lanes.get(host)
        if lane is None:
            lane = self._lanes[host] = Lane(self._delay_s)
        return lane

    @property
    def known(self) -> dict[str, Lane]:
        """Every host that was met."""
        return self._lanes

    def ask_delay(self, host: str, crawl_delay_s: float) -> None:
        """Take the host's Crawl-delay into account: the longer of it and our own delay holds."""
        self.lane(host).delay_s = max(self._delay_s, crawl_delay_s)

    def answered(self, host: str, status: int, retry_after_s: float | None = None) -> None:
        """Tell how the host answered. 429, and 503 with a Retry-After, make it rest, longer each time."""
        lane = self.lane(host)
        lane.failed_connections = 0
        if status == 429 or (status == 503 and retry_after_s is not None):
            rest_s = FIRST_REST_S * 2**lane.refusals if retry_after_s is None else retry_after_s
            lane.refusals += 1
            lane.rest_until_s = max(lane.rest_until_s, self._now() + rest_s)
        elif status < 500:
            lane.refusals = 0

    def unreachable(self, host: str) -> None:
        """Tell that the host took no connection. Twice in a row, and it rests until the end of the run."""
        lane = self.lane(host)
        lane.failed_connections += 1
        if lane.failed_connections >= DEAD_AFTER:
            lane.rest_until_s = math.inf

    def can_wait(self, host: str, wait_s: float) -> bool:
        """Whether a request to `host` that starts in `wait_s` seconds still belongs to this run."""
        start_s = max(self._now() + wait_s, self.lane(host).rest_until_s)
        return start_s < self._deadline_s and self.lane(host).rest_until_s - self._now() <= self._patience_s

    def refuse_resting(self, host: str) -> None:
        """Raise Deferred if `host` rests for longer than this run is ready to wait."""
        rest_s = self.lane(host).rest_until_s - self._now()
        if rest_s == math.inf:
            raise Deferred(f"{host} takes no connections")
        if rest_s > self._patience_s:
            raise Deferred(f"{host} asks for {rest_s:.0f} s of rest")

    async def _wait(self, host: str, lane: Lane) -> None:
        while True:
            self.refuse_resting(host)
            wait_s = max(lane.last_end_s + lane.delay_s, lane.rest_until_s) - self._now()
            self._refuse_after_deadline(host, wait_s)
            if wait_s <= 0:
                return
            await self._sleep(wait_s)

    def _refuse_after_deadline(self, host: str, wait_s: float) -> None:
        if self._now() + max(0.0, wait_s) >= self._deadline_s:
            raise Deferred(f"the run's time ends before the next turn of {host}")

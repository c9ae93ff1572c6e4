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
"""Requests in a row that must get no answer before a host counts as down for the rest of the run."""

TROUBLE_AFTER = 3
"""Server errors in a row after which a request that fails is not made again at once."""

LEAST_SLOW_S = 1.0
MOST_SLOW_S = 60.0
"""A host that said 429 gets at least, and at most, this pause between requests from then on."""

_NEW_SHARE = 0.3
"""The weight of the latest answer in the mean answer time of a host."""


@dataclass(slots=True)
class Lane:
    """One host: its turn, and what is known of its patience. Times are seconds of the loop's clock.

    `crawl_delay_s` is what its robots.txt asks for, `slow_s` the pause its refusals made us take, `answer_s` how long
    it takes to answer, in the mean.
    """

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    crawl_delay_s: float = 0.0
    slow_s: float = 0.0
    answer_s: float = 0.0
    started_s: float = -math.inf
    last_end_s: float = -math.inf
    rest_until_s: float = -math.inf
    refusals: int = 0
    silences: int = 0
    errors: int = 0

    def took(self, seconds: float) -> None:
        """Tell how long the host held a request."""
        self.answer_s = seconds if not self.answer_s else self.answer_s + _NEW_SHARE * (seconds - self.answer_s)


class HostLanes:
    """One request at a time to each host, a delay between them, and only so many at once to all.

    The delay counts from the end of one request to the start of the next. It is the longest of `delay_s`, the host's
    Crawl-delay, `answer_share` of the time it takes to answer, and the pause it made us take by 429s, which grows with
    each of them and shrinks only with success. What cannot start before `deadline_s`, or only after a rest longer than
    `patience_s`, raises Deferred at once instead of sleeping. `now` and `sleep` are the loop's own unless given.
    """

    def __init__(
        self,
        delay_s: float = 1.0,
        max_connections: int = 64,
        patience_s: float = 120.0,
        deadline_s: float = math.inf,
        answer_share: float = 0.0,
        now: Now | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._delay_s = delay_s
        self._patience_s = patience_s
        self._deadline_s = deadline_s
        self._answer_share = answer_share
        self._now = now or asyncio.get_running_loop().time
        self._sleep = sleep
        self._connections = asyncio.Semaphore(max_connections)
        self._lanes: dict[str, Lane] = {}

    async def begin(self, host: str) -> None:
        """Wait for the right to make one request to `host`; it lasts until `end`. Raises Deferred."""
        lane = self.lane(host)
        await lane.lock.acquire()
        try:
            await self._wait(host, lane)
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
        """The right to make one request to `host`, while the block lasts. Raises Deferred."""
        await self.begin(host)
        try:
            yield
        finally:
            self.end(host)

    def lane(self, host: str) -> Lane:
        """What is known of `host`."""
        lane = self._lanes.get(host)
        if lane is None:
            lane = self._lanes[host] = Lane()
        return lane

    @property
    def known(self) -> dict[str, Lane]:
        """Every host that was met."""
        return self._lanes

    def ask_delay(self, host: str, crawl_delay_s: float) -> None:
        """Take the host's Crawl-delay into account."""
        self.lane(host).crawl_delay_s = crawl_delay_s

    def delay_s(self, host: str) -> float:
        """The pause between two requests to `host` as things stand."""
        lane = self.lane(host)
        return max(self._delay_s, lane.crawl_delay_s, lane.slow_s, min(self._answer_share * lane.answer_s, MOST_SLOW_S))

    def answered(self, host: str, status: int, retry_after_s: float | None = None) -> None:
        """Tell how the host answered.

        429, and 503 or 403 with a Retry-After, make it rest, longer each time, and double the pause between requests;
        each success takes a quarter off that pause.
        """
        lane = self.lane(host)
        lane.silences = 0
        lane.errors = lane.errors + 1 if status >= 500 else 0
        if status == 429 or (status in (403, 503) and retry_after_s is not None):
            rest_s = FIRST_REST_S * 2**lane.refusals if retry_after_s is None else retry_after_s
            lane.refusals += 1
            lane.rest_until_s = max(lane.rest_until_s, self._now() + rest_s)
            lane.slow_s = min(max(2 * self.delay_s(host), LEAST_SLOW_S), MOST_SLOW_S)
        elif status < 400:
            lane.refusals = 0
            lane.slow_s = 0.75 * lane.slow_s if lane.slow_s > LEAST_SLOW_S else 0.0

    def unanswered(self, host: str, waited: bool = False) -> None:
        """Tell that the host took no connection, or sent nothing.

        Twice in a row, or once when a connection `waited` for its whole time limit, and the host rests until the end
        of the run: a dead host costs one time-out, not one for each of its pages.
        """
        lane = self.lane(host)
        lane.silences += DEAD_AFTER if waited else 1
        if lane.silences >= DEAD_AFTER:
            lane.rest_until_s = math.inf

    def can_wait(self, host: str, wait_s: float) -> bool:
        """Whether a request to `host` that starts in `wait_s` seconds still belongs to this run."""
        start_s = max(self._now() + wait_s, self.lane(host).rest_until_s)
        return start_s < self._deadline_s and self.lane(host).rest_until_s - self._now() <= self._patience_s

    def in_trouble(self, host: str) -> bool:
        """Whether the host answered with nothing but errors of its own of late: it needs no second requests then."""
        return self.lane(host).errors > TROUBLE_AFTER

    def refuse_resting(self, host: str) -> None:
        """Raise Deferred if `host` rests for longer than this run is ready to wait."""
        rest_s = self.lane(host).rest_until_s - self._now()
        if rest_s == math.inf:
            raise Deferred(f"{host} does not answer")
        if rest_s > self._patience_s:
            raise Deferred(f"{host} asks for {rest_s:.0f} s of rest")

    async def _wait(self, host: str, lane: Lane) -> None:
        while True:
            self.refuse_resting(host)
            wait_s = max(lane.last_end_s + self.delay_s(host), lane.rest_until_s) - self._now()
            self._refuse_after_deadline(host, wait_s)
            if wait_s <= 0:
                return
            await self._sleep(wait_s)

    def _refuse_after_deadline(self, host: str, wait_s: float) -> None:
        if self._now() + max(0.0, wait_s) >= self._deadline_s:
            raise Deferred(f"the run's time ends before the next turn of {host}")

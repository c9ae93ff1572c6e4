"""The HTTP client that the stages use: it obeys robots.txt, takes turns and delays, and retries passing failures."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager

from aiohttp.abc import AbstractResolver

from schemas.failure import Reason
from schemas.host import HostMemory
from transforms.common.chance import chance_of
from transforms.common.clock import DAY_US, Now
from transforms.web.chosen.secrets import Grant
from transforms.web.errors import Deferred, FetchError, Phase
from transforms.web.forgotten import NOTHING_FORGOTTEN, Forgotten
from transforms.web.http.client import HttpClient
from transforms.web.http.guard import AddressGuard
from transforms.web.http.response import Response
from transforms.web.politeness.hosts import HostLanes, LoopTime, Sleep
from transforms.web.politeness.lane import Lane
from transforms.web.politeness.robots import MAX_AGE_US, ROBOTS_LIMITS, RobotsPolicy, robots_text
from transforms.web.politeness.trip import Trip
from transforms.web.settings import HttpSettings, Limits
from transforms.web.urls import BadUrl, host_of, parse_url, request_url, scheme_of

__all__ = ["Deferred", "FetchError", "HostMemory", "PoliteClient", "Response", "open_polite_client"]

_LONGEST_REST_US = DAY_US
_BEFORE_ANY_ANSWER = frozenset({Phase.NAME, Phase.CONNECT, Phase.CERTIFICATE, Phase.POLICY})
_PASSING_STATUSES = frozenset({502, 503, 504})
_LEADS_NOWHERE = frozenset({Reason.BAD_REDIRECT, Reason.FORGOTTEN})


class PoliteClient:
    """GET requests that follow a host's wishes: robots.txt, one request at a time, a delay, Retry-After.

    Made inside a running loop, for one run of one stage. robots.txt is fetched once for each host; `memories` are what
    an earlier stage of the run learned. No request starts after `deadline_us`, and none to an address that is
    `forgotten`, be it by a redirect. `now` and `sleep` are the loop's own unless given.
    """

    def __init__(
        self,
        client: HttpClient,
        settings: HttpSettings,
        clock: Now,
        memories: Iterable[HostMemory] = (),
        deadline_us: int | None = None,
        now: LoopTime | None = None,
        sleep: Sleep = asyncio.sleep,
        forgotten: Forgotten = NOTHING_FORGOTTEN,
    ) -> None:
        self._client = client
        self._settings = settings
        self._forgotten = forgotten
        self._sleep = sleep
        self._now = now or asyncio.get_running_loop().time
        self._epoch_us = clock.now_us() - round(self._now() * 1e6)
        self._lanes = HostLanes(
            delay_s=settings.delay_of,
            max_connections=settings.max_connections,
            patience_s=settings.patience_s,
            deadline_s=math.inf if deadline_us is None else self._loop_s(deadline_us),
            answer_share=settings.answer_share,
            now=self._now,
            sleep=sleep,
        )
        self._robots: dict[str, tuple[RobotsPolicy, int]] = {}
        # By scheme too: if http takes no connection, https may.
        self._unanswered: dict[tuple[str, str], tuple[RobotsPolicy | FetchError, int]] = {}
        self._robots_locks: dict[str, asyncio.Lock] = {}
        for memory in memories:
            self._remember(memory)

    async def fetch(
        self,
        url: str,
        headers: Iterable[tuple[str, str]] = (),
        limits: Limits | None = None,
        validator_url: str | None = None,
        credentials: Grant | None = None,
    ) -> Response:
        """The answer to a GET of `url`, whatever its status. Raises FetchError, or Deferred (not in this run).

        A request is retried if its connection was lost or timed out before an answer, after a 502, 503 or 504, and
        after a 429 with a Retry-After; after an answer not if the host has sent only server errors of late. Conditional
        headers are sent only to `validator_url` (by default `url`), `credentials` only to their origin.
        """
        try:
            target = request_url(url)
        except BadUrl as error:
            raise FetchError(Reason.BAD_URL, str(error)) from error
        headers = tuple(headers)

        async def once() -> Response:
            trip = Trip(self._lanes, self._obey_robots)
            return await trip.run(
                target, lambda permit: self._client.get(target, headers, limits, permit, validator_url, credentials)
            )

        return await self._patiently(target, once)

    def robots_usage(self, url: str) -> tuple[str, ...] | None:
        """What robots.txt of a host that was asked states of the use of `url`; None where that is not known."""
        known = self._robots.get(host_of(url))
        return known[0].usage(url) if known is not None else None

    def memories(self) -> list[HostMemory]:
        """What was learned of each host, for the next stage; ordered by host."""
        return [self._memory(host) for host in sorted(self._lanes.known.keys() | self._robots.keys())]

    async def _patiently(self, url: str, once: Callable[[], Awaitable[Response]]) -> Response:
        host, scheme = host_of(url), scheme_of(url)
        for attempt in range(self._settings.retries):
            wait_s = self._settings.retry_base_s * 2**attempt * _jitter(url)
            try:
                response = await once()
            except FetchError as error:
                if not error.worth_retrying or not self._lanes.can_wait(host, wait_s, scheme):
                    raise
            else:
                asked_s = response.retry_after_s
                again = response.status in _PASSING_STATUSES or (response.status == 429 and asked_s is not None)
                again = again and not self._lanes.in_trouble(host)
                if not again or not self._lanes.can_wait(host, asked_s or wait_s, scheme):
                    return response
                wait_s = asked_s or wait_s
            await self._sleep(wait_s)
        return await once()

    async def _obey_robots(self, url: str) -> None:
        """Raise FetchError or Deferred unless robots.txt allows `url`, and it is not forgotten."""
        await self._refuse_forgotten(url)
        host, scheme = host_of(url), scheme_of(url)
        self._lanes.refuse_resting(host, scheme)
        policy = self._fresh_policy(host, scheme)
        if policy is None:
            async with self._robots_locks.setdefault(host, asyncio.Lock()):
                policy = self._fresh_policy(host, scheme)
                if policy is None:
                    policy = await self._ask_robots(url, host)
                    if isinstance(policy, RobotsPolicy) and policy.status is not None:
                        self._robots[host] = (policy, self._wall_us())
                    else:
                        self._unanswered[host, scheme] = (policy, self._wall_us())
        if isinstance(policy, FetchError):
            raise policy.again()
        reason = policy.verdict(url)
        if reason is not None:
            phase: Phase = (
                Phase.HEADERS if reason is Reason.ROBOTS_UNAVAILABLE and policy.status is None else Phase.POLICY
            )
            message = f"robots.txt of {host}: {_ROBOTS_MESSAGES[reason]}"
            raise FetchError(reason, message, policy.status, phase=phase)

    async def _refuse_forgotten(self, url: str) -> None:
        if self._forgotten.holds(url):  # the message does not repeat the address, which would be back in the lake
            raise FetchError(Reason.FORGOTTEN, "it leads to an address that was forgotten", phase=Phase.POLICY)

    def _fresh_policy(self, host: str, scheme: str) -> RobotsPolicy | FetchError | None:
        known = self._robots.get(host) or self._unanswered.get((host, scheme))
        return known[0] if known is not None and self._wall_us() - known[1] <= MAX_AGE_US else None

    async def _ask_robots(self, url: str, host: str) -> RobotsPolicy | FetchError:
        robots_url = f"{parse_url(url).origin}/robots.txt"

        async def once() -> Response:
            trip = Trip(self._lanes, self._refuse_forgotten)
            # Rules are for everybody, and are asked for as by anybody: without credentials.
            return await trip.run(
                robots_url, lambda permit: self._client.get(robots_url, (), ROBOTS_LIMITS, permit, anonymous=True)
            )

        try:
            response = await self._patiently(robots_url, once)
        except FetchError as error:
            if error.phase in _BEFORE_ANY_ANSWER and error.reason not in _LEADS_NOWHERE:
                return error  # the page would fail alike: its own reason says more than "robots unavailable"
            # A chain of redirects that leads nowhere is a file that is not there (RFC 9309, 2.3.1.2).
            return RobotsPolicy(404 if error.reason in _LEADS_NOWHERE else None, None)
        policy = RobotsPolicy(response.status, robots_text(response.body), self._settings.max_crawl_delay_s)
        self._lanes.ask_delay(host, policy.crawl_delay_s)
        return policy

    def _remember(self, memory: HostMemory) -> None:
        """Add one memory of a host. Of several workers' memories the latest request, longest rest and newest rules
        count.
        """
        lane = self._lanes.lane(memory.host)
        if memory.last_request_at_us is not None:
            lane.last_end_s = max(lane.last_end_s, min(self._loop_s(memory.last_request_at_us), self._now()))
        lane.name.is_dead = lane.name.is_dead or memory.is_dead
        for scheme in memory.dead_schemes:
            lane.reach(scheme).is_dead = True
        for patience in (lane, lane.domain) if memory.is_domain_wide else (lane,):
            if memory.rest_until_us is not None:
                patience.rest_until_s = max(patience.rest_until_s, self._loop_s(memory.rest_until_us))
            patience.slow_s = max(patience.slow_s, memory.slow_s)
        lane.answer_s = max(lane.answer_s, memory.answer_s)
        known = self._robots.get(memory.host)
        if memory.robots_fetched_at_us is not None and (known is None or known[1] < memory.robots_fetched_at_us):
            policy = RobotsPolicy(memory.robots_status, memory.robots_body, self._settings.max_crawl_delay_s)
            self._robots[memory.host] = (policy, memory.robots_fetched_at_us)
            self._lanes.ask_delay(memory.host, policy.crawl_delay_s)

    def _memory(self, host: str) -> HostMemory:
        lane = self._lanes.lane(host)
        known, fetched_at_us = self._robots.get(host) or self._unavailable(host, lane)
        return HostMemory(
            host=host,
            last_request_at_us=self._instant_us(lane.last_end_s),
            robots_status=known.status if known else None,
            robots_body=known.body if known else None,
            robots_fetched_at_us=fetched_at_us,
            rest_until_us=self._instant_us(lane.rests_until_s),
            is_dead=lane.name.is_dead,
            slow_s=max(lane.slow_s, lane.domain.slow_s),
            answer_s=lane.answer_s,
            dead_schemes=tuple(sorted(scheme for scheme in lane.schemes if lane.is_dead(scheme))),
            is_domain_wide=lane.domain.rest_until_s > -math.inf or lane.domain.slow_s > 0,
        )

    def _unavailable(self, host: str, lane: Lane) -> tuple[RobotsPolicy | None, int | None]:
        """The policy of a host that takes connections but gave no answer to robots.txt, so that the next stage need not
        ask again; else (None, None).
        """
        for scheme in lane.schemes:
            policy, fetched_at_us = self._unanswered.get((host, scheme), (None, None))
            if isinstance(policy, RobotsPolicy) and not lane.is_dead(scheme):
                return policy, fetched_at_us
        return None, None

    def _wall_us(self) -> int:
        return self._epoch_us + round(self._now() * 1e6)

    def _loop_s(self, instant_us: int) -> float:
        return (instant_us - self._epoch_us) / 1e6

    def _instant_us(self, loop_s: float) -> int | None:
        if loop_s == -math.inf:
            return None
        latest_us = self._wall_us() + _LONGEST_REST_US
        return min(self._epoch_us + round(loop_s * 1e6), latest_us)


@asynccontextmanager
async def open_polite_client(
    settings: HttpSettings,
    guard: AddressGuard,
    clock: Now,
    memories: Iterable[HostMemory] = (),
    deadline_us: int | None = None,
    resolver: AbstractResolver | None = None,
    forgotten: Forgotten = NOTHING_FORGOTTEN,
) -> AsyncIterator[PoliteClient]:
    """A PoliteClient with its own session, which is closed at the end of the block."""
    async with HttpClient(settings, guard, clock, resolver) as client:
        yield PoliteClient(client, settings, clock, memories, deadline_us, forgotten=forgotten)


_ROBOTS_MESSAGES = {
    Reason.ROBOTS_DENIED: "this address is not for us",
    Reason.ROBOTS_UNAVAILABLE: "it could not be had, so nothing may be fetched",
}


def _jitter(url: str) -> float:
    """Between 0.5 and 1.5, the same for the same URL: hosts that failed together are not asked again together."""
    return 0.5 + chance_of(url)

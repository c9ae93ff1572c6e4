from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from tests.web_server import FakeTime
from transforms.web.errors import Deferred
from transforms.web.hosts import HostLanes


def run(fake_time: FakeTime, use: Callable[[HostLanes], Coroutine[Any, Any, None]], **settings: float) -> None:
    async def main() -> None:
        await use(HostLanes(now=fake_time.now, sleep=fake_time.sleep, **settings))  # type: ignore[arg-type]

    asyncio.run(main())


def test_the_delay_counts_from_the_end_of_the_last_request(fake_time: FakeTime) -> None:
    starts: list[float] = []

    async def use(lanes: HostLanes) -> None:
        for _ in range(3):
            async with lanes.turn("a.example"):
                starts.append(fake_time.now())
                fake_time.now_s += 5.0  # the request takes five seconds

    run(fake_time, use, delay_s=2.0)
    assert starts == [1000.0, 1007.0, 1014.0]


def test_one_request_at_a_time_goes_to_a_host_and_many_to_many(fake_time: FakeTime) -> None:
    active: dict[str, int] = {}
    most: dict[str, int] = {}

    async def request(lanes: HostLanes, host: str) -> None:
        async with lanes.turn(host):
            for key in (host, "all"):
                active[key] = active.get(key, 0) + 1
                most[key] = max(most.get(key, 0), active[key])
            await asyncio.sleep(0)
            for key in (host, "all"):
                active[key] -= 1

    async def use(lanes: HostLanes) -> None:
        await asyncio.gather(*(request(lanes, f"{n % 10}.example") for n in range(40)))

    run(fake_time, use, delay_s=0.0, max_connections=4)
    assert most.pop("all") == 4
    assert set(most.values()) == {1}


def test_a_crawl_delay_lengthens_our_own_and_never_shortens_it(fake_time: FakeTime) -> None:
    async def use(lanes: HostLanes) -> None:
        lanes.ask_delay("slow.example", 10.0)
        lanes.ask_delay("quick.example", 0.1)
        for host in ("slow.example", "slow.example", "quick.example", "quick.example"):
            async with lanes.turn(host):
                pass

    run(fake_time, use, delay_s=1.0)
    assert fake_time.slept == [10.0, 1.0]


def test_a_host_that_asks_for_a_short_rest_gets_it(fake_time: FakeTime) -> None:
    async def use(lanes: HostLanes) -> None:
        lanes.answered("a.example", 429, 30.0)
        async with lanes.turn("a.example"):
            assert fake_time.now() == 1030.0

    run(fake_time, use, patience_s=120.0)


def test_a_host_that_asks_for_a_long_rest_is_deferred_without_sleeping(fake_time: FakeTime) -> None:
    async def use(lanes: HostLanes) -> None:
        lanes.answered("a.example", 503, 600.0)
        with pytest.raises(Deferred, match="600 s of rest"):
            async with lanes.turn("a.example"):
                pass
        async with lanes.turn("b.example"):  # no other host suffers
            pass

    run(fake_time, use, patience_s=120.0)
    assert fake_time.slept == []


def test_without_a_wish_each_refusal_doubles_the_rest_until_a_good_answer(fake_time: FakeTime) -> None:
    async def use(lanes: HostLanes) -> None:
        rests = []
        for _ in range(3):
            lanes.answered("a.example", 429)
            rests.append(lanes.lane("a.example").rest_until_s - fake_time.now())
        assert rests == [30.0, 60.0, 120.0]
        lanes.answered("a.example", 200)
        fake_time.now_s += 500
        lanes.answered("a.example", 429)
        assert lanes.lane("a.example").rest_until_s - fake_time.now() == 30.0

    run(fake_time, use)


def test_what_cannot_start_before_the_deadline_is_deferred_at_once(fake_time: FakeTime) -> None:
    async def use(lanes: HostLanes) -> None:
        async with lanes.turn("a.example"):
            pass
        with pytest.raises(Deferred, match="time ends"):
            async with lanes.turn("a.example"):
                pass
        fake_time.now_s += 60
        with pytest.raises(Deferred, match="time ends"):
            async with lanes.turn("b.example"):
                pass

    run(fake_time, use, delay_s=40.0, deadline_s=1030.0)
    assert fake_time.slept == []


def test_two_failed_connections_in_a_row_and_the_host_rests(fake_time: FakeTime) -> None:
    async def use(lanes: HostLanes) -> None:
        lanes.unreachable("a.example")
        lanes.answered("a.example", 200)
        lanes.unreachable("a.example")
        lanes.refuse_resting("a.example")
        lanes.unreachable("a.example")
        assert lanes.lane("a.example").rest_until_s == math.inf
        with pytest.raises(Deferred, match="takes no connections"):
            lanes.refuse_resting("a.example")

    run(fake_time, use)


def test_a_turn_that_fails_is_given_back_and_counts_as_a_request(fake_time: FakeTime) -> None:
    async def use(lanes: HostLanes) -> None:
        with pytest.raises(ValueError, match="broken"):
            async with lanes.turn("a.example"):
                raise ValueError("broken")
        async with lanes.turn("a.example"):
            pass

    run(fake_time, use, delay_s=3.0)
    assert fake_time.slept == [3.0]

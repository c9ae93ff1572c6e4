from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from itertools import pairwise
from typing import Any

import pytest

from tests.web_server import FakeTime
from transforms.web.errors import Deferred
from transforms.web.politeness.hosts import HostLanes


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
        lanes.answered("c.example", 403, 600.0)  # a rate limiter that has no word of its own
        with pytest.raises(Deferred, match="600 s of rest"):
            lanes.refuse_resting("c.example")
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
        lanes.unanswered("a.example")
        lanes.answered("a.example", 200)
        lanes.unanswered("a.example")
        lanes.refuse_resting("a.example")
        lanes.unanswered("a.example")
        with pytest.raises(Deferred, match="does not answer"):
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


def test_a_host_that_takes_long_gets_a_share_of_that_time_to_rest(fake_time: FakeTime) -> None:
    async def use(lanes: HostLanes) -> None:
        for took_s in (8.0, 8.0, 0.0):
            async with lanes.turn("slow.example"):
                fake_time.now_s += took_s
        async with lanes.turn("slow.example"):
            pass

    run(fake_time, use, delay_s=1.0, answer_share=0.5)
    assert fake_time.slept == pytest.approx([4.0, 4.0, 2.8])  # the mean falls as the host gets quicker


def test_each_429_slows_the_host_and_only_success_speeds_it_up_again(fake_time: FakeTime) -> None:
    async def use(lanes: HostLanes) -> None:
        delays = [lanes.delay_s("a.example")]
        for status in (429, 429, 404, 403, 503, 200, 304, 200, 200):
            lanes.answered("a.example", status, 0.0 if status == 429 else None)
            delays.append(lanes.delay_s("a.example"))
        fake_time.now_s += 3600  # time alone changes nothing
        assert lanes.delay_s("a.example") == delays[-1]
        assert delays == pytest.approx([1, 2, 4, 4, 4, 4, 3, 2.25, 1.6875, 1.265625])
        for _ in range(20):
            lanes.answered("a.example", 429, 0.0)
        assert lanes.delay_s("a.example") == 60
        for _ in range(20):
            lanes.answered("a.example", 200)
        assert lanes.delay_s("a.example") == 1

    run(fake_time, use, delay_s=1.0)


def test_a_connection_that_waits_for_its_whole_limit_is_enough_to_call_a_host_dead(fake_time: FakeTime) -> None:
    async def use(lanes: HostLanes) -> None:
        lanes.unanswered("a.example", waited=True)
        with pytest.raises(Deferred, match="does not answer"):
            async with lanes.turn("a.example"):
                pass

    run(fake_time, use)


def test_a_turn_that_is_given_up_while_waiting_leaves_the_host_free(fake_time: FakeTime) -> None:
    async def use(lanes: HostLanes) -> None:
        async with lanes.turn("a.example"):
            waiting = asyncio.create_task(lanes.begin("a.example"))
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        async with lanes.turn("a.example"):
            pass

    run(fake_time, use, delay_s=0.0, max_connections=1)


def test_an_address_that_takes_no_connections_is_dead_alone_and_a_name_without_address_in_all(
    fake_time: FakeTime,
) -> None:
    async def use(lanes: HostLanes) -> None:
        lanes.unanswered("a.example", "http", waited=True)
        for host, scheme in (("a.example", "https"), ("a.example:8080", "http"), ("b.a.example", "http")):
            lanes.refuse_resting(host, scheme)
            assert lanes.can_wait(host, 1.0, scheme)
        with pytest.raises(Deferred, match=r"a\.example does not answer"):
            await lanes.begin("a.example", "http")
        assert not lanes.can_wait("a.example", 1.0, "http")
        lanes.unanswered("a.example:8080", waited=True)
        for host in ("a.example", "a.example:8080"):
            with pytest.raises(Deferred, match=f"{host} does not answer"):
                lanes.refuse_resting(host, "https")
        lanes.refuse_resting("b.a.example", "http")

    run(fake_time, use)


def test_silences_count_for_the_address_that_was_silent_and_an_answer_ends_its_own_row(fake_time: FakeTime) -> None:
    async def use(lanes: HostLanes) -> None:
        lanes.unanswered("a.example", "http")
        lanes.unanswered("a.example", "https")
        lanes.answered("a.example", 200, scheme="https")
        lanes.unanswered("a.example", "https")
        lanes.refuse_resting("a.example", "https")
        lanes.unanswered("a.example", "http")
        with pytest.raises(Deferred):
            lanes.refuse_resting("a.example", "http")

    run(fake_time, use)


def test_a_429_of_one_host_makes_its_whole_domain_rest_and_a_503_only_the_host(fake_time: FakeTime) -> None:
    async def use(lanes: HostLanes) -> None:
        lanes.answered("feeds.paper.co.uk", 429, 600.0)
        lanes.answered("www.other.com", 503, 600.0)
        for host in ("feeds.paper.co.uk", "www.paper.co.uk:8443", "paper.co.uk"):
            with pytest.raises(Deferred, match="600 s of rest"):
                await lanes.begin(host)
        for host in ("other.com", "paper.com", "rival.co.uk", "one.github.io"):
            lanes.refuse_resting(host)
        lanes.answered("one.github.io", 429, 600.0)
        lanes.refuse_resting("two.github.io")  # customers of a hosting platform are publishers of their own

    run(fake_time, use)


def test_after_a_429_the_pause_lies_between_requests_to_any_host_of_the_domain(fake_time: FakeTime) -> None:
    starts: list[float] = []

    async def request(lanes: HostLanes, host: str) -> None:
        async with lanes.turn(host):
            starts.append(fake_time.now())

    async def use(lanes: HostLanes) -> None:
        lanes.answered("a.paper.com", 429, 0.0)
        await asyncio.gather(*(request(lanes, f"{name}.paper.com") for name in "abcd"))

    run(fake_time, use, delay_s=4.0)
    assert [later - earlier for earlier, later in pairwise(starts)] == [8.0, 8.0, 8.0]


def test_a_host_that_refuses_for_ever_without_asking_for_time_is_no_error(fake_time: FakeTime) -> None:
    async def use(lanes: HostLanes) -> None:
        for _ in range(2_000):
            lanes.answered("a.example", 429, 0.0)
        lanes.answered("a.example", 429)
        with pytest.raises(Deferred, match="of rest"):
            lanes.refuse_resting("a.example")

    run(fake_time, use)

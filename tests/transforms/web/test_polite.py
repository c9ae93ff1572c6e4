from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from itertools import pairwise
from typing import Never, TypeVar

import pytest

from tests.web_server import Answer, FakeResolver, FakeTime, WebServer
from transforms.web.errors import Deferred, FetchError
from transforms.web.http.client import HttpClient, HttpSettings, Limits
from transforms.web.http.guard import AddressGuard
from transforms.web.politeness.polite import HostMemory, PoliteClient, open_polite_client

Result = TypeVar("Result")
SETTINGS = HttpSettings(contact="desk@newsbeam.example", limits=Limits(connect_s=2, header_s=2, total_s=5))
LOOPBACK = AddressGuard(("127.0.0.0/8",))
PAGE = Answer(200, b"<html><p>The river rose.</p></html>")


@pytest.fixture(autouse=True)
def _no_rules(web: WebServer) -> None:
    web.on("/a", PAGE)
    web.on("/b", PAGE)


def polite(
    fake_time: FakeTime,
    use: Callable[[PoliteClient], Awaitable[Result]],
    memories: Iterable[HostMemory] = (),
    settings: HttpSettings = SETTINGS,
    resolver: FakeResolver | None = None,
    deadline_us: int | None = None,
    guard: AddressGuard = LOOPBACK,
) -> Result:
    """What `use` gives with a client that really connects, but sleeps in the fake time only."""

    async def run() -> Result:
        async with HttpClient(settings, guard, fake_time, resolver or FakeResolver()) as client:
            return await use(
                PoliteClient(client, settings, fake_time, memories, deadline_us, fake_time.now, fake_time.sleep)
            )

    return asyncio.run(run())


def fetch_all(fake_time: FakeTime, *urls: str, **options: object) -> list[int | str]:
    """Each URL's status, reason or ``deferred``, one after another."""

    async def use(client: PoliteClient) -> list[int | str]:
        results: list[int | str] = []
        for url in urls:
            try:
                results.append((await client.fetch(url)).status)
            except FetchError as error:
                results.append(error.reason.value)
            except Deferred:
                results.append("deferred")
        return results

    return polite(fake_time, use, **options)  # type: ignore[arg-type]


def test_robots_txt_is_asked_for_once_a_host_and_before_anything_else(web: WebServer, fake_time: FakeTime) -> None:
    web.on("/robots.txt", Answer(200, b"User-agent: *\nDisallow: /b"))
    urls = [web.url(path, host) for host in ("a.example", "b.example") for path in ("/a", "/b", "/a")]
    assert fetch_all(fake_time, *urls) == [200, "robots_denied", 200] * 2
    assert web.asked("a.example") == web.asked("b.example") == ["/robots.txt", "/a", "/a"]


def test_between_requests_to_a_host_lies_the_longer_of_our_delay_and_its_own(
    web: WebServer, fake_time: FakeTime
) -> None:
    web.on("slow.example/robots.txt", Answer(200, b"User-agent: *\nCrawl-delay: 7"))
    fetch_all(fake_time, web.url("/a", "slow.example"), web.url("/b", "slow.example"))
    assert [round(s, 6) for s in fake_time.slept] == [7, 7]
    fake_time.slept.clear()
    fetch_all(fake_time, web.url("/a", "quick.example"), web.url("/b", "quick.example"))
    assert [round(s, 6) for s in fake_time.slept] == [1, 1]


def test_what_robots_txt_states_of_a_pages_use_is_known_without_a_further_request(
    web: WebServer, fake_time: FakeTime
) -> None:
    web.on("/robots.txt", Answer(200, b"User-agent: GPTBot\nDisallow: /b"))

    async def use(client: PoliteClient) -> list[tuple[str, ...] | None]:
        before = client.robots_usage(web.url("/a", "a.example"))
        await client.fetch(web.url("/a", "a.example"))
        return [before, *(client.robots_usage(web.url(path, "a.example")) for path in ("/a", "/b"))]

    stated = polite(fake_time, use)
    assert stated == [None, ("robots.txt:gptbot=allow",), ("robots.txt:gptbot=disallow",)]
    assert web.asked("a.example") == ["/robots.txt", "/a"]


def test_what_robots_txt_forbids_or_does_not_say_is_not_fetched(web: WebServer, fake_time: FakeTime) -> None:
    web.on("broken.example/robots.txt", Answer(500))
    web.on("loop.example/robots.txt", Answer(302, headers={"Location": "/robots.txt"}))
    assert fetch_all(fake_time, web.url("/a", "broken.example")) == ["robots_unavailable"]
    assert fetch_all(fake_time, web.url("/a", "loop.example")) == [200]
    assert web.asked("broken.example") == ["/robots.txt"]


def test_robots_txt_may_come_from_elsewhere_and_is_cut_at_500_kib(web: WebServer, fake_time: FakeTime) -> None:
    rules = b"User-agent: *\nDisallow: /b\n" + b"#" * 600_000 + b"\nDisallow: /a\n"
    web.on("a.example/robots.txt", Answer(301, headers={"Location": web.url("/rules", "cdn.example")}))
    web.on("cdn.example/rules", Answer(200, rules))
    assert fetch_all(fake_time, web.url("/a", "a.example"), web.url("/b", "a.example")) == [200, "robots_denied"]


def test_the_host_that_a_redirect_leads_to_is_asked_for_its_own_rules(web: WebServer, fake_time: FakeTime) -> None:
    web.on("a.example/a", Answer(302, headers={"Location": web.url("/a", "b.example")}))
    web.on("b.example/robots.txt", Answer(200, b"User-agent: newsbeam\nDisallow: /"))
    assert fetch_all(fake_time, web.url("/a", "a.example")) == ["robots_denied"]
    assert web.asked("b.example") == ["/robots.txt"]


def test_hosts_that_redirect_to_each_other_do_not_wait_for_each_other(web: WebServer, fake_time: FakeTime) -> None:
    web.on("a.example/x", Answer(302, headers={"Location": web.url("/a", "b.example")}))
    web.on("b.example/x", Answer(302, headers={"Location": web.url("/a", "a.example")}))

    async def use(client: PoliteClient) -> list[str]:
        async with asyncio.timeout(5):
            answers = await asyncio.gather(*(client.fetch(web.url("/x", f"{host}.example")) for host in "ab" * 3))
        return [answer.final_url for answer in answers]

    assert polite(fake_time, use) == [web.url("/a", f"{host}.example") for host in "ba" * 3]
    assert (web.most_at_once["a.example"], web.most_at_once["b.example"]) == (1, 1)


def test_only_one_request_at_a_time_goes_to_a_host(web: WebServer, fake_time: FakeTime) -> None:
    web.on("/a", replace(PAGE, delay_s=0.01))

    async def use(client: PoliteClient) -> None:
        await asyncio.gather(*(client.fetch(web.url("/a", f"{n % 3}.example")) for n in range(12)))

    polite(fake_time, use)
    assert web.most_at_once == {"0.example": 1, "1.example": 1, "2.example": 1, "all": 3}
    assert len(web.asked("0.example")) == 5


LOST = Answer(raw=b"", close=True)


@pytest.mark.parametrize(
    "answers",
    [
        [Answer(503), Answer(502), PAGE],
        [Answer(504), Answer(504), PAGE],
        [LOST, LOST, PAGE],
    ],
)
def test_what_may_pass_is_tried_again_with_growing_pauses(
    web: WebServer, fake_time: FakeTime, answers: list[Answer]
) -> None:
    web.on("/a", answers)
    assert fetch_all(fake_time, web.url("/a"), settings=replace(SETTINGS, host_delay_s=0.0)) == [200]
    once, twice = fake_time.slept
    assert 0.5 <= once <= 1.5
    assert twice == pytest.approx(2 * once)
    assert web.asked() == ["/robots.txt", "/a", "/a", "/a"]


def test_after_two_more_tries_the_answer_stands(web: WebServer, fake_time: FakeTime) -> None:
    web.on("/a", Answer(503))
    web.on("/b", Answer(500))
    assert fetch_all(fake_time, web.url("/a"), web.url("/b")) == [503, 500]
    assert web.asked() == ["/robots.txt", "/a", "/a", "/a", "/b"]


def test_a_short_retry_after_is_waited_for_and_the_request_made_again(web: WebServer, fake_time: FakeTime) -> None:
    web.on("/a", [Answer(429, headers={"Retry-After": "20"}), PAGE])
    assert fetch_all(fake_time, web.url("/a")) == [200]
    assert sum(fake_time.slept) == pytest.approx(21, abs=0.5)


def test_a_host_that_asks_for_an_hour_is_left_for_another_run(web: WebServer, fake_time: FakeTime) -> None:
    web.on("/a", Answer(429, headers={"Retry-After": "3600"}))
    assert fetch_all(fake_time, web.url("/a"), web.url("/b"), web.url("/b", "other.example")) == [429, "deferred", 200]
    assert sum(fake_time.slept) < 3
    assert "/b" not in web.asked("127.0.0.1")


def test_a_dead_host_costs_two_connections_and_the_rest_of_its_work_is_deferred(fake_time: FakeTime) -> None:
    resolver = FakeResolver({"dead.example": []})
    urls = [f"http://dead.example/{n}" for n in range(10)]
    assert fetch_all(fake_time, *urls, resolver=resolver) == ["unreachable"] + ["deferred"] * 9
    assert resolver.asked.count("dead.example") == 2


def test_a_refused_address_is_refused_for_each_entry(fake_time: FakeTime) -> None:
    resolver = FakeResolver({"inside.example": ["10.0.0.1"]})
    urls = ["http://inside.example/1", "http://inside.example/2"]
    assert fetch_all(fake_time, *urls, resolver=resolver, guard=AddressGuard()) == ["address_refused"] * 2


def test_nothing_starts_after_the_deadline(web: WebServer, fake_time: FakeTime) -> None:
    deadline_us = fake_time.now_us() + 2_500_000
    urls = [web.url("/a")] * 4
    assert fetch_all(fake_time, *urls, deadline_us=deadline_us) == [200, 200, "deferred", "deferred"]


def test_what_one_stage_learned_holds_in_the_next(web: WebServer, fake_time: FakeTime) -> None:
    web.on("/robots.txt", Answer(200, b"User-agent: *\nDisallow: /b\nCrawl-delay: 9"))
    web.on("gone.example/robots.txt", Answer(404))
    web.on("busy.example/a", Answer(429, headers={"Retry-After": "900"}))

    async def first(client: PoliteClient) -> list[HostMemory]:
        for host in ("gone.example", "busy.example", "a.example"):
            await client.fetch(web.url("/a", host))
        return client.memories()

    memories = polite(fake_time, first)
    assert [memory.host for memory in memories] == [f"{h}.example:{web.port}" for h in ("a", "busy", "gone")]
    web.log.clear()
    fake_time.slept.clear()
    urls = [web.url("/a", "a.example"), web.url("/b", "a.example"), web.url("/b", "gone.example")]
    urls.append(web.url("/b", "busy.example"))
    assert fetch_all(fake_time, *urls, memories=memories) == [200, "robots_denied", 200, "deferred"]
    assert [asked.path for asked in web.log] == ["/a", "/b"]
    assert fake_time.slept[0] == pytest.approx(9)  # the delay since the first stage's request still runs


def test_rules_older_than_a_day_are_asked_for_again(web: WebServer, fake_time: FakeTime) -> None:
    old = HostMemory(f"127.0.0.1:{web.port}", 0, 200, "User-agent: *\nDisallow: /", fake_time.now_us() - 86_401_000_000)
    assert fetch_all(fake_time, web.url("/a"), memories=[old]) == [200]
    assert web.asked() == ["/robots.txt", "/a"]


def test_of_several_memories_of_a_host_the_newest_rules_and_the_latest_request_count(
    web: WebServer, fake_time: FakeTime
) -> None:
    now_us, host = fake_time.now_us(), f"127.0.0.1:{web.port}"
    memories = [
        HostMemory(host, now_us - 400_000, 200, "User-agent: *\nDisallow: /b", now_us - 1),
        HostMemory(host, now_us - 900_000, 404, None, now_us - 2),
    ]
    assert fetch_all(fake_time, web.url("/b"), web.url("/a"), memories=memories) == ["robots_denied", 200]
    assert fake_time.slept == [pytest.approx(0.6)]


def test_an_address_that_is_none_is_a_bad_url(fake_time: FakeTime) -> None:
    assert fetch_all(fake_time, "http://user@news.example/", "news") == ["bad_url", "bad_url"]


def test_the_client_opens_with_the_real_clock_of_its_loop(web: WebServer, fake_time: FakeTime) -> None:
    async def run() -> int:
        settings = replace(SETTINGS, host_delay_s=0.0)
        async with open_polite_client(settings, LOOPBACK, fake_time, resolver=FakeResolver()) as client:
            return (await client.fetch(web.url("/a"))).status

    assert asyncio.run(run()) == 200


def test_a_dead_host_costs_one_time_out_in_both_stages_together(fake_time: FakeTime) -> None:
    asked: list[str] = []

    class Silent(FakeResolver):
        async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> Never:
            asked.append(host)
            await asyncio.Event().wait()
            raise AssertionError

    quick = replace(SETTINGS, limits=replace(SETTINGS.limits, connect_s=0.05))
    urls = [f"http://dead.example/{n}" for n in range(40)]

    async def first(client: PoliteClient) -> list[HostMemory]:
        with pytest.raises(FetchError, match="no connection within"):
            await client.fetch(urls[0])
        for url in urls[1:]:
            with pytest.raises(Deferred):
                await client.fetch(url)
        return client.memories()

    memories = polite(fake_time, first, settings=quick, resolver=Silent())
    options = {"memories": memories, "settings": quick, "resolver": Silent()}
    assert fetch_all(fake_time, *urls, **options) == ["deferred"] * 40
    assert asked == ["dead.example"]


def test_a_host_that_takes_connections_and_says_nothing_is_left_after_two_time_outs(
    web: WebServer, fake_time: FakeTime
) -> None:
    web.on("/a", replace(PAGE, delay_s=60))
    quick = replace(SETTINGS, limits=replace(SETTINGS.limits, header_s=0.05))
    known = HostMemory(f"127.0.0.1:{web.port}", None, 404, None, fake_time.now_us())
    urls = [web.url("/a")] * 5
    assert fetch_all(fake_time, *urls, settings=quick, memories=[known]) == ["timeout"] + ["deferred"] * 4
    assert web.connections == 2


def test_a_pause_that_one_stage_was_made_to_take_holds_in_the_next(web: WebServer, fake_time: FakeTime) -> None:
    web.on("/a", Answer(429))

    async def first(client: PoliteClient) -> list[HostMemory]:
        await client.fetch(web.url("/a"))
        return client.memories()

    (memory,) = polite(fake_time, first)
    assert memory.slow_s == 2
    web.on("/a", PAGE)
    fake_time.now_s += 60
    fake_time.slept.clear()
    fetch_all(fake_time, web.url("/a"), web.url("/a"), memories=[memory])
    assert fake_time.slept == [pytest.approx(1.5)]


def test_five_redirects_of_robots_txt_are_followed_across_hosts_and_a_sixth_means_no_rules(
    web: WebServer, fake_time: FakeTime
) -> None:
    for count, rules in ((5, "/five"), (6, "/six")):
        hosts = [f"r{count}{n}.example" for n in range(count + 1)]
        for here, there in pairwise(hosts):
            path = rules if there == hosts[-1] else "/robots.txt"
            web.on(f"{here}/robots.txt", Answer(301, headers={"Location": web.url(path, there)}))
        web.on(rules, Answer(200, b"User-agent: *\nDisallow: /"))
    assert fetch_all(fake_time, web.url("/a", "r50.example"), web.url("/a", "r60.example")) == ["robots_denied", 200]


def test_a_host_that_a_redirect_leads_to_keeps_its_own_delay(web: WebServer, fake_time: FakeTime) -> None:
    web.on("a.example/x", Answer(302, headers={"Location": web.url("/a", "b.example")}))
    web.on("b.example/robots.txt", Answer(200, b"User-agent: *\nCrawl-delay: 20"))
    assert fetch_all(fake_time, web.url("/b", "b.example"), web.url("/x", "a.example")) == [200, 200]
    assert fake_time.slept == pytest.approx([20, 1, 19], abs=0.01)


def test_a_host_that_only_fails_is_asked_once_for_each_page_and_not_three_times(
    web: WebServer, fake_time: FakeTime
) -> None:
    for path in ("/a", "/b", "/c", "/d"):
        web.on(path, Answer(503))
    assert fetch_all(fake_time, *(web.url(path) for path in ("/a", "/b", "/c", "/d"))) == [503] * 4
    assert web.asked() == ["/robots.txt", "/a", "/a", "/a", "/b", "/c", "/d"]
    web.on("/a", [PAGE, Answer(503), PAGE])  # it recovers, and its slips are forgiven again
    assert fetch_all(fake_time, web.url("/a"), web.url("/a")) == [200, 200]


def test_http_that_takes_no_connection_leaves_https_and_other_ports_of_the_host_alone(
    web: WebServer, fake_time: FakeTime
) -> None:
    dead = "http://paper.example:1/a"  # nobody listens on port 1
    assert fetch_all(fake_time, dead, dead, web.url("/a", "paper.example")) == ["unreachable", "deferred", 200]

    async def use(client: PoliteClient) -> list[str]:
        messages = []
        for url in ("http://paper.example:1/a", "https://paper.example:1/a", "http://paper.example:1/a"):
            try:
                await client.fetch(url)
            except (FetchError, Deferred) as error:
                messages.append(type(error).__name__)
        return messages

    assert polite(fake_time, use) == ["FetchError", "FetchError", "Deferred"]


def test_what_is_dead_in_one_stage_is_dead_in_the_next_by_its_scheme(web: WebServer, fake_time: FakeTime) -> None:
    async def first(client: PoliteClient) -> list[HostMemory]:
        with pytest.raises(FetchError):
            await client.fetch("http://paper.example:1/a")
        return client.memories()

    (memory,) = polite(fake_time, first)
    assert (memory.is_dead, memory.dead_schemes) == (False, ("http",))
    urls = ["http://paper.example:1/a", "https://paper.example:1/a"]
    assert fetch_all(fake_time, *urls, memories=[memory]) == ["deferred", "unreachable"]


def test_a_429_to_a_feed_holds_for_the_pages_on_another_host_of_the_publisher(
    web: WebServer, fake_time: FakeTime
) -> None:
    web.on("/a", Answer(429, headers={"Retry-After": "900"}))

    async def first(client: PoliteClient) -> list[HostMemory]:
        await client.fetch(web.url("/a", "feeds.paper.com"))
        return client.memories()

    memories = polite(fake_time, first)
    urls = [web.url("/b", "www.paper.com"), web.url("/b", "www.rival.com")]
    assert fetch_all(fake_time, *urls, memories=memories) == ["deferred", 200]


@pytest.mark.parametrize(("given", "phase"), [(Answer(503), "policy"), (Answer(raw=b"", close=True), "headers")])
def test_a_robots_txt_that_got_no_answer_is_told_from_one_that_got_a_bad_one(
    web: WebServer, fake_time: FakeTime, given: Answer, phase: str
) -> None:
    web.on("silent.example/robots.txt", given)

    async def use(client: PoliteClient) -> FetchError:
        with pytest.raises(FetchError) as failed:
            await client.fetch(web.url("/a", "silent.example"))
        return failed.value

    error = polite(fake_time, use)
    assert (error.reason, error.phase) == ("robots_unavailable", phase)

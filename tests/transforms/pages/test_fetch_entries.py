from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from schemas.failure import Reason
from schemas.feed import FeedEntry
from schemas.page import Page
from tests.transforms.pages.entries import entry
from tests.web_server import FakeTime
from transforms.pages import fetch_entries as fetch_entries_module
from transforms.pages.entry_end import EntryFailure, FetchResult, OfflineEntry, end_of_entry
from transforms.pages.fetch_entries import fetch_entries
from transforms.web.errors import Deferred, FetchError
from transforms.web.http.response import Response, headers_of
from transforms.web.urls import host_of


class FakeClient:
    """Answers by the last part of the path; remembers the order, and when each host was busy."""

    def __init__(self, body: bytes = b"<p>The river rose.") -> None:
        self.body = body
        self.asked: list[str] = []
        self.most_at_once = 0
        self._busy: set[str] = set()

    async def fetch(self, url: str, headers: Sequence[tuple[str, str]] = ()) -> Response:
        host = host_of(url)
        assert host not in self._busy, "two requests at once to one host"
        self._busy.add(host)
        self.most_at_once = max(self.most_at_once, len(self._busy))
        self.asked.append(url)
        await asyncio.sleep(0.01 if "slow" in host else 0)
        self._busy.remove(host)
        match url.rpartition("/")[2]:
            case "deferred":
                raise Deferred("no time")
            case "timeout":
                raise FetchError(Reason.TIMEOUT, "slow")
            case "cut":
                raise FetchError(Reason.UNREACHABLE, "no connection", phase="connect")
            case "missing":
                return Response(url, url, (), 404, headers_of(()), b"", 1)
            case "bug":
                raise KeyError("a bug")
        return Response(url, url, (), 200, headers_of(()), self.body, 1)

    def robots_usage(self, url: str) -> tuple[str, ...]:
        return (f"robots.txt:content-usage:{host_of(url).partition('.')[0]}=n",)


def fetched(entries: Sequence[FeedEntry], client: FakeClient, **options: int) -> list[FetchResult]:
    async def run() -> list[FetchResult]:
        async with asyncio.timeout(5):
            return [result async for result in fetch_entries(entries, client, FakeTime(), "run-1", **options)]

    return asyncio.run(run())


def test_each_entry_gives_exactly_one_result_of_its_kind() -> None:
    names = ["page", "missing", "timeout", "deferred"]
    entries = [entry(f"https://{host}.example/{name}") for host in "abc" for name in names]

    results: dict[str, object] = {}
    for result in fetched(entries, FakeClient()):
        if isinstance(result, Page):
            results[result.url] = "page"
        elif isinstance(result, EntryFailure):
            results[result.entry.url] = result.error.reason
        else:
            results[result.entry.url] = "deferred"
    kinds = {"page": "page", "missing": Reason.NOT_FOUND, "timeout": Reason.TIMEOUT, "deferred": "deferred"}
    assert results == {one.url: kinds[one.url.rpartition("/")[2]] for one in entries}


def test_a_page_keeps_what_its_host_states_of_its_use() -> None:
    results = fetched([entry("https://a.example/page"), entry("https://b.example/page")], FakeClient())
    assert {result.url: result.robots_usage for result in results if isinstance(result, Page)} == {
        f"https://{host}.example/page": (f"robots.txt:content-usage:{host}=n",) for host in "ab"
    }


def test_where_most_hosts_cannot_be_reached_it_is_our_network_and_no_try_is_used_up() -> None:
    cut = [entry(f"https://{host}.example/cut", attempts=int(host == "e")) for host in "abcde"]
    results = fetched([*cut, entry("https://f.example/page"), entry("https://g.example/missing")], FakeClient())
    assert [type(result).__name__ for result in results[:2]] in [["Page", "EntryFailure"], ["EntryFailure", "Page"]]
    assert {result.entry.url for result in results if isinstance(result, OfflineEntry)} == {one.url for one in cut}
    alone = fetched([*cut[:2], *(entry(f"https://{n}.example/page") for n in range(3))], FakeClient())
    assert sum(isinstance(result, EntryFailure) for result in alone) == 2


def test_a_hosts_entries_keep_their_order_left_over_ones_first_then_the_newest() -> None:
    entries = [
        entry("https://a.example/1", published_us=1),
        entry("https://a.example/3", published_us=3),
        entry("https://a.example/2", published_us=2),
        entry("https://a.example/0", origin="pending"),
        entry("https://a.example/second", origin="pending", waiting_since_us=20, published_us=9),
        entry("https://a.example/first", origin="pending", waiting_since_us=10, published_us=1),
        entry("https://a.example/newer", origin="pending", waiting_since_us=10, published_us=2),
    ]
    client = FakeClient()
    fetched(entries, client)
    assert client.asked == [f"https://a.example/{n}" for n in ("0", "newer", "first", "second", *"321")]


def test_a_slow_host_does_not_hold_up_the_others() -> None:
    entries = [entry(f"https://{host}.example/{n}") for host in ("slow", "b", "c") for n in range(4)]
    results = fetched(entries, FakeClient())
    last = [host_of(result.url) for result in results if isinstance(result, Page)][-3:]
    assert last == ["slow.example"] * 3


def test_no_fetch_starts_while_too_much_waits_to_be_taken() -> None:
    entries = [entry(f"https://{n}.example/{m}") for n in range(3) for m in range(20)]
    client = FakeClient(b"<p>" + b"x" * 1000)

    async def run() -> list[int]:
        ahead = []
        taken = 0
        async for _ in fetch_entries(entries, client, FakeTime(), "run-1", waiting_bytes=5000):
            await asyncio.sleep(0.001)
            taken += 1
            ahead.append(len(client.asked) - taken)
        return ahead

    ahead = asyncio.run(run())
    assert len(ahead) == 60
    assert max(ahead) <= 5 + 1 + 3  # what may wait, the one that fills it, and one under way for each host


def test_a_bug_in_one_task_fails_the_whole() -> None:
    with pytest.raises(KeyError, match="a bug"):
        fetched([entry("https://a.example/bug"), entry("https://b.example/page")], FakeClient())


def test_no_entries_give_no_results() -> None:
    assert fetched([], FakeClient()) == []


@pytest.mark.parametrize("step", ["check_page", "page_from"])
def test_a_bug_on_one_answer_is_that_entrys_failure_and_the_others_are_pages(
    monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def broken(*given: object) -> object:
        response = next(one for one in given if isinstance(one, Response))
        if response.url.endswith("/odd"):
            raise IndexError("no such byte")
        return whole(*given)

    whole = getattr(fetch_entries_module, step)
    monkeypatch.setattr(fetch_entries_module, step, broken)
    results = fetched([entry(f"https://a.example/{name}") for name in ("one", "odd", "two")], FakeClient())
    assert sorted(result.url for result in results if isinstance(result, Page)) == [
        "https://a.example/one",
        "https://a.example/two",
    ]
    (failure,) = [result for result in results if isinstance(result, EntryFailure)]
    assert (failure.entry.url, failure.error.reason) == ("https://a.example/odd", Reason.CRASH)
    assert failure.error.message.startswith("IndexError in ")
    end = end_of_entry(failure, "run-1")
    assert end.pending is None, "it is not fetched again and again"

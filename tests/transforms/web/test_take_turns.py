from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from transforms.web.politeness.outage import End, Sighting, Standing
from transforms.web.politeness.take_turns import Told, take_turns


class Hosts:
    """Answers "host/thing" with itself; "…/raise" raises, "…/cut" gets no answer, "…/hang" never ends."""

    def __init__(self) -> None:
        self.under_way: list[str] = []
        self.cancelled: list[str] = []

    async def ask(self, item: str) -> Told[str]:
        host, _, thing = item.partition("/")
        assert host not in self.under_way, "two requests at once to one host"
        self.under_way.append(host)
        try:
            await asyncio.sleep(3600 if thing == "hang" else 0)
        except asyncio.CancelledError:
            self.cancelled.append(item)
            raise
        self.under_way.remove(host)
        if thing == "raise":
            raise KeyError(item)
        if thing == "stop":
            raise asyncio.CancelledError
        end = End.UNREACHED if thing == "cut" else End.ANSWERED
        return Told(item, Sighting(host, 0, 1, end, Standing.WELL))


def taken(*lanes: list[str], hosts: Hosts | None = None, most: int = 100) -> list[str]:
    async def run() -> list[str]:
        results: list[str] = []
        async with asyncio.timeout(5), aclosing(take_turns(lanes, (hosts or Hosts()).ask, str.upper)) as told:
            async for one in told:
                results.append(one)
                if len(results) == most:
                    break
        return results

    return asyncio.run(run())


def test_hosts_are_asked_side_by_side_and_each_in_its_own_order() -> None:
    assert taken(["a/1", "a/2", "a/3"], ["b/1"]) == ["a/1", "b/1", "a/2", "a/3"]


def test_what_got_no_answer_comes_last_and_changes_only_where_it_was_our_network() -> None:
    assert taken(["a/cut"], ["b/1"], ["c/1"]) == ["b/1", "c/1", "a/cut"]
    cut = [[f"{host}/cut"] for host in "abcd"]
    assert taken(*cut, ["e/1"]) == ["e/1", "A/CUT", "B/CUT", "C/CUT", "D/CUT"]


@pytest.mark.parametrize(("thing", "error"), [("raise", KeyError), ("stop", asyncio.CancelledError)])
def test_what_one_request_raises_ends_all_and_nothing_waits_for_ever(thing: str, error: type[BaseException]) -> None:
    hosts = Hosts()
    with pytest.raises(error):
        taken([f"a/{thing}", "a/never"], ["b/hang"], hosts=hosts)
    assert hosts.cancelled == ["b/hang"]


def test_closing_cancels_what_is_under_way() -> None:
    hosts = Hosts()
    assert taken(["a/1"], ["b/hang"], hosts=hosts, most=1) == ["a/1"]
    assert hosts.cancelled == ["b/hang"]


def test_nothing_to_ask_gives_nothing() -> None:
    assert taken() == []
    assert taken([]) == []

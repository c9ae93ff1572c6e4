"""What a log of requests says of its clients' patience."""

from __future__ import annotations

import pytest

from newsroom.pauses import pauses, shortest_pause_s
from newsroom.script import Request


def request(host: str, at_s: float, end_s: float | None) -> Request:
    return Request(at_s, host, "GET", "/", {}, 200, end_s)


def test_pauses_are_those_of_each_host_from_an_end_to_the_next_beginning() -> None:
    log = [request("a", 0.0, 1.0), request("b", 0.5, 0.75), request("a", 1.5, 2.0), request("b", 3.0, 3.5)]
    assert [(pause.after.host, pause.seconds) for pause in pauses(log)] == [("a", 0.5), ("b", 2.25)]
    assert shortest_pause_s(log) == 0.5


def test_requests_under_way_at_once_make_a_negative_pause_also_with_one_in_between() -> None:
    log = [request("a", 0.0, 5.0), request("a", 1.0, 2.0), request("a", 4.0, 4.5)]
    assert [pause.seconds for pause in pauses(log)] == [-4.0, -1.0]
    assert shortest_pause_s(reversed(log)) == -4.0


def test_a_request_without_an_end_is_still_under_way() -> None:
    assert shortest_pause_s([request("a", 0.0, None), request("a", 9.0, 9.5)]) == float("-inf")


@pytest.mark.parametrize("log", [[], [request("a", 0.0, 1.0), request("b", 0.0, 1.0)]])
def test_hosts_that_are_asked_once_have_no_pause(log: list[Request]) -> None:
    assert shortest_pause_s(log) == float("inf")

"""The pauses between the requests in a log: do its clients ask each host one thing at a time?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from newsroom.script import Request


class Pause(NamedTuple):
    """The seconds from the end of one request to the next at its host; negative if both were under way at once."""

    seconds: float
    before: Request
    after: Request


def pauses(requests: Iterable[Request]) -> Iterator[Pause]:
    """A pause for each request but the first to its host, host by host, in the order of arrival.

    A request counts from the latest end of those before it; one without an end goes on for ever.
    """
    hosts: defaultdict[str, list[Request]] = defaultdict(list)
    for request in sorted(requests, key=lambda one: one.at_s):
        hosts[request.host].append(request)
    for first, *rest in hosts.values():
        latest = first
        for after in rest:
            yield Pause(after.at_s - _end_s(latest), latest, after)
            latest = max(latest, after, key=_end_s)


def shortest_pause_s(requests: Iterable[Request]) -> float:
    """The shortest pause in seconds; infinite if no host was asked twice."""
    return min((pause.seconds for pause in pauses(requests)), default=float("inf"))


def _end_s(request: Request) -> float:
    return float("inf") if request.end_s is None else request.end_s

"""Whether a log of requests is that of a polite client."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from newsroom.script import Request

Impolite = tuple[float, Request, Request]
"""The seconds from the end of a request to the next at its host, negative if they overlap, and the two."""


def gaps(requests: Iterable[Request]) -> Iterator[Impolite]:
    """The pause between each two requests to a host that follow each other. One without an end has just begun."""
    hosts: defaultdict[str, list[Request]] = defaultdict(list)
    for request in requests:
        hosts[request.host].append(request)
    for of in hosts.values():
        last_end = of[0]
        for before, after in pairwise(sorted(of, key=lambda one: one.at_s)):
            last_end = max(last_end, before, key=lambda one: one.end_s or one.at_s)
            yield after.at_s - (last_end.end_s or last_end.at_s), last_end, after


def smallest_gap_s(requests: Iterable[Request]) -> float:
    """The shortest such pause in seconds; infinite without two requests to a host."""
    return min((gap[0] for gap in gaps(requests)), default=float("inf"))

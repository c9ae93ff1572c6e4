"""Whether requests failed because our own network was down. Pure.

A host that cannot be reached says nothing; many hosts that cannot be reached at the same time, while few or none
answer, say that it is us. What failed then speaks against nobody.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from schemas.failure import Reason
from transforms.web.errors import FetchError

LEAST_HOSTS = 3
"""Fewer hosts that fail together may be a coincidence."""

NEW_AGAINST_ANSWERS = 3
"""Hosts that no run has reached yet may never have been there, as in an old feed list: of them it takes so many times
the hosts that answer."""

_NEAR_US = 2_000_000
"""Requests that begin this close together count as made at the same time."""

_AROUND_US = 10_000_000
"""An outage reaches this far beyond the requests that prove it: the first ones were made while all was well."""


class End(StrEnum):
    """How a request ended, as far as it tells of our network."""

    ANSWERED = "answered"
    UNREACHED = "unreached"
    BROKEN_OFF = "broken off"
    NOTHING = "nothing"


class Standing(StrEnum):
    """What was known of the host before."""

    WELL = "well"
    NEW = "new"
    FAILING = "failing"


class Sighting(NamedTuple):
    """One request: to which host, from when to when (microseconds), how it ended, what was known of the host."""

    host: str
    began_us: int
    ended_us: int
    end: End
    standing: Standing


def end_of(error: FetchError | None) -> End:
    """What the failure of a request, or None for a success, tells of our network."""
    if error is None or error.phase == "answer":
        return End.ANSWERED
    if error.reason not in (Reason.UNREACHABLE, Reason.TIMEOUT, Reason.TRUNCATED) or error.phase == "policy":
        return End.NOTHING
    return End.UNREACHED if error.phase in ("name", "connect") else End.BROKEN_OFF


def of_our_network(sightings: Sequence[Sighting]) -> list[bool]:
    """For each request whether it failed because our own network was down.

    An outage is proven by a request that reached no host, where of the requests that began with it at least
    `LEAST_HOSTS` hosts were not reached: more hosts that had been well than answers came, or, with hosts never reached
    before, `NEW_AGAINST_ANSWERS` times as many. Beginnings are compared, because those who do not answer take longer.
    Hosts that had been failing prove nothing. All that ended without an answer around then is of our network.
    """
    answers = sorted(one.began_us for one in sightings if one.end is End.ANSWERED)
    well = _lost_hosts(one for one in sightings if one.standing is Standing.WELL)
    both = _lost_hosts(one for one in sightings if one.standing is not Standing.FAILING)

    def proves(one: Sighting) -> bool:
        answered, lost_well, lost = (_near(one, begun) for begun in (answers, well, both))
        return lost >= LEAST_HOSTS and (lost_well > answered or lost > NEW_AGAINST_ANSWERS * answered)

    proven = [one for one in sightings if one.end is End.UNREACHED and proves(one)]
    starts, ends = _spans(proven)

    def is_ours(one: Sighting) -> bool:
        span = bisect_right(starts, one.ended_us) - 1
        return one.end in (End.UNREACHED, End.BROKEN_OFF) and span >= 0 and one.ended_us <= ends[span]

    return [is_ours(one) for one in sightings]


def _lost_hosts(sightings: Iterable[Sighting]) -> list[int]:
    """When the first request to each host that was not reached began, in order."""
    lost: dict[str, int] = {}
    for one in sightings:
        if one.end is End.UNREACHED:
            lost[one.host] = min(one.began_us, lost.get(one.host, one.began_us))
    return sorted(lost.values())


def _near(one: Sighting, begun: list[int]) -> int:
    """How many of these beginnings are close to that of a request."""
    return bisect_right(begun, one.began_us + _NEAR_US) - bisect_left(begun, one.began_us - _NEAR_US)


def _spans(proven: Iterable[Sighting]) -> tuple[list[int], list[int]]:
    """The time around these requests as spans that do not overlap: their starts and their ends, in order."""
    starts: list[int] = []
    ends: list[int] = []
    for one in sorted(proven, key=lambda one: one.began_us):
        if ends and one.began_us - _AROUND_US <= ends[-1]:
            ends[-1] = max(ends[-1], one.ended_us + _AROUND_US)
        else:
            starts.append(one.began_us - _AROUND_US)
            ends.append(one.ended_us + _AROUND_US)
    return starts, ends

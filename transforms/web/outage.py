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
from transforms.web.errors import FetchError, Phase

LEAST_HOSTS = 3
"""Fewer hosts that fail together may be a coincidence."""

NEW_AGAINST_ANSWERS = 3
"""Hosts that no run has reached yet may never have been there, as in an old feed list: of them it takes so many times
the hosts that answer."""

_NEAR_US = 2_000_000
"""Requests that begin this close together count as made at the same time."""

_AROUND_US = 10_000_000
"""An outage reaches this far beyond the requests that prove it: the first ones were made while all was well."""


_NO_ANSWER = (Reason.UNREACHABLE, Reason.TIMEOUT, Reason.TRUNCATED, Reason.ROBOTS_UNAVAILABLE)
_LOG_IN_TO_THE_NETWORK = 511


class End(StrEnum):
    """How a request ended, as far as it tells of our network."""

    ANSWERED = "answered"
    UNREACHED = "unreached"
    BROKEN_OFF = "broken off"
    NOTHING = "nothing"


LOST = (End.UNREACHED, End.BROKEN_OFF)
"""How requests end that got no answer."""


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
    """What the failure of a request, or None for a success, tells of our network.

    Who stands between us and all hosts, as in a hotel, takes connections in their place: certificates are not theirs,
    or nothing is said, or 511 (which only such a one may say, RFC 6585), also where robots.txt was asked for.
    """
    if error is None:
        return End.ANSWERED
    if error.phase == Phase.ANSWER or error.status == _LOG_IN_TO_THE_NETWORK:
        return end_of_answer(error.status)
    if error.reason not in _NO_ANSWER or error.phase == Phase.POLICY:
        return End.NOTHING
    return End.UNREACHED if error.phase in (Phase.NAME, Phase.CONNECT) else End.BROKEN_OFF


def end_of_answer(status: int | None) -> End:
    """What an answer tells of our network."""
    return End.BROKEN_OFF if status == _LOG_IN_TO_THE_NETWORK else End.ANSWERED


def of_our_network(sightings: Sequence[Sighting]) -> list[bool]:
    """For each request whether it failed because our own network was down.

    An outage is proven by a request that got no answer, where of the requests that began with it at least
    `LEAST_HOSTS` hosts gave none: more hosts that had been well than answers came, or, with hosts that no run has
    reached before and that were not reached now, `NEW_AGAINST_ANSWERS` times as many. Beginnings are compared, because
    those who do not answer take longer. Hosts that had been failing prove nothing, nor do new ones that were reached.
    All that ended without an answer around then is of our network.
    """
    answers = sorted(one.began_us for one in sightings if one.end is End.ANSWERED)
    lost_well = [one for one in sightings if one.end in LOST and one.standing is Standing.WELL]
    lost_new = [one for one in sightings if one.end is End.UNREACHED and one.standing is Standing.NEW]
    well, both = _first_of_hosts(lost_well), _first_of_hosts([*lost_well, *lost_new])

    def proves(one: Sighting) -> bool:
        answered, of_well, of_both = (_near(one, begun) for begun in (answers, well, both))
        return of_both >= LEAST_HOSTS and (of_well > answered or of_both > NEW_AGAINST_ANSWERS * answered)

    proven = [one for one in (*lost_well, *lost_new) if proves(one)]
    starts, ends = _spans(proven)

    def is_ours(one: Sighting) -> bool:
        span = bisect_right(starts, one.ended_us) - 1
        return one.end in LOST and span >= 0 and one.ended_us <= ends[span]

    return [is_ours(one) for one in sightings]


def _first_of_hosts(lost: Iterable[Sighting]) -> list[int]:
    """When the first of these requests to each host began, in order."""
    first: dict[str, int] = {}
    for one in lost:
        first[one.host] = min(one.began_us, first.get(one.host, one.began_us))
    return sorted(first.values())


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

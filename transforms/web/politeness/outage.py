"""Finds the requests that failed because our own network was down. Pure.

One host that cannot be reached proves nothing. If many hosts cannot be reached at the same time, while few or none
answer, our network is down, and the failures of that time do not count against any host.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from schemas.failure import Reason
from transforms.web.errors import FetchError, Phase

LEAST_HOSTS = 3
"""An outage takes at least this many hosts that fail together; fewer may be a coincidence."""

NEW_AGAINST_ANSWERS = 3
"""Hosts that no run has reached yet may not exist, as in an old feed list. Counting them too, an outage takes more than
this many failing hosts for each answer."""

_NEAR_US = 2_000_000
"""Requests that begin this close together count as made at the same time."""

_AROUND_US = 10_000_000
"""An outage extends this far before and after the requests that prove it."""


_NO_ANSWER = (Reason.UNREACHABLE, Reason.TIMEOUT, Reason.TRUNCATED, Reason.ROBOTS_UNAVAILABLE)
_LOG_IN_TO_THE_NETWORK = 511


class End(StrEnum):
    """How a request ended, as evidence on our network."""

    ANSWERED = "answered"
    UNREACHED = "unreached"
    BROKEN_OFF = "broken off"
    NOTHING = "nothing"


LOST = (End.UNREACHED, End.BROKEN_OFF)
"""How requests end that got no answer."""


class Standing(StrEnum):
    """What was known of a host before the request."""

    WELL = "well"
    NEW = "new"
    FAILING = "failing"


class Sighting(NamedTuple):
    """One request: its host, its start and end (microseconds), how it ended, and what was known of the host before."""

    host: str
    began_us: int
    ended_us: int
    end: End
    standing: Standing


def end_of(error: FetchError | None) -> End:
    """How a request ended, from its error; None is a success.

    A captive portal, as in a hotel, takes connections in place of all hosts. It shows a certificate of its own, or says
    nothing, or answers 511 (which only portals may use, RFC 6585), also to a request for robots.txt.
    """
    if error is None:
        return End.ANSWERED
    if error.phase == Phase.ANSWER or error.status == _LOG_IN_TO_THE_NETWORK:
        return end_of_answer(error.status)
    if error.reason not in _NO_ANSWER or error.phase == Phase.POLICY:
        return End.NOTHING
    return End.UNREACHED if error.phase in (Phase.NAME, Phase.CONNECT) else End.BROKEN_OFF


def end_of_answer(status: int | None) -> End:
    """How a request ended that got an answer with this status."""
    return End.BROKEN_OFF if status == _LOG_IN_TO_THE_NETWORK else End.ANSWERED


def of_our_network(sightings: Sequence[Sighting]) -> list[bool]:
    """For each request whether it failed because our own network was down.

    A request without an answer proves an outage if, among the requests that began at about the same time (2 s before or
    after), at least `LEAST_HOSTS` hosts gave no answer, and either more hosts that had been well than answers, or,
    counting hosts that no run has reached, more than `NEW_AGAINST_ANSWERS` times as many. Starts are compared, because
    requests without an answer take longer. Hosts that had been failing prove nothing, nor do new hosts that took a
    connection. Every request that ended without an answer within 10 s of such proof failed because of our network.
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
    """The start of the first of these requests to each host, in order of time."""
    first: dict[str, int] = {}
    for one in lost:
        first[one.host] = min(one.began_us, first.get(one.host, one.began_us))
    return sorted(first.values())


def _near(one: Sighting, begun: list[int]) -> int:
    """How many of these starts are within `_NEAR_US` of the start of a request."""
    return bisect_right(begun, one.began_us + _NEAR_US) - bisect_left(begun, one.began_us - _NEAR_US)


def _spans(proven: Iterable[Sighting]) -> tuple[list[int], list[int]]:
    """The starts and ends of the outages: `_AROUND_US` around each of these requests, overlapping spans joined."""
    starts: list[int] = []
    ends: list[int] = []
    for one in sorted(proven, key=lambda one: one.began_us):
        if ends and one.began_us - _AROUND_US <= ends[-1]:
            ends[-1] = max(ends[-1], one.ended_us + _AROUND_US)
        else:
            starts.append(one.began_us - _AROUND_US)
            ends.append(one.ended_us + _AROUND_US)
    return starts, ends

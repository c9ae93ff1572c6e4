"""Many hosts that cannot be reached at once are our own network; single ones are their own."""

from __future__ import annotations

from random import Random

import pytest

from schemas.failure import Reason
from transforms.web.errors import FetchError
from transforms.web.politeness.outage import End, Sighting, Standing, end_of, of_our_network

SECOND_US = 1_000_000


def sighting(
    host: object, began_s: float, took_s: float = 0.5, end: End = End.ANSWERED, standing: Standing = Standing.WELL
) -> Sighting:
    began_us = round(began_s * SECOND_US)
    return Sighting(str(host), began_us, began_us + round(took_s * SECOND_US), end, standing)


def lost(host: object, began_s: float, took_s: float = 1.0, standing: Standing = Standing.WELL) -> Sighting:
    return sighting(host, began_s, took_s, End.UNREACHED, standing)


@pytest.mark.parametrize(
    ("well", "new", "failing", "answered", "ours"),
    [
        (3, 0, 0, 0, True),
        (2, 0, 0, 0, False),
        (0, 3, 0, 0, True),
        (0, 0, 9, 0, False),
        (2, 0, 9, 0, False),
        (2, 1, 0, 0, True),
        (6, 0, 0, 4, True),
        (5, 0, 0, 5, False),
        (0, 6, 0, 4, False),  # an old feed list, of which the greater part is dead
        (0, 19, 0, 6, True),
        (3, 0, 0, 97, False),
        (900, 0, 50, 50, True),
    ],
)
def test_most_hosts_at_once_are_our_network_and_few_are_their_own(well, new, failing, answered, ours):
    kinds = [(Standing.WELL, well), (Standing.NEW, new), (Standing.FAILING, failing)]
    all_lost = [lost(f"{kind}{n}", n / 1000, standing=kind) for kind, count in kinds for n in range(count)]
    answers = [sighting(f"up{n}", n / 1000) for n in range(answered)]
    assert of_our_network([*answers, *all_lost]) == [False] * answered + [ours] * len(all_lost)


def test_hosts_count_once_however_many_of_their_requests_fail():
    assert not any(of_our_network([lost(f"host{n % 2}", n / 10) for n in range(40)]))


def test_a_lost_minute_in_a_long_run_is_ours_from_its_first_request_to_its_last_and_nothing_else_is():
    chance, requests = Random(3), []
    for number in range(3_000):
        began_s = number / 10
        if 100 <= began_s < 160:
            requests.append(lost(number, began_s, chance.choice([0.01, 1.5, 10.0])))
        elif number % 20 == 0:
            requests.append(lost(number, began_s, chance.choice([0.01, 10.0])))
        elif 90 <= began_s < 100 and number % 3 == 0:
            requests.append(sighting(number, began_s, 100 - began_s + 5, End.BROKEN_OFF))
        else:
            requests.append(sighting(number, began_s))
    for request, ours in zip(requests, of_our_network(requests), strict=True):
        began_s, ended_s = request.began_us / SECOND_US, request.ended_us / SECOND_US
        if 100 <= began_s < 160 or (request.end is End.BROKEN_OFF and ended_s > 100):
            assert ours == (request.end is not End.ANSWERED), request
        elif ended_s < 85 or began_s > 175:
            assert not ours, request


def test_hosts_that_are_really_dead_time_out_last_and_are_still_their_own():
    requests = [sighting(n, n / 50) for n in range(400)]
    requests += [lost(f"dead{n}", n / 20, 10.0) for n in range(160)]
    assert not any(of_our_network(requests))


@pytest.mark.parametrize(
    ("error", "end"),
    [
        (None, End.ANSWERED),
        (FetchError(Reason.NOT_FOUND, "", 404, phase="answer"), End.ANSWERED),
        (FetchError(Reason.BAD_RESPONSE, "", phase="answer"), End.ANSWERED),
        (FetchError(Reason.UNREACHABLE, "", phase="name"), End.UNREACHED),
        (FetchError(Reason.UNREACHABLE, "", phase="connect", timed_out=True), End.UNREACHED),
        (FetchError(Reason.UNREACHABLE, "", phase="headers"), End.BROKEN_OFF),
        (FetchError(Reason.TIMEOUT, "", phase="headers"), End.BROKEN_OFF),
        (FetchError(Reason.TRUNCATED, "", phase="body"), End.BROKEN_OFF),
        (FetchError(Reason.UNREACHABLE, "certificate refused", phase="certificate"), End.BROKEN_OFF),
        (FetchError(Reason.ROBOTS_UNAVAILABLE, "no answer", phase="headers"), End.BROKEN_OFF),
        (FetchError(Reason.ROBOTS_UNAVAILABLE, "", 503), End.NOTHING),
        (FetchError(Reason.ROBOTS_UNAVAILABLE, "", 511), End.BROKEN_OFF),
        (FetchError(Reason.SERVER_ERROR, "", 511, phase="answer"), End.BROKEN_OFF),
        (FetchError(Reason.SERVER_ERROR, "", 503, phase="answer"), End.ANSWERED),
        (FetchError(Reason.ROBOTS_DENIED, ""), End.NOTHING),
        (FetchError(Reason.ADDRESS_REFUSED, ""), End.NOTHING),
        (FetchError(Reason.TOO_LARGE, "", phase="body"), End.NOTHING),
    ],
)
def test_only_what_got_no_answer_tells_of_the_network(error, end):
    assert end_of(error) is end


@pytest.mark.parametrize("ways", [(End.BROKEN_OFF,), (End.UNREACHED, End.BROKEN_OFF, End.BROKEN_OFF)])
def test_hosts_that_were_well_and_fail_together_in_different_ways_are_our_network(ways):
    together = [sighting(n, n / 10, 0.3 + 9 * (n % 4), ways[n % len(ways)]) for n in range(9)]
    assert all(of_our_network(together))
    assert not any(of_our_network(together[:2]))
    assert not any(of_our_network([*together, *(sighting(f"up{n}", n / 10) for n in range(9))]))
    new = [one._replace(end=End.BROKEN_OFF, standing=Standing.NEW) for one in together]
    assert not any(of_our_network(new))  # hosts that are there, take connections and say nothing

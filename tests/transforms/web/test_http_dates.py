"""Dates in headers are in UTC on any machine."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest
from multidict import CIMultiDict

from transforms.feeds.scheduling.poll_facts import facts_of
from transforms.web.http.http_dates import http_date_s
from transforms.web.http.response import Response

NOON_S = 1_809_432_000.0
URL = "https://paper.example/feed"


@pytest.fixture(params=["America/New_York", "Asia/Kolkata", "UTC"])
def machine_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    "text",
    [
        "Tue, 04 May 2027 12:00:00 GMT", "Tue, 04 May 2027 12:00:00 -0000", "Tue, 04 May 2027 12:00:00",
        "Tue, 04 May 2027 12:00:00 UTC", "Tue, 04 May 2027 14:00:00 +0200", "Tuesday, 04-May-27 12:00:00 GMT",
        "Tue May  4 12:00:00 2027", "Tue, 04 May 2027 14:00:00 CEST", "2027-05-04T12:00:00Z", "2027-05-04 12:00:00",
    ],
)  # fmt: skip
def test_an_http_date_is_the_same_instant_on_every_machine(text: str, machine_zone: str) -> None:
    assert http_date_s(text) == NOON_S, os.environ["TZ"]


@pytest.mark.parametrize("text", ["", "soon", "Tue, 99 May 2027 12:00:00 GMT", "0", "Tue, 04 May 99999 12:00:00 GMT"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert http_date_s(text) is None


def test_waits_and_freshness_do_not_hang_on_the_zone_of_the_machine(machine_zone: str) -> None:
    headers = {
        "Date": "Tue, 04 May 2027 12:00:00",
        "Retry-After": "Tue, 04 May 2027 12:10:00 -0000",
        "Expires": "Tue, 04 May 2027 12:20:00",
    }
    response = Response(URL, URL, (), 200, CIMultiDict(headers), b"", 1, 0)
    assert (response.retry_after_s, facts_of(response, conditional=False).fresh_s) == (600.0, 1200)

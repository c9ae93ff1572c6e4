"""When an article was published and which source says so; the day in an address; which instants are credible."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from transforms.text.clock import DAY_US, SECOND_US
from transforms.text.instants import EPOCH, Instant
from transforms.text.month_names import month_of

_EARLIEST_US = int(datetime(1995, 1, 1, tzinfo=UTC).timestamp()) * SECOND_US
"""The web's first newspapers; an earlier date is a default or a mistake, and 1995-01-01 itself is a known default."""

_AHEAD_US = DAY_US
"""A page may be dated a little ahead of its fetch: time zones left out, embargoes, clocks that run fast."""

_URL_DATE = re.compile(
    r"/(?P<year>(?:19|20)\d\d)[/-](?P<month>0?[1-9]|1[0-2])[/-](?P<day>0?[1-9]|[12]\d|3[01])(?=[/_-]|$)"
)
_MONTH_DATE = re.compile(
    r"/(?P<year>(?:19|20)\d\d)/(?P<month>[a-z]{3,9})/(?P<day>0?[1-9]|[12]\d|3[01])(?=/)", re.IGNORECASE
)
_NAME_DATE = re.compile(
    r"[/_-](?P<year>(?:19|20)\d\d)(?P<mark>[_-]?)(?P<month>0[1-9]|1[0-2])(?P=mark)(?P<day>0[1-9]|[12]\d|3[01])(?=[._/-]|$)"
)
"""A day inside a name: "/20260302-a-headline", "/a-headline-2026-03-02.html"."""


class DatedBy(NamedTuple):
    """An instant, its precision, and the source that stated it."""

    us: int
    precision: str
    source: str


def url_date(url: str) -> Instant | None:
    """The day in an address's path: ``/2026/03/02/``, ``/2026/mar/02/`` or ``/20260302-a-headline``; None if none."""
    path = url.partition("?")[0]
    match = _URL_DATE.search(path) or _NAME_DATE.search(path) or _MONTH_DATE.search(path)
    if match is None:
        return None
    month = int(match["month"]) if match["month"].isdigit() else month_of(match["month"], "en")
    try:
        moment = datetime(int(match["year"]), month or 0, int(match["day"]), tzinfo=UTC)
    except ValueError:
        return None
    return Instant((moment - EPOCH) // timedelta(microseconds=1), "day")


def is_credible(us: int, fetched_at_us: int) -> bool:
    """Whether an article can have been published at `us`: after the web began, at most a day after its own fetch."""
    return _EARLIEST_US + DAY_US <= us <= fetched_at_us + _AHEAD_US

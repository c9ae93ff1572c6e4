"""When an article was published and which source says so; the day in an address; which instants are credible."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from transforms.common.clock import DAY_US
from transforms.text.dates.day_order import Habits, month_first
from transforms.text.dates.instants import UNKNOWN, Instant, Precision, day_instant
from transforms.text.dates.month_names import month_of

_EARLIEST_US = day_instant(1995, 1, 1).us
"""The web's first newspapers; an earlier date is a default or a mistake, and 1995-01-01 itself is a known default."""

_AHEAD_US = DAY_US
"""A page may be dated a little ahead of its fetch: time zones left out, embargoes, clocks that run fast."""

_URL_DATE = re.compile(
    r"/(?P<year>(?:19|20)\d\d)[/-](?P<month>0?[1-9]|1[0-2])[/-](?P<day>0?[1-9](?=[/_]|$)|(?:0[1-9]|[12]\d|3[01])(?=[/_-]|$))"
)
"""A single figure before a hyphen is the first word of a name: "/2026/03/3-quays-close"."""

_MONTH_DATE = re.compile(
    r"/(?P<year>(?:19|20)\d\d)/(?P<month>[a-z]{3,9})/(?P<day>0?[1-9]|[12]\d|3[01])(?=/)", re.IGNORECASE
)
_NAME_DATE = re.compile(
    r"[/_-](?P<year>(?:19|20)\d\d)(?P<mark>[_-]?)(?P<month>0[1-9]|1[0-2])(?P=mark)(?P<day>0[1-9]|[12]\d|3[01])(?=[._/-]|$)"
)
"""A day inside a name: "/20260302-a-headline", "/a-headline-2026-03-02.html"."""

_DAY_FIRST_DATE = re.compile(
    r"[/_~-](?P<day>0[1-9]|[12]\d|3[01])(?P<mark>[_-]?)(?P<month>0[1-9]|1[0-2])(?P=mark)(?P<year>20\d\d)(?=[._/-]|$)"
)


class DateSource(StrEnum):
    """Who states a date; MODIFIED is the date of an edit, where nothing states one of the publication."""

    JSON_LD = "json_ld"
    META = "meta"
    FEED = "feed"
    TIME_ELEMENT = "time_element"
    URL = "url"
    TEXT = "text"
    MODIFIED = "modified"


class DatedBy(NamedTuple):
    """An instant as a source stated it, and the day that a reader sees there: that in the source's own offset."""

    us: int
    precision: Precision
    source: DateSource
    day: date
    offset_minutes: int | None = None


def dated_by(instant: Instant, source: DateSource) -> DatedBy:
    """An instant with the source that stated it."""
    return DatedBy(instant.us, instant.precision, source, instant.day, instant.offset_minutes)


def url_date(url: str, habits: Habits = UNKNOWN) -> Instant | None:
    """The day in an address's path: ``/2026/03/02/``, ``/2026/mar/02/``, ``/20260302-a-headline``, or, where the day
    comes before the month, ``/02-03-2026-a-headline``; None if none."""
    path = url.partition("?")[0]
    match = _URL_DATE.search(path) or _NAME_DATE.search(path) or _MONTH_DATE.search(path)
    if match is None and month_first(habits) is False:
        match = _DAY_FIRST_DATE.search(path)
    return _day_of(match) if match is not None else None


def folder_date(url: str) -> Instant | None:
    """The day in the folders of an address, ``/2026/03/02/``, which systems make at the first publication."""
    path = url.partition("?")[0]
    match = _URL_DATE.search(path)
    is_folder = match is not None and match[0].count("/") == 3 and path[match.end() : match.end() + 1] in ("", "/")
    return _day_of(match) if match is not None and is_folder else None


def _day_of(match: re.Match[str]) -> Instant | None:
    month = int(match["month"]) if match["month"].isdigit() else month_of(match["month"], "en")
    try:
        return day_instant(int(match["year"]), month or 0, int(match["day"]))
    except ValueError:
        return None


def is_credible(us: int, fetched_at_us: int) -> bool:
    """Whether an article can have been published at `us`: after the web began, at most a day after its own fetch."""
    return _EARLIEST_US + DAY_US <= us <= fetched_at_us + _AHEAD_US

"""When an article was published, and who says so."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from dateutil import parser as dateutil_parser

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_US = 86_400_000_000
_EARLIEST_US = int(datetime(1995, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
"""The web's first newspapers; an earlier date is a default or a mistake, and 1995-01-01 itself is a known default."""

_AHEAD_US = int(timedelta(days=1).total_seconds()) * 1_000_000
"""A page may be dated a little ahead of its fetch: time zones left out, embargoes, clocks that run fast."""

_URL_DATE = re.compile(
    r"/(?P<year>(?:19|20)\d\d)[/-](?P<month>0?[1-9]|1[0-2])[/-](?P<day>0?[1-9]|[12]\d|3[01])(?=[/_-]|$)"
)
_NAME_DATE = re.compile(
    r"[/_-](?P<year>(?:19|20)\d\d)(?P<mark>[_-]?)(?P<month>0[1-9]|1[0-2])(?P=mark)(?P<day>0[1-9]|[12]\d|3[01])(?=[._/-]|$)"
)
"""A day within a name: "/20260302-a-headline", "/a-headline-2026-03-02.html"."""

_ZONES = {
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "GMT": 0,
    "UT": 0,
    "UTC": 0,
}
"""Hours east of Greenwich of the zones that RFC 822 names."""

_RFC_822 = re.compile(r"(?:[A-Za-z]{3}, *)?\d{1,2} [A-Za-z]{3} \d{4} \d\d:\d\d(?::\d\d)? ")
_HAS_TIME = re.compile(r"\d{1,2}[:.h]\d\d|T\d{4}")
_MAX_CHARS = 60
_FILLED = (datetime(1, 1, 1), datetime(1, 2, 2))  # noqa: DTZ001


class Instant(NamedTuple):
    """An instant with its precision: ``second`` where a time of day was stated, else ``day``."""

    us: int
    precision: str


class DatedBy(NamedTuple):
    """An instant and the source that stated it."""

    us: int
    precision: str
    source: str


def parse_instant(text: str) -> Instant | None:
    """An instant as pages print it (ISO 8601, RFC 822, English forms), or None. Without a zone it is read as UTC."""
    text = text.strip()
    if not text or len(text) > _MAX_CHARS or not any(map(str.isdigit, text)):
        return None
    moment = _parsed(text)
    if moment is None:
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    try:
        us = (moment - EPOCH) // timedelta(microseconds=1)
    except OverflowError:
        return None
    return Instant(us, "second" if _HAS_TIME.search(text) else "day")


def _zone(name: str | None, offset_s: int | None) -> tzinfo | None:
    """A time zone as dateutil asks for it; None for a name that says nothing, or that several zones have."""
    hours = _ZONES.get(name or "") if offset_s is None else offset_s / 3600
    return None if hours is None or abs(hours) >= 24 else timezone(timedelta(hours=hours))


def _parsed(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    if _RFC_822.match(text):  # of other forms it would read "10:00 PM" as ten in the morning
        try:
            return parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError):
            pass
    if not re.search(r"\d{4}", text):  # dateutil would fill in the year of today
        return None
    try:
        first, other = (dateutil_parser.parse(text, default=filled, tzinfos=_zone) for filled in _FILLED)
    except (ValueError, OverflowError, TypeError, dateutil_parser.ParserError):
        return None
    return first if first == other else None  # a month or a day was filled in: a year alone is no date


def url_date(url: str) -> Instant | None:
    """The day that an address's folders or names are of, as in ``/2026/03/02/`` or ``/20260302-a-headline``."""
    path = url.partition("?")[0]
    match = _URL_DATE.search(path) or _NAME_DATE.search(path)
    if match is None:
        return None
    try:
        moment = datetime(int(match["year"]), int(match["month"]), int(match["day"]), tzinfo=UTC)
    except ValueError:
        return None
    return Instant((moment - EPOCH) // timedelta(microseconds=1), "day")


def is_credible(us: int, fetched_at_us: int) -> bool:
    """Whether an article can have been published then: after the web's beginning, not after its own fetch."""
    return _EARLIEST_US + DAY_US <= us <= fetched_at_us + _AHEAD_US

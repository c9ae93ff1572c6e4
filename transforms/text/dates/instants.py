"""Reads texts that are a date and nothing else. Feeds, meta elements and JSON-LD all use this."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple

from transforms.common.clock import SECOND_US
from transforms.text.dates.clock_times import Clock, find_clock
from transforms.text.dates.day_order import Habits
from transforms.text.dates.figures import plain_figures
from transforms.text.dates.printed_dates import days_in
from transforms.text.dates.short_years import short_days_in, with_whole_years
from transforms.text.dates.zones import find_zone

_1970 = datetime(1970, 1, 1, tzinfo=UTC)
MAX_CHARS = 120
UNKNOWN = Habits()
_US = timedelta(microseconds=1)
_MINUTE = timedelta(minutes=1)

_ISO = re.compile(r"(?:19|20)\d\d(?:-[01]\d-[0-3]\d|[01]\d[0-3]\d|-W[0-5]\d-[1-7])(?![\d/.])(?!.\d\d[.,])")
_EPOCH = re.compile(r"(?:/date\()?(?P<seconds>1\d{9})(?P<ms>\d{3})?(?:\.\d{1,9})?(?:[+-]\d{4})?(?:\)/)?", re.I)
_COMPACT = re.compile(r"((?:19|20)\d\d)([01]\d)([0-3]\d)[T ]?([0-2]\d)([0-5]\d)([0-5]\d)?(?!\d)")
_MONTHS = {name: n for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)}
_RFC_822 = re.compile(
    r"(?:[a-z]{3,9},? )?(\d\d?) ([a-z]{3}) ((?:19|20)\d\d) ([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))? "
    r"(?:GMT|UTC|Z|([+-])([01]\d):?([0-5]\d))",
    re.IGNORECASE,
)
"""The form of nine in ten feed dates."""

_OTHER_NAMES = re.compile(r"\((?![+-])[^()]{0,60}\)|\[[^\[\]]{0,60}\]")
_GLUED = re.compile(r"(?<=\d)[T_](?=\d)|(?<=[/ ]\d{4}):(?=\d\d:\d\d:\d\d)")
"""What joins a day and a time: in ISO 8601, and in logs of web servers ("03/Mar/2026:10:15:00")."""
_CLOCK = re.compile(r"(?<![\d.:])\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d{1,9})?(?![\d:])")
_FIGURE = re.compile(r"\d")


class Precision(StrEnum):
    """How exactly an instant is known: SECOND where a time of day was stated."""

    DAY = "day"
    SECOND = "second"


class Instant(NamedTuple):
    """An instant with its precision, and the offset from UTC in minutes that was stated with it, None for none."""

    us: int
    precision: Precision
    offset_minutes: int | None = None

    @property
    def day(self) -> date:
        """The day as it was stated: of the instant in its own offset, in UTC where it has none."""
        return day_at(self.us, self.offset_minutes)


def us_of(moment: datetime) -> int:
    """Microseconds since 1970 of a moment with a zone."""
    return (moment - _1970) // _US


def day_at(us: int, offset_minutes: int | None) -> date:
    """The day on which an instant falls where clocks are `offset_minutes` ahead of UTC (None: 0).

    At either end of the calendar, where there is no day beside, the day in UTC.
    """
    moment = _1970 + us * _US
    try:
        return (moment + timedelta(minutes=offset_minutes or 0)).date()
    except OverflowError:
        return moment.date()


def day_instant(year: int, month: int, day: int) -> Instant:
    """The beginning of a day, in UTC. Raises ValueError for one that is none."""
    return Instant(us_of(datetime(year, month, day, tzinfo=UTC)), Precision.DAY)


def read_instant(text: str, habits: Habits = UNKNOWN) -> Instant | None:
    """The instant that a text names; None for any other text, and if figures are left over.

    Day, month and year must all be stated; nothing is filled in (no first of the month, no current year). Read are ISO
    8601, RFC 822, seconds and milliseconds since 1970, the forms of JavaScript and Unix, and printed dates in the
    languages, digits and calendars of `printed_dates`, with a time of day, AM or PM in local names, and a zone.
    Two-figure years are read as in `short_years`. `habits` decides what "3/4/2026" and "IST" mean. Without a zone, the
    instant is in UTC. Linear in the text's length.
    """
    text = plain_figures(text[: MAX_CHARS + 1])
    if len(text) > MAX_CHARS or not any(map(str.isdigit, text)):
        return None
    found = _since_1970(text) or _iso(text) or _rfc_822(text)
    return found if found is not None else _spelled(text, habits)


def _since_1970(text: str) -> Instant | None:
    match = _EPOCH.fullmatch(text)
    if match is None:
        return None
    return Instant(int(match["seconds"] + (match["ms"] or "000")) * 1_000, Precision.SECOND)


def _iso(text: str) -> Instant | None:
    if _ISO.match(text) is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return _instant(moment, len(text) > len("2026-04-03"))
    except (ValueError, OverflowError):
        return None


def _rfc_822(text: str) -> Instant | None:
    match = _RFC_822.fullmatch(text)
    month = _MONTHS.get(match[2].lower()) if match is not None else None
    if match is None or month is None:
        return None
    minutes = (60 * int(match[8] or 0) + int(match[9] or 0)) * (-1 if match[7] == "-" else 1)
    try:
        start = datetime(
            int(match[3]), month, int(match[1]), int(match[4]), int(match[5]), int(match[6] or 0), tzinfo=UTC
        )
    except ValueError:  # 31 February
        return None
    return Instant(us_of(start) - 60 * minutes * SECOND_US, Precision.SECOND, minutes)


def _spelled(text: str, habits: Habits) -> Instant | None:
    text = _COMPACT.sub(r"\1-\2-\3 \4:\5:\g<6>", text, count=1).rstrip(":")
    text = _GLUED.sub(" ", with_whole_years(text, habits))
    named = next(days_in(text, habits), None) or next(short_days_in(text, habits), None)
    if named is not None:
        return _at(named.day, text[: named.start] + " " + text[named.end :], habits)
    # "Fri Apr 3 08:00:00 CEST 2026": the day is whole only without the time of day inside it.
    clock = _CLOCK.search(text)
    if clock is None:
        return None
    zone = find_zone(text[clock.end() :], habits.country)
    rest = f"{text[: clock.start()]} {zone.rest if zone is not None else text[clock.end() :]}"
    rest = " ".join(rest.split())
    named = next(days_in(rest, habits), None)
    time = find_clock(clock[0], habits.language)
    if named is None or time is None or _FIGURE.search(rest[: named.start] + rest[named.end :]):
        return None
    return _moment(named.day, time, zone.zone if zone is not None else None)


def _at(day: date, rest: str, habits: Habits) -> Instant | None:
    """The instant of a day and of the time and zone in the rest of the text; None if other figures are left over."""
    clock = find_clock(rest, habits.language)
    if clock is None:
        return None if _FIGURE.search(rest) else _moment(day, None, None)
    zone = find_zone(_OTHER_NAMES.sub(_names_apart, clock.after), habits.country)
    after = zone.rest if zone is not None else clock.after
    if _FIGURE.search(clock.before + _OTHER_NAMES.sub("", after)):
        return None
    return _moment(day, clock, zone.zone if zone is not None else None)


def _names_apart(match: re.Match[str]) -> str:
    """A bracketed zone's name without its brackets; a blank for other words in brackets."""
    name = match[0][1:-1]
    return f" {name} " if " " not in name or name[:3].upper() in ("GMT", "UTC") else " "


def _moment(day: date, clock: Clock | None, zone: tzinfo | None) -> Instant | None:
    try:
        start = datetime(day.year, day.month, day.day, tzinfo=zone)
        return _instant(start + timedelta(seconds=clock.seconds if clock is not None else 0), clock is not None)
    except OverflowError:
        return None


def _instant(moment: datetime, has_time: bool) -> Instant:
    """The instant of a moment; one without a zone is read as UTC."""
    offset = moment.utcoffset()
    moment = moment if offset is not None else moment.replace(tzinfo=UTC)
    minutes = offset // _MINUTE if offset is not None else None
    return Instant(us_of(moment), Precision.SECOND if has_time else Precision.DAY, minutes)

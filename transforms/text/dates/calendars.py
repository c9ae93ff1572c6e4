"""Years and days of other calendars, converted to the Gregorian calendar."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

BUDDHIST = range(2400, 2700)
"""Years that on the web are always of the Buddhist era: in Thailand, 2569 is 2026."""

BUDDHIST_YEARS = 543
"""By how much the Buddhist era is ahead of the common one."""

SOLAR_HIJRI = range(1300, 1500)
SOLAR_HIJRI_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "فروردین حمل وری", "اردیبهشت ثور غویی", "خرداد جوزا غبرګولی", "تیر سرطان چنګاښ", "مرداد امرداد اسد زمری",
            "شهریور سنبله وږی", "مهر میزان تله", "آبان عقرب لړم", "آذر قوس لیندۍ", "دی جدی مرغومی", "بهمن دلو سلواغه",
            "اسفند حوت کب",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
"""The months in the names of Iran, then those of Afghanistan in Dari and Pashto."""

ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
"""The year before the first year of each era of Japan and Taiwan."""

_LEAP_CYCLE = 33
_LEAP_YEARS = frozenset({1, 5, 9, 13, 17, 22, 26, 30})
_EPOCH = date(1995, 3, 21).toordinal(), 1374


class PrintedDay(NamedTuple):
    """A day, and where in the text (in plain figures) it is named."""

    day: date
    start: int
    end: int


def solar_hijri_day(year: int, month: int, day: int) -> date:
    """The date of a day in the calendar of Iran and Afghanistan, by the cycle of 33 years (right for 1244 to 1531).

    Raises ValueError if the month has no such day.
    """
    if year not in SOLAR_HIJRI or not 1 <= month <= 12 or not 1 <= day <= _month_days(year, month):
        raise ValueError(f"no day of the solar Hijri calendar: {year}-{month}-{day}")
    start, first = _EPOCH
    years = range(first, year) if year >= first else range(year, first)
    days = sum(366 if _is_leap(one) else 365 for one in years)
    days = days if year >= first else -days
    days += sum(_month_days(year, one) for one in range(1, month)) + day - 1
    return date.fromordinal(start) + timedelta(days=days)


def _is_leap(year: int) -> bool:
    return year % _LEAP_CYCLE in _LEAP_YEARS


def _month_days(year: int, month: int) -> int:
    if month <= 6:
        return 31
    return 30 if month < 12 or _is_leap(year) else 29

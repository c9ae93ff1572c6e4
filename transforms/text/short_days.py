"""Days with a two-figure year, in a text known to be a date: "03.04.26", "3-Apr-26", "3 April ’26"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from transforms.text.calendars import ERAS
from transforms.text.day_order import Habits, is_persian, month_first
from transforms.text.month_names import month_of

_FIGURES = re.compile(r"(?<![\d.:/-])(\d{1,2})([./-])(\d{1,2})\2(\d\d)(?![.:/-]?\d)")
_MONTH = r"(?P<month>[^\s\d,./|()'’-]{3,16})"
_NAMED = (
    re.compile(rf"(?<!\d)(?P<day>[0-3]?\d)(?:[ ./-]|\. ){_MONTH}[.,]?(?:[-/]| ?['’])(?P<year>\d\d)(?![\d:.])"),
    re.compile(rf"{_MONTH}\.? (?P<day>[0-3]?\d),? ?['’](?P<year>\d\d)(?![\d:.])"),
)
_ERA = re.compile(r"(?<![^\W\d_])(令和|平成|昭和|[RHS])\s?(\d{1,2})([./-])([01]?\d)\3([0-3]?\d)(?!\d)")
_ERA_LETTERS = {"R": "令和", "H": "平成", "S": "昭和"}
_YEAR_FIRST = frozenset({"zh", "ja", "ko", "hu", "lt", "mn", "sv"})
"""Languages that begin dates in figures with the year."""


class ShortDay(NamedTuple):
    """A day, and its start and end in the text (in plain figures)."""

    day: date
    start: int
    end: int


def short_days_in(text: str, habits: Habits) -> Iterator[ShortDay]:
    """The days with a two-figure year in a text in plain figures. Years 50 to 99 are in the 1900s, as in RFC 2822.

    If a figure could be either the year or the day ("26-04-03" in English), there is no day. Linear in the text's
    length.
    """
    for match in () if is_persian(habits) else _FIGURES.finditer(text):  # its short years are of another calendar
        yield from _found(_ordered(match, habits), match)
    for pattern in _NAMED:
        for match in pattern.finditer(text):
            month = month_of(match["month"], habits.language)
            if month is not None:
                yield from _found((century(int(match["year"])), month, int(match["day"])), match)
    if habits.language == "ja" or "JP" in habits.countries:
        for match in _ERA.finditer(text):
            era = ERAS[_ERA_LETTERS.get(match[1], match[1])]
            yield from _found((era + int(match[2]), int(match[4]), int(match[5])), match)


def century(year: int) -> int:
    """A two-figure year with its century added."""
    return year + (2000 if year < 50 else 1900)


def _ordered(match: re.Match[str], habits: Habits) -> tuple[int, int, int] | None:
    """Year, month and day of a date in three figures; None if their order is not known."""
    first, mark, second, last = int(match[1]), match[2], int(match[3]), int(match[4])
    if habits.language in _YEAR_FIRST:
        return (century(first), second, last) if len(match[1]) == 2 else None
    is_month_first = False if mark == "." else month_first(habits)
    if second > 12 and is_month_first is not False:
        return century(last), first, second
    if is_month_first is None or (is_month_first and first > 12):
        return None
    return (century(last), first, second) if is_month_first else (century(last), second, first)


def _found(stated: tuple[int, int, int] | None, match: re.Match[str]) -> Iterator[ShortDay]:
    if stated is None:
        return
    try:
        yield ShortDay(date(*stated), match.start(), match.end())
    except ValueError:  # 31 February
        return

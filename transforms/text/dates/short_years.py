"""Years of two figures: written out in a date of any form ("03 Mar 26"), or read where a text is known to be a date.

RFC 2822 says the century: 00 to 49 are of the 2000s, 50 to 99 of the 1900s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from transforms.text.dates.calendars import BUDDHIST, BUDDHIST_YEARS, ERAS, PrintedDay
from transforms.text.dates.day_order import Habits, is_persian, month_first
from transforms.text.dates.month_names import month_of

_PIVOT = 50
_THAI_FROM = 40
_THAI_CENTURY = 2500

_WHOLE_YEAR = re.compile(r"(?<![\d+-])(?:19|20|2[4-6])\d\d(?!\d)")
_YEAR = r"['’]?(?P<year>1?\d\d)(?!\d)"
_CLOCK_OR_END = r"(?=\s*\Z|(?:,?\s|[:T_])(?:[^\W\d_]{1,5}\s)?\d{1,2}\s?[:.h時时点點시]\s?\d\d|,?\s\d{4}(?!\d))"
_MONTH = r"(?P<month>[^\W\d_]{3,20})"
_WRITTEN = (
    re.compile(
        rf"(?<!\d)(?P<day>[0-3]?\d)(?:st|nd|rd|th|er|\.)?(?:\s|[-/.])\s?{_MONTH}\.?(?:\s|[-/])\s?{_YEAR}{_CLOCK_OR_END}"
    ),
    re.compile(
        rf"(?<![^\W\d_]){_MONTH}\.?\s(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?:,\s?|\s(?=['’])){_YEAR}{_CLOCK_OR_END}"
    ),
)
_IN_FIGURES = re.compile(r"(?<![\d:])(?P<first>\d\d?)\s?([-/.])\s?(?P<second>[0-3]?\d)\s?\2\s?(?P<third>\d\d?)(?!\d)")
_ISO = re.compile(r"(?<!\d)(?P<year>1[3-9]|[2-9]\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)(?=T\d)")
_COUNTED = re.compile(r"(?<!\d)(?P<year>\d\d)(?=\s?[年년]\s?[01]?\d\s?[月월])")
_COUNTING = frozenset({"zh", "ko"})

_FIGURES = re.compile(r"(?<![\d.:/-])(\d{1,2})([./-])(\d{1,2})\2(\d\d)(?![.:/-]?\d)")
_NAME = r"(?P<month>[^\s\d,./|()'’-]{3,16})"
_NAMED = (
    re.compile(rf"(?<!\d)(?P<day>[0-3]?\d)(?:[ ./-]|\. ){_NAME}[.,]?(?:[-/]| ?['’])(?P<year>\d\d)(?![\d:.])"),
    re.compile(rf"{_NAME}\.? (?P<day>[0-3]?\d),? ?['’](?P<year>\d\d)(?![\d:.])"),
)
_ERA = re.compile(r"(?<![^\W\d_])(令和|平成|昭和|[RHS])\s?(\d{1,2})([./-])([01]?\d)\3([0-3]?\d)(?!\d)")
_ERA_LETTERS = {"R": "令和", "H": "平成", "S": "昭和"}
_YEAR_FIRST = frozenset({"zh", "ja", "ko", "hu", "lt", "mn", "sv"})
"""Languages whose dates in figures begin with the year."""


def with_whole_years(text: str, habits: Habits) -> str:
    """The text with its two-figure year written out; unchanged if it has a whole year or no short one.

    126 is 2026, as RFC 2822 has it. The century that makes a date absurd or one of the future is not mended here: such
    a date is no feed's and no page's. Figures alone are a day, a month and a year, in the order of `habits`, which a
    later reading decides; they begin with the year where ISO 8601 has it, and in languages that write it first, where
    what could be both is left alone. A year is only one where a time of day or nothing follows: "3 March 10 PM" has
    none.
    """
    if _WHOLE_YEAR.search(text) is not None:
        return text
    return next((whole for whole in _readings(text, habits) if whole != text), text)


def _readings(text: str, habits: Habits) -> Iterator[str]:
    """The text with the year written out, once for each form of date, the surest form first."""
    yield _ISO.sub(lambda match: f"{_whole(match, habits)}-{match['month']}-{match['day']}", text)
    if habits.language in _COUNTING:
        yield _COUNTED.sub(lambda match: str(_whole(match, habits)), text)
    for pattern in _WRITTEN:
        yield pattern.sub(lambda match: _named(match, habits), text)
    yield _IN_FIGURES.sub(lambda match: _in_figures(match, habits), text)


def _named(match: re.Match[str], habits: Habits) -> str:
    if month_of(match["month"], habits.language) is None:
        return match[0]
    return f"{match['day']} {match['month']} {_whole(match, habits)}"


def _in_figures(match: re.Match[str], habits: Habits) -> str:
    first, second, third = match["first"], match["second"], match["third"]
    is_time = match[2] == "." and int(second) > 12  # "10.15.30"
    if is_time or is_persian(habits):  # its short year is of another calendar, and comes first
        return match[0]
    if month_first(habits) is None:
        is_year = int(first) > 31 or (int(first) > 12 and len(first) == 2)
        return f"{_century(int(first), habits)}-{int(second):02d}-{int(third):02d}" if is_year else match[0]
    return f"{first}{match[2]}{second}{match[2]}{_century(int(third), habits)}" if len(third) == 2 else match[0]


def _whole(match: re.Match[str], habits: Habits) -> int:
    return _century(int(match["year"]), habits)


def short_days_in(text: str, habits: Habits) -> Iterator[PrintedDay]:
    """The days of a text in plain figures whose years have two: "03.04.26", "3-Apr-26", "3 April ’26", "R8.4.3".

    The text is known to be a date. Where a figure could as well be the year as the day ("26-04-03" in English), there
    is no day. Linear.
    """
    for match in () if is_persian(habits) else _FIGURES.finditer(text):  # whose short years are of another calendar
        yield from _found(_ordered(match, habits), match)
    for pattern in _NAMED:
        for match in pattern.finditer(text):
            month = month_of(match["month"], habits.language)
            if month is not None:
                yield from _found((_whole(match, habits), month, int(match["day"])), match)
    if habits.language == "ja" or "JP" in habits.countries:
        for match in _ERA.finditer(text):
            era = ERAS[_ERA_LETTERS.get(match[1], match[1])]
            yield from _found((era + int(match[2]), int(match[4]), int(match[5])), match)


def _ordered(match: re.Match[str], habits: Habits) -> tuple[int, int, int] | None:
    """Year, month and day of three figures of a date; None where their order is not known."""
    first, mark, second, last = int(match[1]), match[2], int(match[3]), int(match[4])
    if habits.language in _YEAR_FIRST:
        return (_century(first, habits), second, last) if len(match[1]) == 2 else None
    is_month_first = False if mark == "." else month_first(habits)
    if second > 12 and is_month_first is not False:
        return _century(last, habits), first, second
    if is_month_first is None or (is_month_first and first > 12):
        return None
    month, day = (first, second) if is_month_first else (second, first)
    return _century(last, habits), month, day


def _found(stated: tuple[int, int, int] | None, match: re.Match[str]) -> Iterator[PrintedDay]:
    if stated is None:
        return
    year, month, day = stated
    try:
        yield PrintedDay(date(year - BUDDHIST_YEARS if year in BUDDHIST else year, month, day), *match.span())
    except ValueError:  # 31 February
        return


def _century(year: int, habits: Habits) -> int:
    """A year of two figures, or of three as RFC 2822 has them, written out; of the Buddhist era in Thailand."""
    if _THAI_FROM <= year < 100 and (habits.language == "th" or "TH" in habits.countries):
        return _THAI_CENTURY + year
    return year + (2000 if year < _PIVOT else 1900)

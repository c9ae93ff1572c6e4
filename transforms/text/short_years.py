"""Two-figure years, as RFC 822 had them and many feeds still do: "03 Mar 26", "3/3/26", "26. 3. 3."."""

from __future__ import annotations

import re
from collections.abc import Iterator

from transforms.text.day_order import Habits, is_persian, month_first
from transforms.text.month_names import month_of

_PIVOT = 50
_THAI_FROM = 40
_THAI_CENTURY = 2500

_WHOLE_YEAR = re.compile(r"(?<![\d+-])(?:19|20|2[4-6])\d\d(?!\d)")
_YEAR = r"['’]?(?P<year>1?\d\d)(?!\d)"
_CLOCK_OR_END = r"(?=\s*\Z|(?:,?\s|[:T_])(?:[^\W\d_]{1,5}\s)?\d{1,2}\s?[:.h時时点點시]\s?\d\d|,?\s\d{4}(?!\d))"
_MONTH = r"(?P<month>[^\W\d_]{3,20})"
_NAMED = (
    re.compile(
        rf"(?<!\d)(?P<day>[0-3]?\d)(?:st|nd|rd|th|er|\.)?(?:\s|[-/.])\s?{_MONTH}\.?(?:\s|[-/])\s?{_YEAR}{_CLOCK_OR_END}"
    ),
    re.compile(
        rf"(?<![^\W\d_]){_MONTH}\.?\s(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?:,\s?|\s(?=['’])){_YEAR}{_CLOCK_OR_END}"
    ),
)
_FIGURES = re.compile(r"(?<![\d:])(?P<first>\d\d?)\s?([-/.])\s?(?P<second>[0-3]?\d)\s?\2\s?(?P<third>\d\d?)(?!\d)")
_ISO = re.compile(r"(?<!\d)(?P<year>1[3-9]|[2-9]\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)(?=T\d)")
_COUNTED = re.compile(r"(?<!\d)(?P<year>\d\d)(?=\s?[年년]\s?[01]?\d\s?[月월])")
_COUNTING = frozenset({"zh", "ko"})


def with_whole_years(text: str, habits: Habits) -> str:
    """The text with its two-figure year written out; unchanged if it has a whole year or no short one.

    RFC 2822 decides the century: 00 to 49 are in the 2000s, 50 to 99 in the 1900s, and 126 is 2026. A century that
    gives an absurd or future date is not corrected: no feed or page means such a date. Three figures are a day, a month
    and a year; a later step orders day and month by `habits`. The year comes first in ISO 8601 and in languages that
    write it first; there, a figure that could be year or day is left alone. A year counts only if a time of day or
    nothing follows: "3 March 10 PM" has none.
    """
    if _WHOLE_YEAR.search(text) is not None:
        return text
    return next((whole for whole in _readings(text, habits) if whole != text), text)


def _readings(text: str, habits: Habits) -> Iterator[str]:
    """The text with the year written out, once for each form of date, the surest form first."""
    yield _ISO.sub(lambda match: f"{_whole(match, habits)}-{match['month']}-{match['day']}", text)
    if habits.language in _COUNTING:
        yield _COUNTED.sub(lambda match: str(_whole(match, habits)), text)
    for pattern in _NAMED:
        yield pattern.sub(lambda match: _named(match, habits), text)
    yield _FIGURES.sub(lambda match: _in_figures(match, habits), text)


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


def _century(year: int, habits: Habits) -> int:
    if _THAI_FROM <= year < 100 and (habits.language == "th" or "TH" in habits.countries):
        return _THAI_CENTURY + year
    return year + (2000 if year < _PIVOT else 1900)

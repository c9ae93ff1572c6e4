"""Days as pages and feeds print them in many languages: "3 March 2026", "3.3.2026", "2026年3月3日", "٣ مارس ٢٠٢٦"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache

from transforms.text.dates.calendars import (
    BUDDHIST,
    BUDDHIST_YEARS,
    ERAS,
    SOLAR_HIJRI,
    SOLAR_HIJRI_MONTHS,
    PrintedDay,
    solar_hijri_day,
)
from transforms.text.dates.day_order import Habits, is_persian, month_first_at
from transforms.text.dates.figures import plain_figures
from transforms.text.dates.month_names import folded, is_weekday, month_of
from transforms.text.dates.short_years import short_days_in

MAX_CHARS = 120
_YEAR = r"(?P<year>(?:19|20)\d\d|2[4-6]\d\d|1[34]\d\d)(?!\d)"
_DAY = r"(?<!\d)(?P<day>[0-3]?\d)(?!\d)"
_NAME = r"(?:(?:كانون|تشرين|کانوونی|کانونی|تشرینی)\s[^\s\d,./|()]{4,8}|[^\s\d,./|()]{2,24})"
_MONTH = rf"(?P<month>(?:[\u0e00-\u0eff]{{1,6}}\.){{1,4}}|{_NAME})(?:\s?[/(]\s?(?P<other>{_NAME})\)?)?"
_ORDINAL = r"(?:st|nd|rd|th|er|º|ª|°|\.|-?й|-?го|-?ші|-?ჲ)?"
_LINK = r"(?:de\s+|del\s+|of\s+|d'|d’|din\s+|a\s+viz\s+|ta['’]\s+|พ\.?\s?ศ\.?\s*|ค\.?\s?ศ\.?\s*|ឆ្នាំ\s*|ປີ\s*)?"
_OF = rf"(?:\s*[-/,.]\s*|\s+){_LINK}"
_WEEKDAY = r"(?P<weekday>[^\W\d_]{2,20})"
_OF_YEAR = r"(?:[.,]|\(e\)ko|ko)?(?:\s+|\s*-\s*)(?:жылғы\s+|[^\W\d_]{1,4}\.?\s+)?"
_NAMED = (
    re.compile(rf"{_DAY}{_ORDINAL}(?:{_OF}|ی\s+)?{_MONTH}\.?(?:{_OF}|\s*){_YEAR}", re.IGNORECASE),
    re.compile(rf"{_MONTH}\.?[\s-]{{1,8}}+{_DAY}{_ORDINAL}(?:[,.]\s*|\s+|-){_LINK}{_YEAR}", re.IGNORECASE),
    re.compile(rf"(?<!\d){_YEAR}{_OF_YEAR}{_MONTH}\.?[\s-]{{1,8}}+{_DAY}", re.IGNORECASE),
    re.compile(rf"(?<!\d){_YEAR}{_OF_YEAR}{_DAY}\.?[\s-]{{1,8}}+{_MONTH}", re.IGNORECASE),
    re.compile(rf"{_DAY}{_ORDINAL},?\s{_WEEKDAY}[.,]?\s{_MONTH}[.,]?\s{_YEAR}", re.IGNORECASE),
)
_ISO = re.compile(rf"(?<!\d){_YEAR}\s?([-/.])\s?(?P<month>[01]?\d)\s?\2\s?(?P<day>[0-3]?\d)(?!\d)")
_SPACED = re.compile(rf"(?<!\d){_YEAR} (?P<month>[01]\d) (?P<day>[0-3]\d)(?![\d:])")
_FIGURES = re.compile(rf"(?<!\d)(?P<first>[0-3]?\d)\s?([-/.])\s?(?P<second>[0-3]?\d)\s?\2\s?{_YEAR}")
_ASIAN = re.compile(
    r"(?:(?P<era>令和|平成|昭和|民[國国])\s?)?(?<!\d)(?P<year>\d{1,4}|元)\s?[年년]\s?"
    r"(?P<month>[01]?\d)\s?[月월]\s?(?P<day>[0-3]?\d)\s?[日일号號]"
)
_COUNTED = (
    re.compile(rf"{_DAY}\s(?:tháng|thg)\s(?P<month>[01]?\d)(?:,|\snăm)?\s{_YEAR}", re.IGNORECASE),
    re.compile(rf"(?<!\d){_YEAR}\sоны\s(?P<month>[01]?\d)(?:-р)?\sсарын\s{_DAY}", re.IGNORECASE),
)
"""Forms with numbered months, as Vietnamese and Mongolian have them."""

_MINGUO = re.compile(r"(?<!\d)(?P<year>1\d\d)([-/.])(?P<month>[01]?\d)\2(?P<day>[0-3]?\d)(?!\d)")
_THAI_SHORT = re.compile(r"(?<!\d)(?P<day>[0-3]?\d)\s+(?P<month>[\u0e00-\u0e7f.]{3,16})\s*(?P<year>[4-9]\d)(?![\d:.])")


def dates_in(text: str, habits: Habits, *, is_date: bool = False) -> Iterator[date]:
    """The days that a short text names with day, month and year; nothing if it is longer than MAX_CHARS.

    `habits` decides what "3/4/2026" means, and which month a name means if two languages use it for different ones.
    With dots, the day comes first, except where a page in English shows otherwise. Years of the Buddhist era, of the
    eras of Japan and Taiwan, and of the solar Hijri calendar are recognised by size, signs and language. Two-figure
    years count only if the text is known to be a date (`is_date`). Linear in the text's length.
    """
    if len(text) <= MAX_CHARS:
        text = plain_figures(text)
        yield from (one.day for one in days_in(text, habits))
        if is_date:
            yield from (one.day for one in short_days_in(text, habits))


def days_in(text: str, habits: Habits) -> Iterator[PrintedDay]:
    """The days that a text in plain figures names, with their positions; form by form."""
    for pattern, read in _FORMS:
        for match in pattern.finditer(text):
            try:
                day = read(match, habits)
            except ValueError:  # 31 February: not a day of the calendar, and no date
                continue
            if day is not None:
                yield PrintedDay(day, match.start(), match.end())


def day_of_figures(year: int, month: int, day: int, habits: Habits) -> date | None:
    """The day of a year, month and day in figures, in whichever calendar the year is; None if that is not known.

    Raises ValueError if there is no such day.
    """
    if year in BUDDHIST:
        return date(year - BUDDHIST_YEARS, month, day)
    if year in SOLAR_HIJRI:
        return solar_hijri_day(year, month, day) if is_persian(habits) else None
    return date(year, month, day)


def _iso(match: re.Match[str], habits: Habits) -> date | None:
    return day_of_figures(int(match["year"]), int(match["month"]), int(match["day"]), habits)


def _asian(match: re.Match[str], habits: Habits) -> date | None:
    year = 1 if match["year"] == "元" else int(match["year"])
    if match["era"] is not None:
        year += ERAS[match["era"]]
    elif 100 <= year < 200 and (habits.language == "zh" or "TW" in habits.countries):
        year += ERAS["民國"]
    return date(year, int(match["month"]), int(match["day"])) if 1900 < year < 2100 else None


def _minguo(match: re.Match[str], habits: Habits) -> date | None:
    if "TW" not in habits.countries:
        return None
    return date(int(match["year"]) + ERAS["民國"], int(match["month"]), int(match["day"]))


def _named(match: re.Match[str], habits: Habits) -> date | None:
    year, day, name = int(match["year"]), int(match["day"]), match["month"]
    weekday = match.groupdict().get("weekday")
    if weekday is not None and not is_weekday(weekday):
        return None
    if match["other"] is not None and month_of(name, habits.language) is None:
        name = match["other"]  # "News / March 3, 2026"
    elif match["other"] is not None and _differ(name, match["other"], habits):
        return None
    if year in SOLAR_HIJRI:
        persian = _persian_months().get(folded(name.strip(".")))
        return solar_hijri_day(year, persian, day) if persian is not None else None
    month = month_of(name, habits.language)
    return day_of_figures(year, month, day, habits) if month is not None else None


def _differ(name: str, other: str, habits: Habits) -> bool:
    """Whether a month's second name, as in "نيسان/أبريل", means another month."""
    return month_of(other, habits.language) not in (None, month_of(name, habits.language))


def _thai_short(match: re.Match[str], habits: Habits) -> date | None:
    month = month_of(match["month"], "th")
    return date(2500 + int(match["year"]) - BUDDHIST_YEARS, month, int(match["day"])) if month is not None else None


def _figures(match: re.Match[str], habits: Habits) -> date | None:
    first, second = int(match["first"]), int(match["second"])
    is_month_first = month_first_at(match[2], habits)
    if first > 12 or second > 12 or first == second:  # the figures decide
        is_month_first = second > 12
    if is_month_first is None:
        return None
    day, month = (second, first) if is_month_first else (first, second)
    if int(match["year"]) in BUDDHIST and habits.language != "th" and "TH" not in habits.countries:
        return None
    return day_of_figures(int(match["year"]), month, day, habits)


_FORMS = (
    (_ISO, _iso), (_ASIAN, _asian), *((pattern, _named) for pattern in _NAMED), (_FIGURES, _figures),
    *((pattern, _iso) for pattern in (*_COUNTED, _SPACED)),
    (_THAI_SHORT, _thai_short), (_MINGUO, _minguo),
)  # fmt: skip


@cache
def _persian_months() -> Mapping[str, int]:
    return {folded(name): number for name, number in SOLAR_HIJRI_MONTHS.items()}

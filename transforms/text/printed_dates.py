"""Days as pages and feeds print them, in many languages: "3 March 2026", "3.3.2026", "2026年3月3日", "٣ مارس ٢٠٢٦"."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple, cast

from transforms.text.calendars import BUDDHIST, ERAS, SOLAR_HIJRI, SOLAR_HIJRI_MONTHS, solar_hijri_day
from transforms.text.day_order import Habits, month_first
from transforms.text.figures import plain_figures

MAX_CHARS = 120
_FILE = Path(__file__).with_name("months.json")
_YEAR = r"(?P<year>(?:19|20)\d\d|2[4-6]\d\d|1[34]\d\d)(?!\d)"
_DAY = r"(?<!\d)(?P<day>[0-3]?\d)(?!\d)"
_MONTH = r"(?P<month>(?:كانون|تشرين)\s[^\s\d]{4,8}|(?:[\u0e00-\u0e7f]{1,6}\.){1,4}|[^\s\d,./|()]{2,24})"
_ORDINAL = r"(?:st|nd|rd|th|er|º|ª|°|\.|-?й|-?го|-?ші|-?ჲ)?"
_LINK = r"(?:de\s+|del\s+|of\s+|d'|d’|din\s+|ta['’]\s+|พ\.?\s?ศ\.?\s*|ค\.?\s?ศ\.?\s*)?"
_OF = rf"(?:\s*[-/,.]\s*|\s+){_LINK}"
_OF_YEAR = r"(?:[.,]|\(e\)ko|ko)?(?:\s+|\s*-\s*)(?:[^\W\d_]{1,4}\.?\s+)?"
_NAMED = (
    re.compile(rf"{_DAY}{_ORDINAL}{_OF}{_MONTH}\.?(?:{_OF}|\s*){_YEAR}", re.IGNORECASE),
    re.compile(rf"{_MONTH}\.?[\s-]{{1,8}}+{_DAY}{_ORDINAL},?(?:\s+|-){_LINK}{_YEAR}", re.IGNORECASE),
    re.compile(rf"(?<!\d){_YEAR}{_OF_YEAR}{_MONTH}\.?[\s-]{{1,8}}+{_DAY}", re.IGNORECASE),
    re.compile(rf"(?<!\d){_YEAR}{_OF_YEAR}{_DAY}\.?[\s-]{{1,8}}+{_MONTH}", re.IGNORECASE),
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
    re.compile(rf"(?<!\d){_YEAR}\sоны\s(?P<month>[01]?\d)-р\sсарын\s{_DAY}", re.IGNORECASE),
)
"""Vietnamese and Mongolian count the months."""

_MINGUO = re.compile(r"(?<!\d)(?P<year>1\d\d)([-/.])(?P<month>[01]?\d)\2(?P<day>[0-3]?\d)(?!\d)")
_THAI_SHORT = re.compile(r"(?<!\d)(?P<day>[0-3]?\d)\s+(?P<month>[\u0e00-\u0e7f.]{3,16})\s*(?P<year>[4-9]\d)(?![\d:.])")
_ACCENTS = re.compile("[\u0300-\u036f\u0653-\u0655]")
_PERSIAN_LETTERS = str.maketrans("يىك", "ییک")
_SHORT_CHARS = 3
_HEBREW_PREFIX = "ב"
_PERSIAN = frozenset({"fa", "ps", "ckb", "mzn", "glk", "lrc"})
_PERSIAN_COUNTRIES = frozenset({"IR", "AF"})


class PrintedDay(NamedTuple):
    """A day, and where in the text (in plain figures) it is named."""

    day: date
    start: int
    end: int


def dates_in(text: str, habits: Habits) -> Iterator[date]:
    """The days that a short text names with day, month and year; nothing for a longer text than MAX_CHARS.

    `habits` decides what "3/4/2026" means, and which month a name means that two languages use for different ones.
    Dots have the day first everywhere. Years of the Buddhist era, of the eras of Japan and Taiwan and of the solar
    Hijri calendar are known by their size, their signs, and their language. Linear in the text's length.
    """
    if len(text) <= MAX_CHARS:
        yield from (one.day for one in days_in(plain_figures(text), habits))


def days_in(text: str, habits: Habits) -> Iterator[PrintedDay]:
    """The days that a text in plain figures names, with their places; pattern by pattern."""
    for pattern, read in _FORMS:
        for match in pattern.finditer(text):
            try:
                day = read(match, habits)
            except ValueError:  # 31 February: not a day of the calendar, and no date
                continue
            if day is not None:
                yield PrintedDay(day, match.start(), match.end())


def month_of(name: str, language: str | None) -> int | None:
    """The number of a month's name or abbreviation; None for another word, and for one that could be two months."""
    word = _folded(name.strip(".,-"))
    main = (language or "").replace("_", "-").partition("-")[0].lower()
    found = _months().get(main, {}).get(word) or _all_months().get(word)
    if found is None and word.startswith(_HEBREW_PREFIX):
        return _months()["he"].get(word.removeprefix(_HEBREW_PREFIX))
    return found


def is_day_word(word: str) -> bool:
    """Whether a word in lower case is the name of a month or a day of the week in any language, and no short form."""
    return len(word) > _SHORT_CHARS and (word in _weekdays() or month_of(word, None) is not None)


def day_of_figures(year: int, month: int, day: int, habits: Habits) -> date | None:
    """The day of a year, month and day in figures, whatever calendar the year is of. Raises ValueError for none."""
    if year in BUDDHIST:
        return date(year - 543, month, day)
    if year in SOLAR_HIJRI:
        return solar_hijri_day(year, month, day) if _is_persian(habits) else None
    return date(year, month, day)


def _is_persian(habits: Habits) -> bool:
    return habits.language in _PERSIAN or not _PERSIAN_COUNTRIES.isdisjoint(habits.countries)


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
    if year in SOLAR_HIJRI:
        persian = _persian_months().get(_folded(name.strip(".")))
        return solar_hijri_day(year, persian, day) if persian is not None else None
    month = month_of(name, habits.language)
    return day_of_figures(year, month, day, habits) if month is not None else None


def _thai_short(match: re.Match[str], habits: Habits) -> date | None:
    month = month_of(match["month"], "th")
    return date(2500 + int(match["year"]) - 543, month, int(match["day"])) if month is not None else None


def _figures(match: re.Match[str], habits: Habits) -> date | None:
    first, second = int(match["first"]), int(match["second"])
    is_month_first = month_first(habits) if match[2] != "." else False
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
def _months() -> Mapping[str, Mapping[str, int]]:
    """Month names by language, from CLDR; ``benchmarks/build_months.py`` makes the file."""
    table = cast(Mapping[str, Mapping[str, int]], json.loads(_FILE.read_text(encoding="utf-8")))
    return {language: {_folded(name): number for name, number in names.items()} for language, names in table.items()}


@lru_cache(maxsize=4096)
def _folded(word: str) -> str:
    """A word without case, accents and hamza: writers leave them out, and capitals in Greek have none."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", word.casefold()))
    return plain.translate(_PERSIAN_LETTERS)


@cache
def _weekdays() -> frozenset[str]:
    return frozenset(json.loads(_FILE.with_name("weekdays.json").read_text(encoding="utf-8")))


@cache
def _persian_months() -> Mapping[str, int]:
    return {_folded(name): number for name, number in SOLAR_HIJRI_MONTHS.items()}


@cache
def _all_months() -> Mapping[str, int]:
    meanings: defaultdict[str, set[int]] = defaultdict(set)
    for names in _months().values():
        for word, number in names.items():
            meanings[word].add(number)
    meanings["sept"].add(9)
    return {word: numbers.pop() for word, numbers in meanings.items() if len(numbers) == 1}

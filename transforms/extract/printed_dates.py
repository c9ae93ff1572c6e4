"""Dates as pages print them, in many languages: "3 March 2026", "Mar. 3, 2026", "3.3.2026", "2026年3月3日"."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import cast

MAX_CHARS = 120
_FILE = Path(__file__).with_name("months.json")
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_DAY = r"(?<!\d)(?P<day>[0-3]?\d)(?!\d)"
_MONTH = r"(?P<month>[^\s\d,./|()]{2,20})"
_ORDINAL = r"(?:st|nd|rd|th|er|º|ª|°|\.|-?й|-?го)?"
_OF = r"(?:\s*[-/,.]\s*|\s+)(?:de\s+|del\s+|of\s+|d'|d’)?"
_NAMED = (
    re.compile(rf"{_DAY}{_ORDINAL}{_OF}{_MONTH}\.?{_OF}{_YEAR}", re.IGNORECASE),
    re.compile(rf"{_MONTH}\.?\s+{_DAY}{_ORDINAL},?\s+{_YEAR}", re.IGNORECASE),
    re.compile(rf"{_YEAR}\.?\s+(?:m\.\s+|gada\s+)?{_MONTH}\s+{_DAY}", re.IGNORECASE),
)
_ISO = re.compile(rf"(?<!\d){_YEAR}\s?([-/.])\s?(?P<month>[01]?\d)\s?\2\s?(?P<day>[0-3]?\d)(?!\d)")
_FIGURES = re.compile(rf"(?<!\d)(?P<first>[0-3]?\d)\s?([-/.])\s?(?P<second>[0-3]?\d)\s?\2\s?{_YEAR}")
_ASIAN = re.compile(rf"{_YEAR}\s*[年년]\s*(?P<month>[01]?\d)\s*[月월]\s*(?P<day>[0-3]?\d)\s*[日일]")
_MONTH_FIRST = re.compile(r"en(?:[-_](?:us|ca|ph|fm|gu|as))?$", re.IGNORECASE)


def dates_in(text: str, language: str | None) -> Iterator[date]:
    """The days that a short text names with day, month and year; nothing for a longer text than MAX_CHARS.

    `language` (BCP 47) decides what "3/4/2026" means, month first in American English and unmarked English only, and
    which month a name means that two languages use for different ones. Linear in the text's length.
    """
    if len(text) > MAX_CHARS:
        return
    for match in _ISO.finditer(text):
        yield from _day(int(match["year"]), int(match["month"]), int(match["day"]))
    for match in _ASIAN.finditer(text):
        yield from _day(int(match["year"]), int(match["month"]), int(match["day"]))
    for pattern in _NAMED:
        for match in pattern.finditer(text):
            month = month_of(match["month"], language)
            if month is not None:
                yield from _day(int(match["year"]), month, int(match["day"]))
    for match in _FIGURES.finditer(text):
        first, second = int(match["first"]), int(match["second"])
        month_first = match[2] != "." and (language is None or _MONTH_FIRST.match(language) is not None)
        day, month = (second, first) if (month_first and first <= 12) or second > 12 else (first, second)
        yield from _day(int(match["year"]), month, day)


def month_of(name: str, language: str | None) -> int | None:
    """The number of a month's name or abbreviation; None for another word, and for one that could be two months."""
    word = name.strip(".,").casefold()
    main = (language or "").replace("_", "-").partition("-")[0].lower()
    return _months().get(main, {}).get(word) or _all_months().get(word)


def _day(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:  # 31 February: not a day of the calendar, and no date
        return


@cache
def _months() -> Mapping[str, Mapping[str, int]]:
    """Month names by language, from CLDR; ``benchmarks/build_months.py`` makes the file."""
    return cast(Mapping[str, Mapping[str, int]], json.loads(_FILE.read_text(encoding="utf-8")))


@cache
def _all_months() -> Mapping[str, int]:
    meanings: defaultdict[str, set[int]] = defaultdict(set)
    for names in _months().values():
        for word, number in names.items():
            meanings[word].add(number)
    meanings["sept"].add(9)
    return {word: numbers.pop() for word, numbers in meanings.items() if len(numbers) == 1}

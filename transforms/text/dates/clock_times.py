"""Times of day as dates state them: "10:15", "8:28:28 PM", "10h15", "kl. 10.15", "下午3点", "午後3時15分", "8 μ.μ."."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple, cast

from transforms.text.scripts import EAST_ASIAN

_FILE = Path(__file__).with_name("day_halves.json")
_TIME = re.compile(
    r"(?<![\d.:,])(?P<hour>\d{1,2})\s?(?:[:.h時时点點시]|ч)\s?(?P<minute>\d{1,2})(?!\d)"
    r"(?:\s?(?:[:.分분]|m(?:in)?)\s?(?P<second>\d{1,2})(?!\d)(?:[.,:]\d{1,9})?)?[分분秒초]?",
    re.IGNORECASE,
)
_HOUR = re.compile(r"(?<![\d.:,])(?P<hour>\d{1,2})\s?(?:h(?![^\W\d_])|uhr|[時时点點시])", re.IGNORECASE)
_BARE_HOUR = re.compile(r"(?<![\d.:,])(?P<hour>\d{1,2})(?![\d.:,])")
_MORE = {
    "am": ["صباحا", "صباحاً", "ص", "凌晨", "清晨", "早上", "새벽", "아침", "पूर्वाह्न", "সকাল"],
    "pm": ["مساء", "مساءً", "م", "中午", "傍晚", "晚上", "저녁", "अपराह्न", "বিকাল", "chiều", "tối"],
}
"""Names of the day's halves that CLDR has only as single letters or as finer parts of the day."""


class Clock(NamedTuple):
    """A time of day in seconds since midnight, and the text before and after it."""

    seconds: int
    before: str
    after: str


def find_clock(text: str, language: str | None) -> Clock | None:
    """The time of day in a text without its day; None if there is none, or if it is not valid.

    Names of the day's halves are known in all languages; short ones, such as Hungarian "du.", only in their own.
    """
    halves = _halves(language)
    match = _TIME.search(text) or _HOUR.search(text)
    half = None
    if match is None:
        half = halves.search(text)
        match = _BARE_HOUR.search(text) if half is not None else None
        if match is None:
            return None
    before, after = text[: match.start()], text[match.end() :]
    half = halves.search(after) or halves.search(before)
    hour, minute, second = (int(match.groupdict().get(part) or 0) for part in ("hour", "minute", "second"))
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and minute + second > 0):
        return None
    if half is not None:
        is_pm = half["pm"] is not None
        hour = hour + 12 if is_pm and hour < 12 else 0 if not is_pm and hour == 12 else hour
        before, after = _without(halves, before), _without(halves, after)
    return Clock(3600 * hour + 60 * minute + min(second, 59), before, after)


def _without(halves: re.Pattern[str], text: str) -> str:
    return halves.sub(" ", text, count=1)


@cache
def _names() -> Mapping[str, Mapping[str, list[str]]]:
    """Names of the day's halves by language, from CLDR; ``benchmarks/build_months.py`` makes the file."""
    return cast(Mapping[str, Mapping[str, list[str]]], json.loads(_FILE.read_text(encoding="utf-8")))


@cache
def _halves(language: str | None) -> re.Pattern[str]:
    """A pattern that finds a name of one half of the day; the group `am` or `pm` holds it."""
    wanted = {half: {half, *_MORE[half]} for half in ("am", "pm")}
    for spoken, names in _names().items():
        for half, known in wanted.items():
            known.update(one for one in names[half] if spoken == language or not one.isascii())
    groups = (f"(?P<{half}>{'|'.join(sorted(map(_spellings, names), key=_longest))})" for half, names in wanted.items())
    return re.compile("|".join(groups), re.IGNORECASE)


def _longest(pattern: str) -> tuple[int, str]:
    return -len(pattern), pattern


def _spellings(name: str) -> str:
    if EAST_ASIAN.search(name):
        return re.escape(name)
    letters = name.replace(".", "").replace(" ", "")
    if "." in name or len(letters) <= 2:  # "pm", "p.m.", "p. m."
        pattern = r"\.?\s?".join(map(re.escape, letters)) + r"\.?"
    else:
        pattern = r"\s?".join(map(re.escape, name.split()))
    return rf"(?<![^\W\d_]){pattern}(?![^\W\d_])"

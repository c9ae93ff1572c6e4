"""Reads when a feed asks to be polled: ttl, sy:updatePeriod, skipHours and skipDays."""

from __future__ import annotations

import re
from typing import NamedTuple

_PERIODS_S = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_DAYS = {name: number for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
_MAX_CHANNEL_CHARS = 100_000

_SKIP_HOURS = re.compile(r"<skipHours>([^<]*+(?:<(?!/?skipHours)[^<]*+)*+)</skipHours>", re.I)
_SKIP_DAYS = re.compile(r"<skipDays>([^<]*+(?:<(?!/?skipDays)[^<]*+)*+)</skipDays>", re.I)
_HOUR = re.compile(r"<hour>\s*(\d{1,2})\s*</hour>", re.I)
_DAY = re.compile(r"<day>\s*([a-z]{3})[a-z]*\s*</day>", re.I)


class Wishes(NamedTuple):
    """How long a feed asks to be left alone, and sets of bits: hours of UTC and days (Monday 0) to skip."""

    ttl_s: int | None
    skip_hours: int
    skip_days: int


def wishes_of(document: str, ttl: str | None, period: str | None, frequency: str | None) -> Wishes:
    """The wishes of an RSS document. The longer of two intervals counts.

    `ttl` is in minutes; `frequency` times a `period` is from RSS 1.0's syndication module; each is the text of its
    element. Hours and days are read from the document itself, because feedparser keeps only the last of each list.
    Elements within items are ignored.
    """
    intervals = [seconds for seconds in (_ttl_s(ttl), _period_s(period, frequency)) if seconds is not None]
    hours, days = 0, 0
    if "<skip" in document or "<SKIP" in document:
        channel = _channel(document)
        for digits in _HOUR.findall(_first(_SKIP_HOURS, channel)):
            hours |= 1 << int(digits) % 24 if int(digits) <= 24 else 0
        for name in _DAY.findall(_first(_SKIP_DAYS, channel)):
            days |= 1 << _DAYS[name.lower()] if name.lower() in _DAYS else 0
    return Wishes(max(intervals, default=None), hours, days)


def _channel(document: str) -> str:
    """The document before the first and after the last item, at most `_MAX_CHANNEL_CHARS` of each."""
    first, last = document.find("<item"), document.rfind("</item>")
    if first < 0:
        return document[:_MAX_CHANNEL_CHARS]
    return document[: min(first, _MAX_CHANNEL_CHARS)] + document[max(last, first) :][:_MAX_CHANNEL_CHARS]


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""


def _ttl_s(text: str | None) -> int | None:
    return int(text) * 60 if text and text.isascii() and text.isdigit() and len(text) < 8 else None


def _period_s(period: str | None, frequency: str | None) -> int | None:
    """Seconds between updates. Without a period it is a day, without a frequency that is 1; None for nonsense."""
    if period is None and frequency is None:
        return None
    length_s = _PERIODS_S.get((period or "daily").strip().lower())
    times = int(frequency) if frequency and frequency.isascii() and frequency.isdigit() and len(frequency) < 8 else 1
    return length_s // times if length_s is not None and times > 0 else None

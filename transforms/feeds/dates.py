"""Dates that feedparser cannot read: other languages, glued or odd time zones, ISO with surprises."""

from __future__ import annotations

import re
from calendar import timegm
from datetime import UTC, datetime
from time import struct_time

MAX_DATE_CHARS = 64
MAX_RARE_DATES = 300
MAX_UNREADABLE = 20
"""Odd dates that are read in a feed, 1 to 3 ms each, and how many may turn out to be nonsense, 14 ms each."""

_ISO_START = re.compile(r"\d{4}-\d\d-\d\d")
_THAI, _GREEK = re.compile("[\u0e00-\u0e7f]"), re.compile("[\u0370-\u03ff]")


def us_of(moment: struct_time | None) -> int | None:
    """Microseconds of a UTC time tuple as feedparser gives it; None for one outside the calendar."""
    if moment is None:
        return None
    try:
        return timegm(moment) * 1_000_000
    except (ValueError, OverflowError):
        return None


def iso_us(text: str) -> int | None:
    """Microseconds of an ISO 8601 / RFC 3339 date or instant; without a zone it is UTC. None for anything else."""
    text = text.strip()[:MAX_DATE_CHARS]
    if not _ISO_START.match(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
        return _us(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


class RareDates:
    """A reader for the odd date, one a feed; it loads its library only when the first one comes.

    At most MAX_RARE_DATES different texts are read, and none after MAX_UNREADABLE in vain: nonsense costs little.
    """

    def __init__(self, language: str | None) -> None:
        self._language = (language or "").replace("_", "-").partition("-")[0].lower()
        self._read: dict[str, int | None] = {}
        self._in_vain = 0

    def read(self, text: str | None) -> int | None:
        """Microseconds of the instant that `text` names completely (day, month and year); None otherwise."""
        if not text or len(text) > MAX_DATE_CHARS or not any(map(str.isdigit, text)):
            return None
        plain_us = iso_us(text)
        if plain_us is not None:
            return plain_us
        if text not in self._read:
            if len(self._read) >= MAX_RARE_DATES or self._in_vain >= MAX_UNREADABLE:
                return None
            self._read[text] = self._any_language(text)
            self._in_vain += self._read[text] is None
        return self._read[text]

    def _any_language(self, text: str) -> int | None:
        # Naming languages keeps dateparser to 1 ms; all of them cost 1 s once a process, and 40 ms a date.
        likely = ["en"]
        for language, script in (("th", _THAI), ("el", _GREEK)):
            if script.search(text):
                likely = [language]
        if self._language.isalpha() and self._language not in likely:
            likely.insert(0, self._language)
        found, _ = _parse(text, likely)
        has_words = any(letter.isalpha() and letter not in "TZ" for letter in text)
        if found is None and has_words:
            found, spoken = _parse(text, None)
            self._language = spoken or self._language  # the next date of the feed is in the same language
        return found


def _parse(text: str, languages: list[str] | None) -> tuple[int | None, str | None]:
    """The instant, and the language that it was found in."""
    # Imported late: heavy, and one feed in a hundred needs it.
    from dateparser.date import DateDataParser  # type: ignore[import-untyped]  # noqa: PLC0415

    settings = {
        "RETURN_AS_TIMEZONE_AWARE": True,
        "TIMEZONE": "UTC",
        "PARSERS": ["absolute-time"],
        "REQUIRE_PARTS": ["day", "month", "year"],
    }
    try:
        data = DateDataParser(languages=languages, settings=settings).get_date_data(text)
    except (ValueError, OverflowError):  # a language that dateparser does not know, a year beyond 9999
        return None, None
    if data.date_obj is None:
        return None, None
    return _us(data.date_obj), (data.locale or "").partition("-")[0] or None


def _us(moment: datetime) -> int:
    return round(moment.timestamp()) * 1_000_000

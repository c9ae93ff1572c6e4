"""Dates that feedparser cannot read: other languages, glued or odd time zones, ISO with surprises."""

from __future__ import annotations

import re
from calendar import timegm
from datetime import UTC, datetime
from time import struct_time

MAX_DATE_CHARS = 64
MAX_RARE_DATES = 20

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

    At most MAX_RARE_DATES different texts are read, so that a feed of nonsense dates costs little.
    """

    def __init__(self, language: str | None) -> None:
        self._language = (language or "").replace("_", "-").partition("-")[0].lower()
        self._read: dict[str, int | None] = {}

    def read(self, text: str | None) -> int | None:
        """Microseconds of the instant that `text` names completely (day, month and year); None otherwise."""
        if not text or len(text) > MAX_DATE_CHARS or not any(map(str.isdigit, text)):
            return None
        plain_us = iso_us(text)
        if plain_us is not None:
            return plain_us
        if text not in self._read:
            if len(self._read) >= MAX_RARE_DATES:
                return None
            self._read[text] = self._any_language(text)
        return self._read[text]

    def _any_language(self, text: str) -> int | None:
        # Naming languages keeps dateparser to 0.05 s; all of them cost 1 s, once a process.
        likely = ["en"]
        for language, script in (("th", _THAI), ("el", _GREEK)):
            if script.search(text):
                likely = [language]
        if self._language.isalpha() and self._language not in likely:
            likely.insert(0, self._language)
        found = _parse(text, likely)
        has_words = any(letter.isalpha() and letter not in "TZ" for letter in text)
        return _parse(text, None) if found is None and has_words else found


def _parse(text: str, languages: list[str] | None) -> int | None:
    # Imported late: heavy, and one feed in a hundred needs it.
    from dateparser.date import DateDataParser  # type: ignore[import-untyped]  # noqa: PLC0415

    settings = {
        "RETURN_AS_TIMEZONE_AWARE": True,
        "TIMEZONE": "UTC",
        "PARSERS": ["absolute-time"],
        "REQUIRE_PARTS": ["day", "month", "year"],
    }
    try:
        moment = DateDataParser(languages=languages, settings=settings).get_date_data(text).date_obj
    except (ValueError, OverflowError):  # a language that dateparser does not know, a year beyond 9999
        return None
    return None if moment is None else _us(moment)


def _us(moment: datetime) -> int:
    return round(moment.timestamp()) * 1_000_000

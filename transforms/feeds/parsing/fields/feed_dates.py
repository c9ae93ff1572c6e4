"""Reads the dates of a feed, in the order and words of its language and country."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from schemas.feed import FeedSpec
from transforms.text.dates.day_order import Habits, habits_of, month_first
from transforms.text.dates.figures import plain_figures
from transforms.text.dates.instants import read_instant
from transforms.text.dates.month_names import month_of

MAX_DATE_CHARS = 64
MAX_RARE_DATES = 300
MAX_UNREADABLE = 20
"""The most dates of a feed that are given to dateparser (1 to 3 ms each), and the most that may fail (14 ms each)."""

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_FIGURES = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]++")


def iso_us(text: str) -> int | None:
    """The instant in microseconds of a sitemap's date or date-time, in UTC without a zone; None if unreadable."""
    instant = read_instant(text) if len(text) <= MAX_DATE_CHARS else None
    return _whole_second(instant.us) if instant is not None else None


def habits_of_feed(language: str | None, urls: tuple[str, ...], spec: FeedSpec | None) -> Habits:
    """How a feed writes dates, judged by its country in the feed list, its addresses, and its language."""
    if spec is None:
        return habits_of((language,), urls)
    return habits_of((language, spec.language), (*urls, spec.url), spec.country)


class FeedDates:
    """A reader for the dates of one feed. It loads dateparser only for dates that `read_instant` cannot read.

    At most MAX_RARE_DATES different texts are given to dateparser, and none after MAX_UNREADABLE have failed, so that
    nonsense costs little.
    """

    def __init__(self, habits: Habits) -> None:
        self._habits = habits
        self._language = habits.language
        self._read: dict[str, int | None] = {}
        self._in_vain = 0

    def read(self, text: str | None) -> int | None:
        """The instant in microseconds if `text` names day, month and year; else None."""
        if not text or len(text) > MAX_DATE_CHARS or not any(map(str.isdigit, text)):
            return None
        instant = read_instant(text, self._habits)
        if instant is not None:
            return _whole_second(instant.us)
        if text not in self._read:
            if len(self._read) >= MAX_RARE_DATES or self._in_vain >= MAX_UNREADABLE:
                return None
            self._read[text] = self._any_language(plain_figures(text))
            self._in_vain += self._read[text] is None
        return self._read[text]

    def _any_language(self, text: str) -> int | None:
        """The instant, read by dateparser in the feed's language, English or any other; None for figures alone."""
        if _YEAR.search(text) is None or sum(letter.isalpha() for letter in text) < 3:
            return None
        # With named languages dateparser takes 1 ms; with all of them 1 s once a process, and 40 ms a date.
        likely = list(dict.fromkeys(filter(None, (self._language, "en"))))
        found, _ = _parse(text, likely, self._habits)
        if found is None and not any(month_of(word, self._language) for word in _WORD.findall(text)):
            # Only for unknown months: a date with a known month that is unreadable is nonsense in all languages.
            found, spoken = _parse(text, None, self._habits)
            self._language = spoken or self._language  # the next date of the feed is in the same language
        return found


def _parse(text: str, languages: list[str] | None, habits: Habits) -> tuple[int | None, str | None]:
    """The instant in microseconds, and the language in which it was read."""
    # Imported late: it is heavy, and one feed in a hundred needs it.
    from dateparser.date import DateDataParser  # type: ignore[import-untyped]  # noqa: PLC0415

    settings = {
        "RETURN_AS_TIMEZONE_AWARE": True,
        "TIMEZONE": "UTC",
        "PARSERS": ["absolute-time"],
        "REQUIRE_PARTS": ["day", "month", "year"],
        "DATE_ORDER": "MDY" if month_first(habits) else "DMY",
    }
    try:
        data = DateDataParser(languages=languages, settings=settings).get_date_data(text)
    except (ValueError, OverflowError):  # a language that dateparser does not know, a year beyond 9999
        return None, None
    moment = data.date_obj
    if moment is None or not _is_stated(moment, text):
        return None, None
    return _us(moment), (data.locale or "").partition("-")[0] or None


def _is_stated(moment: datetime, text: str) -> bool:
    """Whether day and year are figures of the text, and not filled in by dateparser."""
    figures = {int(figure) for figure in _FIGURES.findall(text)}
    return {moment.year, moment.day} <= figures


def _whole_second(us: int) -> int:
    return us // 1_000_000 * 1_000_000


def _us(moment: datetime) -> int:
    return round(moment.astimezone(UTC).timestamp()) * 1_000_000

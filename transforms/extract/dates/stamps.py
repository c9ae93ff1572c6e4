"""Dates that a page prints or marks: what each one is the date of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from enum import IntEnum
from typing import NamedTuple

from transforms.extract.dates.dates import DatedBy, DateSource, dated_by
from transforms.extract.dates.day_words import (
    COPYRIGHT,
    COPYRIGHT_CHARS,
    EDITED,
    EDITED_CLASS,
    ENTRY_CLASS,
    FIRST,
    OTHER_CLASS,
    OTHER_LABEL,
    OTHER_RANGE,
    PUBLISHED,
    PUBLISHED_CLASS,
    in_small_letters,
    opens_other,
)
from transforms.extract.dates.opening_day import dateline_day
from transforms.extract.dates.other_days import is_sentence
from transforms.extract.page.page_marks import MAX_LABEL_CHARS, Stamp
from transforms.text.dates.day_order import Habits
from transforms.text.dates.figures import plain_figures
from transforms.text.dates.instants import day_instant, read_instant
from transforms.text.dates.month_names import month_of
from transforms.text.dates.printed_dates import dates_in, days_in
from transforms.text.dates.short_years import with_whole_years

_YEAR = re.compile(r"\d{4}")
_FIGURE = re.compile(r"\d")
_CLOCK = re.compile(r"\d:[0-5]\d")
_LETTER = re.compile(r"[^\W\d_]")
_OPENING = re.compile(r"\W?\d\d([./])\d\d\1\d\d\s?[-–—:|]")
"""A text of nothing but a day, before the dash that parts it from the story, is a date also where its year has two
figures: "03.03.26 –"."""

_MAX_LINE_CHARS = 64
"""A longer text with a date in it is a caption or a sentence, unless it says what the date is."""


class DayOf(IntEnum):
    """What a page says that a date is the day of; of PLAIN ones it says nothing."""

    PUBLISHED = 0
    PLAIN = 1
    EDITED = 2


class Printed(NamedTuple):
    """A printed date, and what the page says of it."""

    dated: DatedBy
    of: DayOf
    stamp: Stamp

    @property
    def is_bare(self) -> bool:
        """Whether nothing marks it as the date of the article: neither element, nor class, nor label."""
        return self.of == DayOf.PLAIN and self.stamp.kind == "text" and not self.stamp.is_date

    @property
    def is_first(self) -> bool:
        """Whether the page calls it the first of several publications."""
        told = f"{self.stamp.label} {self.stamp.line} {self.stamp.text}"
        return self.of == DayOf.PUBLISHED and FIRST.search(in_small_letters(told)) is not None

    @property
    def day(self) -> date:
        """The day that a reader sees."""
        return self.dated.day

    def rank(self) -> tuple[int, int, bool, int]:
        """Sort key; the least is the best: not beside the article, called a publication, marked as a date, close below
        the headline."""
        away = self.stamp.away
        return self.stamp.aside, self.of, self.is_bare, away if away >= 0 else -2 * away


def read_stamps(stamps: Iterable[Stamp], habits: Habits) -> Iterator[Printed]:
    """The dates in stamps that are not clearly those of something else: an event, a copyright, a comment.

    A date in the head of the page is today's, and a date in a sentence is that of what the sentence tells, unless the
    page calls it a publication or an edit.
    """
    for stamp in map(_with_own_label, stamps):
        told = stamp.label, stamp.text
        if any(map(OTHER_LABEL.search, told)) or _is_of_other(stamp, habits):
            continue
        if (
            COPYRIGHT.search(part_with_year(stamp.text)) is not None
            or COPYRIGHT.search(stamp.label[-COPYRIGHT_CHARS:]) is not None
        ):
            continue
        of = _kind(stamp)
        if of == DayOf.PLAIN and (stamp.masthead or stamp.held == "caption" or any(map(opens_other, told))):
            continue
        small = in_small_letters(stamp.text)
        cut = EDITED.search(small)
        if of == DayOf.PLAIN and (
            (len(part_with_year(stamp.text)) > _MAX_LINE_CHARS and cut is None) or _is_told(stamp)
        ):
            opening = dateline_day(stamp.line, habits) if stamp.kind == "text" else None
            if opening is not None:
                yield _printed_day(opening, of, stamp)
            continue
        if stamp.kind != "text" and cut is None and (instant := read_instant(stamp.text, habits)) is not None:
            yield Printed(_as_shown(dated_by(instant, DateSource.TIME_ELEMENT), stamp, habits), of, stamp)
        elif cut is None:
            yield from _days(stamp.text, of, stamp, habits)
        else:  # one line may state both: "Published 1 March 2026, updated 2 March 2026"
            again = PUBLISHED.search(small, cut.end())
            end = again.start() if again is not None else len(stamp.text)
            yield from _days(stamp.text[: cut.start()], of, stamp, habits)
            yield from _days(stamp.text[cut.start() : end], DayOf.EDITED, stamp, habits)
            yield from _days(stamp.text[end:], DayOf.PUBLISHED, stamp, habits)


def part_with_year(text: str) -> str:
    """The part of a line between strokes that has the only year in it; else the line."""
    parts = [part for part in text.split("|") if _YEAR.search(part) is not None] if "|" in text else []
    return parts[0].strip() if len(parts) == 1 else text


def _as_shown(dated: DatedBy, stamp: Stamp, habits: Habits) -> DatedBy:
    """The instant in an element's attribute, on the day that the element shows.

    Where it shows a day farther away than a zone explains, and calls it the publication's, that day: the attribute
    tells the last edit.
    """
    shown = {*dates_in(stamp.shown, habits, is_date=True)} if stamp.shown else set()
    if len(shown) != 1:
        return dated
    day = shown.pop()
    if abs((day - dated.day).days) <= 1:
        return dated._replace(day=day)
    if PUBLISHED.match(in_small_letters(stamp.shown)) is not None:
        return dated_by(day_instant(day.year, day.month, day.day), dated.source)
    return dated


def _with_own_label(stamp: Stamp) -> Stamp:
    """The stamp without its label if that is another date, with words of its own."""
    return stamp._replace(label="") if _YEAR.search(stamp.label) is not None else stamp


def _is_of_other(stamp: Stamp, habits: Habits) -> bool:
    """Whether its class says what else it dates, and no label calls it a publication, or the date ends several days."""
    if OTHER_CLASS.search(stamp.names) is not None and PUBLISHED.search(in_small_letters(stamp.label)) is None:
        return True
    ends = OTHER_RANGE.finditer(stamp.line or stamp.text)
    return any(month_of(match[1], habits.language) is not None for match in ends)


def _is_told(stamp: Stamp) -> bool:
    """Whether a sentence tells the date without calling it the text's own."""
    if (stamp.kind != "text" or stamp.is_date) and _is_glued(stamp.line, stamp.shown or stamp.text):
        return False
    line = in_small_letters(stamp.line)
    if PUBLISHED.search(line) is not None or EDITED.search(line) is not None:
        return False
    return is_sentence(stamp.line, is_heading=stamp.held == "heading" and not stamp.line[:1].isdigit())


def _is_glued(line: str, shown: str) -> bool:
    """Whether a text stands in its line without a space, as only an element that is set apart by its style does."""
    before, found, after = line.partition(shown)
    return bool(found) and (_LETTER.match(after) is not None or before[-1:].isalpha())


def _kind(stamp: Stamp) -> DayOf:
    before = stamp.line.partition(stamp.shown or stamp.text)[0][-MAX_LABEL_CHARS:]
    label = in_small_letters(stamp.label or ("" if _YEAR.search(before) is not None else before))
    shown = in_small_letters(stamp.shown or stamp.text)
    opening = _FIGURE.split(shown, maxsplit=1)[0] if stamp.shown else ""
    if stamp.kind.startswith("datemodified") or EDITED.search(label) or EDITED.search(opening):
        return DayOf.EDITED
    if stamp.kind == "datepublished" or PUBLISHED.search(label) or PUBLISHED.match(shown) or FIRST.search(shown):
        return DayOf.PUBLISHED
    if PUBLISHED_CLASS.search(stamp.names):
        return DayOf.PUBLISHED if stamp.near else DayOf.PLAIN
    return DayOf.EDITED if EDITED_CLASS.search(stamp.names) and not ENTRY_CLASS.search(stamp.names) else DayOf.PLAIN


def _days(text: str, of: DayOf, stamp: Stamp, habits: Habits) -> Iterator[Printed]:
    is_date = stamp.kind != "text" or stamp.is_date or of != DayOf.PLAIN or _OPENING.fullmatch(text) is not None
    days = list(dates_in(text, habits, is_date=is_date))
    if not days and (is_date or _CLOCK.search(text) is not None):
        days = _days_with_time(text, habits, is_date=is_date)
    for day in days:
        yield _printed_day(day, of, stamp)


def _days_with_time(text: str, habits: Habits, *, is_date: bool) -> list[date]:
    """The days that need their time of day to be read: "12 Jan 26 08:32", "Tue Mar 3 10:15:00 CET 2026"."""
    instant = read_instant(text, habits) if _YEAR.search(text) is not None else None
    if instant is not None:
        return [instant.day]
    whole = with_whole_years(plain_figures(text), habits) if is_date else ""
    return [one.day for one in days_in(whole, habits) if _LETTER.search(whole, one.start, one.end) is not None]


def _printed_day(day: date, of: DayOf, stamp: Stamp) -> Printed:
    source = DateSource.TEXT if stamp.kind == "text" else DateSource.TIME_ELEMENT
    return Printed(dated_by(day_instant(day.year, day.month, day.day), source), of, stamp)

"""Which of a page's printed dates are those of its publication, and which those of its last edit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from transforms.extract.dates.dates import DatedBy
from transforms.extract.dates.stamps import DayOf, Printed, part_with_year
from transforms.extract.page.class_names import Aside
from transforms.extract.page.page_marks import Stamp

_MAX_BARE_DAYS = 4
"""More days than these near the headline, none of them marked, belong to a list or a chronicle."""

_RIGHT_BELOW = 3
_BY_HEADLINE = 20
_CLOCK = re.compile(r"\d:[0-5]\d")

_MIN_LISTED_DAYS, _MIN_CARD_DAYS = 3, 2
"""So many days, each marked and none later than the one before, are those of a list, and no chance; fewer of cards,
which are those of a list by their class."""

_MAX_DATE_CHARS = 30
_MAX_TIMED_CHARS = 48
"""The longest lines that hold a date and nothing else, such as "Wednesday, September 24, 2025", and one with its time.
"""


def publications(printed: Sequence[Printed]) -> list[Printed]:
    """The printed dates that may be the publication's, the best first.

    First the day that the page calls that of the first of several publications, if it is one. Then those near the
    headline, if there are any; if these are of a list, the only day that is called a publication or marked, first.
    Otherwise dates from anywhere on the page, if they all are the same day (several days are those of several texts):
    dates called a publication; else, if the page states no edit, dates on a
    line of their own above all that are marked; else dates marked as dates. Of several days that are marked, the one
    that is marked otherwise than all others. A plain date on the day of a stated edit is that of the edit.
    """
    printed = [one for one in printed if one.stamp.held != "card"]
    first = [one for one in printed if one.is_first]
    others = _publications(printed)
    if len({one.day for one in first}) != 1:
        return others
    return [first[0], *(one for one in others if one is not first[0])]


def _publications(printed: Sequence[Printed]) -> list[Printed]:
    edited = {one.day for one in printed if one.of == DayOf.EDITED and one.stamp.near}
    able = [one for one in printed if one.of == DayOf.PUBLISHED or (one.of == DayOf.PLAIN and one.day not in edited)]
    own = [one for one in able if one.stamp.aside is not Aside.OTHER]
    near = sorted((one for one in own if one.stamp.near), key=Printed.rank)
    if len({one.day for one in near if one.is_bare}) > _MAX_BARE_DAYS:
        near = [one for one in near if not one.is_bare or _is_right_below(one.stamp)]
    if not near:
        near = _of_head([one for one in able if one.stamp.aside is Aside.OTHER and one.stamp.near])
    within = [one for one in own if one.stamp.held != "aside"]
    marked = [one for one in within if not one.is_bare]
    called = [one for one in own if one.of == DayOf.PUBLISHED]
    if near and not _are_of_list(near):
        return near
    for kept in (called, marked) if near else ():
        if kept and len({one.day for one in kept}) == 1:
            return kept[:1]
    if near:
        return near
    for kept in (called, [] if edited else _lines_above(within, marked), marked):
        if kept and len({one.day for one in kept}) == 1:
            return [kept[0]]
    return _marked_apart(marked)


def _of_head(others: Sequence[Printed]) -> list[Printed]:
    """The dates in the head of the story whose class says that they are of another text, if they are of one day: those
    of other texts are of several."""
    marked = sorted((one for one in others if not one.is_bare), key=Printed.rank)
    kept = marked or [one for one in others if len(one.stamp.text) <= _MAX_DATE_CHARS]
    return kept if len({one.day for one in kept}) == 1 else []


def _are_of_list(near: Sequence[Printed]) -> bool:
    """Whether the dates near the headline, of which none is marked or stands right below it, are several days, or parts
    of longer lines: those of a list, or told."""
    is_bare = all(one.is_bare and not 0 <= one.stamp.away <= _BY_HEADLINE for one in near)
    return is_bare and (len({one.day for one in near}) > 1 or not any(_is_line(one.stamp.text) for one in near))


def _is_right_below(stamp: Stamp) -> bool:
    """Whether a day with its time stands right below the headline, as that of the text does, whatever follows."""
    return 0 <= stamp.away <= _RIGHT_BELOW and _CLOCK.search(stamp.text) is not None


def _is_line(text: str) -> bool:
    """Whether a line, or its part between strokes, holds a date and nothing else but its time of day."""
    text = part_with_year(text)
    return len(text) <= (_MAX_DATE_CHARS if _CLOCK.search(text) is None else _MAX_TIMED_CHARS)


def _lines_above(within: Sequence[Printed], marked: Sequence[Printed]) -> list[Printed]:
    """The dates on lines of their own above all marked ones: below these stand lists of other texts."""
    lines = [one for one in within if one.is_bare and _is_line(one.stamp.text)]
    if not marked:
        return lines
    first = min(one.stamp.away for one in marked)
    return [one for one in lines if 0 <= one.stamp.away < first]


def _marked_apart(marked: Sequence[Printed]) -> list[Printed]:
    """The only day under its class name, where the page marks several days under another, as in its list of texts."""
    named: dict[str, list[Printed]] = {}
    for one in marked:
        named.setdefault(one.stamp.names, []).append(one)
    alone = [group for group in named.values() if len({one.day for one in group}) == 1]
    is_apart = len({group[0].day for group in alone}) == 1 and len(alone) < len(named)
    return alone[0][:1] if is_apart else []


def newest_of_list(printed: Sequence[Printed]) -> list[Printed]:
    """Of a page that lists texts, the first marked date, if each is no later than the one above it."""
    able = [one for one in printed if one.of != DayOf.EDITED]
    marked = [one for one in able if not one.is_bare and one.stamp.aside is Aside.WITHIN]
    cards = [one for one in able if one.stamp.held == "card" and (not one.is_bare or _is_line(one.stamp.text))]
    for listed, least in ((marked, _MIN_LISTED_DAYS), (cards, _MIN_CARD_DAYS)):
        days = [one.day for one in listed]
        is_newest_first = all(upper >= lower for upper, lower in pairwise(days))
        if is_newest_first and len(days) >= _MIN_LISTED_DAYS and len({*days}) >= least:
            return listed[:1]
    return []


def edits(printed: Sequence[Printed]) -> list[DatedBy]:
    """The dates that the page calls those of an edit, the best first: those near the headline; else, if the page calls
    no other date its publication, one from anywhere on the page that is the only such day.
    """
    called = [one for one in sorted(printed, key=Printed.rank) if one.of == DayOf.EDITED and one.stamp.held != "card"]
    near = [one for one in called if one.stamp.near]
    if not near and len({one.day for one in called}) == 1 and all(one.of != DayOf.PUBLISHED for one in printed):
        near = called[:1]
    return [one.dated for one in near]

"""When an article was published and last edited: which of a page's statements to believe."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from schemas.page import Page
from transforms.common.clock import DAY_US, HOUR_US
from transforms.extract.dates.dates import DatedBy, DateSource, dated_by, folder_date, is_credible, url_date
from transforms.extract.dates.opening_day import first_day, opening_day
from transforms.extract.dates.printed import edits, newest_of_list, publications
from transforms.extract.dates.stamps import DayOf, Printed, read_stamps
from transforms.extract.dates.stated import modified_text, published_metas, structured_date
from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.json_ld.structured import text_of
from transforms.extract.page.page_marks import Stamp
from transforms.text.dates.day_order import Habits, habits_of, order_shown, turned
from transforms.text.dates.instants import Instant, Precision, day_instant, read_instant

_YEAR_US = 366 * DAY_US
_SAME_US = 2 * DAY_US
"""Statements of one instant may differ this much: time zones are left out, and hours pass from writing to release."""

_NEAR_GREENWICH_US = 3 * HOUR_US

_MAX_NAME_WORDS = 4
_MAX_HYPHENS = 2
_NUMBER = re.compile(r"\d{4}")
"""What the names of sections and front pages have at most."""

_TO_MACHINES = (DateSource.JSON_LD, DateSource.META)
_TO_READERS = (DateSource.TIME_ELEMENT, DateSource.TEXT)


class _Stated(NamedTuple):
    """What page and feed state about the publication, in order of trust; the printed dates that are among it, the best
    first; and how figures were read."""

    all: Sequence[DatedBy]
    printed: Sequence[Printed]
    habits: Habits

    def agree(self) -> bool:
        """Whether a date told to machines is one that is printed, or either is missing."""
        told = [one for one in self.all if one.source in _TO_MACHINES]
        if not told or not self.printed:
            return True
        return any(abs(one.us - other.dated.us) <= _SAME_US for one in told for other in self.printed)


def published(facts: PageFacts, page: Page) -> DatedBy | None:
    """When the article was published, with source and precision; None if there is no credible statement.

    Order of trust: JSON-LD (`json_ld`), meta elements (`meta`), feed entry (`feed`), a marked date near the headline
    (`time_element`), the address (`url`), a printed date near the headline (`text`); last, if page and feed state only
    when it was edited, that date (`modified`). Dates in the future or before the web are ignored. A statement that is
    years away from all others gives way to one that another source supports. The day is that which a reader sees.
    """
    stated = _read(facts, page)
    if not stated.all:
        return None
    best = _not_later_than_seen(_as_printed(_supported(stated.all), stated, facts), stated, facts, page)
    return best._replace(day=_day_seen(best, stated, facts, page))


def stated_dates(facts: PageFacts, page: Page) -> Sequence[DatedBy]:
    """All credible statements of page and feed about the publication, in order of trust."""
    return _read(facts, page).all


def _read(facts: PageFacts, page: Page) -> _Stated:
    """The statements. If machines are told another day than readers, or the day is ahead of the fetch, "3/4/2026" may
    be in April and not in March: it is read the other way round if then they are told the same, or it is not ahead."""
    habits = _habits(facts, page)
    stated = _credible(facts, page, habits)
    other = turned(habits)
    is_ahead = bool(stated.printed) and not stated.all
    if other is None or (stated.agree() and not is_ahead):
        return stated
    turned_round = _credible(facts, page, other)
    return turned_round if turned_round.all and turned_round.printed and turned_round.agree() else stated


def _credible(facts: PageFacts, page: Page, habits: Habits) -> _Stated:
    printed = _printed(facts.stamps, habits)
    found = publications(printed)
    if not found and _may_list(facts, page):
        found = newest_of_list(printed)
    everything = _statements(facts, page, habits, found)
    return _Stated([one for one in everything if is_credible(one.us, page.fetched_at_us)], found, habits)


def _may_list(facts: PageFacts, page: Page) -> bool:
    """Whether a page may be a front page or a section, by its short headline and its address, which is not made of a
    headline's words or of a number."""
    name = page.final_url.partition("?")[0].rstrip("/").rpartition("/")[2]
    has_short_name = name.count("-") + name.count("_") <= _MAX_HYPHENS and _NUMBER.search(name) is None
    return has_short_name and len((facts.headline_heading or facts.title or "").split()) <= _MAX_NAME_WORDS


def _edit_days(facts: PageFacts, stated: _Stated) -> frozenset[date]:
    """The days on which the page says that it was edited."""
    edited = _edited(facts, stated.habits)
    printed = _printed(facts.stamps, stated.habits)
    days = {one.day for one in printed if one.of is DayOf.EDITED and one.stamp.held != "card"}
    return frozenset(days | ({edited.day} if edited is not None else set()))


def _day_seen(best: DatedBy, stated: _Stated, facts: PageFacts, page: Page) -> date:
    """The day of `best` on the page's own clock, which a statement in UTC, or without an offset, leaves open.

    That is the first of these that is the day stated or one beside it: the day printed near the headline, and, if the
    statement is in UTC, the day in the address. A later day that is an edit's, and that no zone near Greenwich
    explains, is not.
    """
    if best.source in _TO_READERS:
        return best.day
    if best.offset_minutes or best.precision is Precision.DAY:
        return _printed_beside(best, stated, facts) or best.day
    is_late = best.us % DAY_US >= DAY_US - _NEAR_GREENWICH_US
    is_utc = best.offset_minutes == 0 or best.source is DateSource.FEED
    address = url_date(page.final_url, stated.habits) if is_utc else None
    for day in (*(one.day for one in stated.printed), *([address.day] if address is not None else [])):
        if day == best.day or (
            abs((day - best.day).days) == 1 and (day < best.day or is_late or day not in _edit_days(facts, stated))
        ):
            return day
    return best.day


def _printed_beside(best: DatedBy, stated: _Stated, facts: PageFacts) -> date | None:
    """The one day that is printed near the headline, if it is beside that of `best`, which machines are told as a day,
    or with an offset that gives another day than another statement to them; None for the day of an edit."""
    days = {one.day for one in stated.printed if one.stamp.near and not one.is_bare}
    if len(days) != 1 or best.source not in _TO_MACHINES:
        return None
    day = days.pop()
    is_told = any(one.day == day for one in stated.all if one.source in _TO_MACHINES)
    if not _are_beside(day, best.day) or not (is_told or best.precision is Precision.DAY):
        return None
    return day if day < best.day or day not in _edit_days(facts, stated) else None


def _as_printed(best: DatedBy, stated: _Stated, facts: PageFacts) -> DatedBy:
    """What machines are told, if any of it is also printed near the headline; else a day that is called the publication
    there, and comes later: systems tell machines when the text was begun. Not the day of an edit."""
    near = {one.day for one in stated.printed if one.stamp.near} if best.source in _TO_MACHINES else set()
    if not near or any(_are_beside(best.day, day) for day in near) or near & _edit_days(facts, stated):
        return best
    told = [one for one in stated.all if one.source in _TO_MACHINES]
    found = next((one for one in told if any(_are_beside(one.day, day) for day in near)), None)
    if found is not None:
        return found
    called = [one.dated for one in stated.printed if one.stamp.near and one.of is DayOf.PUBLISHED]
    is_later = len({one.day for one in called}) == 1 and called[0].day > best.day
    return called[0] if is_later else best


def _are_beside(day: date, other: date) -> bool:
    return abs((day - other).days) <= 1


def _not_later_than_seen(best: DatedBy, stated: _Stated, facts: PageFacts, page: Page) -> DatedBy:
    """What a reader sees, where a machine is told a later day: systems that republish or import stamp anew.

    That is the one day printed near the headline, or marked; one that is called the publication's, where the machine is
    told the day of the edit; and the day in the folders of the address.
    """
    if best.source not in _TO_MACHINES:
        return best
    printed = [one for one in stated.printed if one.stamp.near or not one.is_bare]
    if len({one.day for one in printed}) == 1 and printed[0].dated.us < best.us - _SAME_US:
        return printed[0].dated
    called = [one.dated for one in printed if one.of is DayOf.PUBLISHED and one.day < best.day]
    is_called_so = any(one.of is DayOf.PUBLISHED and one.day == best.day for one in printed)
    if called and not is_called_so and best.day in _edit_days(facts, stated):
        return called[0]
    address = folder_date(page.final_url)
    if address is not None and address.us < best.us - _SAME_US and is_credible(address.us, page.fetched_at_us):
        return dated_by(address, DateSource.URL)
    return best


def _supported(stated: Sequence[DatedBy]) -> DatedBy:
    """The first statement, unless it is years from all others and a later one is supported by another source.

    Another statement of one source counts where it is not the very same instant, as defaults are.
    """
    first = stated[0]
    for one in stated:
        others = [other for other in stated if other.source != one.source or 0 < abs(other.us - one.us) <= _SAME_US]
        if abs(one.us - first.us) <= _YEAR_US and any(abs(one.us - other.us) <= _YEAR_US for other in others):
            return first
    for one in stated[1:]:
        if any(other.source != one.source and abs(one.us - other.us) <= _SAME_US for other in stated):
            return one
    return first


def _statements(facts: PageFacts, page: Page, habits: Habits, found: Sequence[Printed]) -> Iterator[DatedBy]:
    """All that the page and its feed state about the publication, in order of trust; `found` is what is printed."""
    told = [*_dated(DateSource.JSON_LD, structured_date(facts, "datePublished"), habits)]
    for text in published_metas(facts):
        told += _dated(DateSource.META, text, habits)
    yield from told
    if page.entry_published_us is not None:
        yield dated_by(Instant(page.entry_published_us, Precision.SECOND), DateSource.FEED)
    yield from (one.dated for one in found[:1] if one.is_first)
    first = first_day(facts.prose, habits) if not told else None
    if first is not None:
        yield dated_by(day_instant(first.year, first.month, first.day), DateSource.TEXT)
    yield from (one.dated for one in found if one.dated.source is DateSource.TIME_ELEMENT)
    day = url_date(page.final_url, habits)
    if day is not None:
        yield dated_by(day, DateSource.URL)
    yield from (one.dated for one in found if one.dated.source is DateSource.TEXT)
    opening = opening_day(facts.prose, habits)
    if opening is not None:
        yield dated_by(day_instant(opening.year, opening.month, opening.day), DateSource.TEXT)
    printed = _printed(facts.stamps, habits)
    yield from (one._replace(source=DateSource.MODIFIED) for one in edits(printed))
    if page.entry_published_us is None and page.entry_updated_us is not None:
        yield dated_by(Instant(page.entry_updated_us, Precision.SECOND), DateSource.MODIFIED)


@lru_cache(maxsize=2)
def _printed(stamps: tuple[Stamp, ...], habits: Habits) -> tuple[Printed, ...]:
    """The dates in a page's stamps; kept, because they are asked for the publication and then for the last edit."""
    return tuple(read_stamps(stamps, habits))


def _habits(facts: PageFacts, page: Page) -> Habits:
    """How the page writes dates, judged by those that can be read in one way only, the domains of its addresses and its
    feed, and the stated languages."""
    stated = (
        text_of(facts.structured.get("inLanguage")),
        facts.first_meta("content-language", "og:locale", "dc.language"),
    )
    habits = habits_of((facts.language, *stated, page.entry_language), (page.final_url, page.url, page.feed_url))
    shown = order_shown(one.text for one in facts.stamps)
    return habits if shown is None else habits._replace(is_month_first=shown)


def _dated(source: DateSource, text: str | None, habits: Habits) -> Iterator[DatedBy]:
    instant = read_instant(text, habits) if text else None
    if instant is not None:
        yield dated_by(instant, source)


def modified_us(facts: PageFacts, page: Page, dated: DatedBy | None) -> int | None:
    """When the article was last edited, by the first of: the page's statement, the feed entry, a date by the headline.

    None if that is before the publication `dated`: no text is edited before it is published.
    """
    habits = _habits(facts, page)
    instant = _edited(facts, habits)
    printed = edits(_printed(facts.stamps, habits)) if instant is None else []
    us = instant.us if instant else page.entry_updated_us or (printed[0].us if printed else None)
    if us is None or not is_credible(us, page.fetched_at_us):
        return None
    return us if dated is None or us >= dated.us else None


def _edited(facts: PageFacts, habits: Habits) -> Instant | None:
    stated = modified_text(facts)
    return read_instant(stated, habits) if stated else None

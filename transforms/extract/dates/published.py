"""When an article was published and last edited: which of a page's statements to believe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

from schemas.page import Page
from transforms.common.clock import DAY_US, HOUR_US
from transforms.extract.dates.dates import DatedBy, DateSource, dated_by, is_credible, url_date
from transforms.extract.dates.stamps import Printed, edits, publications, read_stamps
from transforms.extract.dates.stated import modified_text, published_metas, structured_date
from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.json_ld.structured import text_of
from transforms.extract.page.page_marks import Stamp
from transforms.text.dates.day_order import Habits, habits_of
from transforms.text.dates.instants import Instant, Precision, read_instant

_YEAR_US = 366 * DAY_US
_SAME_US = 2 * DAY_US
"""Statements of one instant may differ this much: time zones are left out, and hours pass from writing to release."""

_NEAR_GREENWICH_US = 3 * HOUR_US

_TO_MACHINES = (DateSource.JSON_LD, DateSource.META)
_TO_READERS = (DateSource.TIME_ELEMENT, DateSource.TEXT)


def published(facts: PageFacts, page: Page) -> DatedBy | None:
    """When the article was published, with source and precision; None if there is no credible statement.

    Order of trust: JSON-LD (`json_ld`), meta elements (`meta`), feed entry (`feed`), a marked date near the headline
    (`time_element`), the address (`url`), a printed date near the headline (`text`); last, if page and feed state only
    when it was edited, that date (`modified`). Dates in the future or before the web are ignored. A statement that is
    years away from all others gives way to one that another source supports. The day is that which a reader sees.
    """
    habits = _habits(facts, page)
    stated = [one for one in _statements(facts, page, habits) if is_credible(one.us, page.fetched_at_us)]
    if not stated:
        return None
    best = _not_later_than_printed(_supported(stated), stated)
    return best._replace(day=_day_seen(best, facts, page, habits))


def _day_seen(best: DatedBy, facts: PageFacts, page: Page, habits: Habits) -> date:
    """The day of `best` on the page's own clock, which a statement in UTC, or without an offset, leaves open.

    That is the first of these that is the day stated or one beside it: the day printed near the headline, the day in
    the address. A later day that is the edit's, and that no zone near Greenwich explains, is not.
    """
    if best.offset_minutes or best.precision is Precision.DAY or best.source in _TO_READERS:
        return best.day
    edited = _edited(facts, habits)
    is_late = best.us % DAY_US >= DAY_US - _NEAR_GREENWICH_US
    edit = edited.day if edited is not None and not is_late else None
    address = url_date(page.final_url)
    near = (one.day for one in publications(_printed(facts.stamps, habits)))
    for day in (*near, *([address.day] if address is not None else [])):
        if abs((day - best.day).days) <= 1 and not best.day < day == edit:
            return day
    return best.day


def _not_later_than_printed(best: DatedBy, stated: Sequence[DatedBy]) -> DatedBy:
    """What a reader sees, where a machine is told a later day: systems that republish or import stamp anew."""
    printed = [one for one in stated if one.source in _TO_READERS]
    if best.source in _TO_MACHINES and len({one.day for one in printed}) == 1 and printed[0].us < best.us - _SAME_US:
        return printed[0]
    return best


def _supported(stated: Sequence[DatedBy]) -> DatedBy:
    """The first statement, unless it is years from all other sources and a later one is supported by another source."""
    first = stated[0]
    for one in stated:
        others = [other for other in stated if other.source != one.source]
        if abs(one.us - first.us) <= _YEAR_US and any(abs(one.us - other.us) <= _YEAR_US for other in others):
            return first
    for one in stated[1:]:
        if any(other.source != one.source and abs(one.us - other.us) <= _SAME_US for other in stated):
            return one
    return first


def _statements(facts: PageFacts, page: Page, habits: Habits) -> Iterator[DatedBy]:
    """All that the page and its feed state about the publication, in order of trust."""
    yield from _dated(DateSource.JSON_LD, structured_date(facts, "datePublished"), habits)
    for text in published_metas(facts):
        yield from _dated(DateSource.META, text, habits)
    if page.entry_published_us is not None:
        yield dated_by(Instant(page.entry_published_us, Precision.SECOND), DateSource.FEED)
    printed = _printed(facts.stamps, habits)
    found = publications(printed)
    yield from (one for one in found if one.source is DateSource.TIME_ELEMENT)
    day = url_date(page.final_url)
    if day is not None:
        yield dated_by(day, DateSource.URL)
    yield from (one for one in found if one.source is DateSource.TEXT)
    yield from (one._replace(source=DateSource.MODIFIED) for one in edits(printed))
    if page.entry_published_us is None and page.entry_updated_us is not None:
        yield dated_by(Instant(page.entry_updated_us, Precision.SECOND), DateSource.MODIFIED)


@lru_cache(maxsize=1)
def _printed(stamps: tuple[Stamp, ...], habits: Habits) -> tuple[Printed, ...]:
    """The dates in a page's stamps; kept, because they are asked for the publication and then for the last edit."""
    return tuple(read_stamps(stamps, habits))


def _habits(facts: PageFacts, page: Page) -> Habits:
    """How the page writes dates, judged by the domains of its addresses and its feed, and by the stated languages."""
    stated = (
        text_of(facts.structured.get("inLanguage")),
        facts.first_meta("content-language", "og:locale", "dc.language"),
    )
    return habits_of((facts.language, *stated, page.entry_language), (page.final_url, page.url, page.feed_url))


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

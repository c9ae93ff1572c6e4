"""When an article was published and last edited: which of a page's statements to believe."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from schemas.page import Page
from transforms.common.clock import DAY_US
from transforms.extract.dates.dates import DatedBy, DateSource, dated_by, is_credible, url_date
from transforms.extract.dates.stamps import Printed, edits, publications, read_stamps
from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.json_ld.structured import text_of
from transforms.extract.page.page_marks import Stamp
from transforms.text.dates.day_order import Habits, habits_of
from transforms.text.dates.instants import Instant, Precision, read_instant

_YEAR_US = 366 * DAY_US
_SAME_US = 2 * DAY_US
"""Statements of one instant may differ this much: time zones are left out, and hours pass from writing to release."""

_FIRST_METAS = ("article:published_time", "og:published_time", "datepublished", "pubdate", "parsely-pub-date")
_LAST_METAS = ("date", "dc.date.issued", "dc.date", "dcterms.issued", "dcterms.created", "datecreated", "sailthru.date")
_LETTERS = re.compile(r"[^a-z]+")
_PUBLISHED_NAME = re.compile(r"publi(?:sh(?:ed|ing|time|date)|cat)|pub(?:date|time)|datepubl")
_CREATED_NAME = re.compile(
    r"(?:release|creat(?:ion|ed?)|display|online|citation)(?:date|time|at|on)?$|"
    r"^(?:dc|dcterms|eprints)date|issued$|dateoriginal$|^p(?:date|time)$"
)
_OTHER_NAME = re.compile(
    r"modif|updat|expir|until|last|first|unpubl|republ|publisher|end|copyright|valid|available|revis"
)


def published(facts: PageFacts, page: Page) -> DatedBy | None:
    """When the article was published, with source and precision; None if there is no credible statement.

    Order of trust: JSON-LD (`json_ld`), meta elements (`meta`), feed entry (`feed`), a marked date near the headline
    (`time_element`), the address (`url`), a printed date near the headline (`text`); last, if page and feed state only
    when it was edited, that date (`modified`). Dates in the future or before the web are ignored. A statement that is
    years away from all others gives way to one that another source supports.
    """
    stated = [one for one in _statements(facts, page) if is_credible(one.us, page.fetched_at_us)]
    return _not_later_than_printed(_supported(stated), stated) if stated else None


def _not_later_than_printed(best: DatedBy, stated: Sequence[DatedBy]) -> DatedBy:
    """What a reader sees, where a machine is told a later day: systems that republish or import stamp anew."""
    printed = [one for one in stated if one.source in (DateSource.TIME_ELEMENT, DateSource.TEXT)]
    days = {one.us // DAY_US for one in printed}
    if best.source in (DateSource.JSON_LD, DateSource.META) and len(days) == 1 and printed[0].us < best.us - _SAME_US:
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


def _statements(facts: PageFacts, page: Page) -> Iterator[DatedBy]:
    """All that the page and its feed state about the publication, in order of trust."""
    habits = _habits(facts, page)
    yield from _dated(DateSource.JSON_LD, _stated(facts.structured.get("datePublished")), habits)
    for text in _published_metas(facts):
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


def _published_metas(facts: PageFacts) -> Iterator[str]:
    """Values of meta elements that state a publication, the plainest names first; then those that state a creation."""
    for name in _FIRST_METAS:
        yield from facts.meta.get(name, ())[:1]
    others = [(told, values[:1]) for name, values in facts.meta.items() if (told := _told_by(name)) is not _NOTHING]
    named = [(told, values) for told, values in others if told.is_publication]
    for _, values in sorted(named, key=lambda one: not one[0].is_date):  # a "time" may be that of a new release
        yield from values
    for name in _LAST_METAS:
        yield from facts.meta.get(name, ())[:1]
    for told, values in others:
        if told.is_creation:
            yield from values


class _Told(NamedTuple):
    """What a meta element tells by its name, which may be that of both."""

    is_publication: bool
    is_creation: bool
    is_date: bool


_NOTHING = _Told(False, False, False)


@lru_cache(maxsize=4096)
def _told_by(name: str) -> _Told:
    """What a meta element of a name other than the plainest tells; pages share most of their names."""
    letters = _LETTERS.sub("", name)
    if name in _FIRST_METAS or _OTHER_NAME.search(letters) is not None:
        return _NOTHING
    is_publication, is_creation = _PUBLISHED_NAME.search(letters), _CREATED_NAME.search(letters)
    if is_publication is None and is_creation is None:
        return _NOTHING
    return _Told(is_publication is not None, is_creation is not None, "date" in letters)


def _habits(facts: PageFacts, page: Page) -> Habits:
    """How the page writes dates, judged by the domains of its addresses and its feed, and by the stated languages."""
    stated = (
        text_of(facts.structured.get("inLanguage")),
        facts.first_meta("content-language", "og:locale", "dc.language"),
    )
    return habits_of((facts.language, *stated, page.entry_language), (page.final_url, page.url, page.feed_url))


def _stated(value: Any) -> str | None:
    """A date in JSON-LD as text. It may be a number (seconds or milliseconds since 1970) or a PHP date object."""
    if isinstance(value, Mapping) and isinstance(value.get("date"), str):
        zone = value.get("timezone")
        return f"{value['date']} {zone}" if isinstance(zone, str) else value["date"]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return text_of(value)


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
    stated = _stated(facts.structured.get("dateModified")) or facts.first_meta(
        "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified"
    )
    return read_instant(stated, habits) if stated else None

"""When an article was published and last edited: which of a page's statements to believe."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from schemas.page import Page
from transforms.extract.dates import EPOCH, DatedBy, is_credible, parse_instant, url_date
from transforms.extract.page_facts import PageFacts
from transforms.extract.page_marks import OTHER, WITHIN, Stamp
from transforms.extract.printed_dates import dates_in
from transforms.extract.structured import text_of

_EDITED = re.compile(
    r"\b(?:updat|modif|revis|reviewed|edited|aktualisier|zuletzt|stand:|geändert|mise? à jour|modifié|actualizad|"
    r"modificad|aggiornat|atualizad|bijgewerkt|gewijzigd|oppdatert|uppdaterad|opdateret|päivitetty|zaktualizowan|"
    r"aktualizov|обновлен|оновлен|изменен|güncelle|diperbarui|cập nhật|ενημερ|last (?:edited|checked))|更新|업데이트",
    re.IGNORECASE,
)
_OTHER_KIND = re.compile(
    r"\b(?:copyright|fact.checked|medically|expires?|received|accepted|accessed|retrieved|founded|since|born|established)"
    r"\b|©|\(c\)",
    re.IGNORECASE,
)
"""Labels of a date that is not the one of publication."""

_EDITED_CLASS = re.compile(r"updat|modif|revis", re.IGNORECASE)
_OTHER_CLASS = re.compile(r"event|today|current|expir|start-?date|end-?date|birth|copyright", re.IGNORECASE)
_PUBLISHED = re.compile(
    r"publi[sckqée]|posted|veröffentlicht|erschienen|erstellt|created|pubblicat|gepubliceerd|publicerad|julkaistu|"
    r"opublikowan|zveřejněno|опублик|yayın|dipublikasi|xuất bản|δημοσι|发布|發布|公開|掲載|등록|입력",
    re.IGNORECASE,
)
_PUBLISHED_CLASS = re.compile(r"publi|pub-?date|posted|created|release", re.IGNORECASE)
_LETTERS = re.compile(r"[^a-z]+")


def published(facts: PageFacts, page: Page) -> DatedBy | None:
    """The publication, with its source and precision, or None where no statement is credible."""
    stated = [one for one in _statements(facts, page) if is_credible(one.us, page.fetched_at_us)]
    if not stated:
        return None
    return stated[0]


def _statements(facts: PageFacts, page: Page) -> Iterator[DatedBy]:
    yield from _dated("json_ld", text_of(facts.structured.get("datePublished")))
    for text in _published_metas(facts):
        yield from _dated("meta", text)
    if page.entry_published_us is not None:
        yield DatedBy(page.entry_published_us, "second", "feed")
    printed = list(_printed(facts, edited=False))
    yield from (one for one in printed if one.source == "time_element")
    day = url_date(page.final_url)
    if day is not None:
        yield DatedBy(day.us, day.precision, "url")
    yield from (one for one in printed if one.source == "text")
    yield from (DatedBy(one.us, one.precision, "modified") for one in _printed(facts, edited=True))


def _published_metas(facts: PageFacts) -> Iterator[str]:
    """Values of the meta elements that state a publication, the plainest name first."""
    for exact in ("article:published_time", "og:published_time", "datepublished"):
        yield from facts.meta.get(exact, ())[:1]
    for name, values in facts.meta.items():
        letters = _LETTERS.sub("", name)
        if ("publish" in letters or "pubdate" in letters or "publicationdate" in letters) and "modif" not in letters:
            yield from values[:1]
    for exact in ("date", "dc.date.issued", "dc.date", "dcterms.created", "dcterms.issued", "datecreated", "sailthru.date"):
        yield from facts.meta.get(exact, ())[:1]


def _dated(source: str, text: str | None) -> Iterator[DatedBy]:
    instant = parse_instant(text) if text else None
    if instant is not None:
        yield DatedBy(instant.us, instant.precision, source)


def _printed(facts: PageFacts, edited: bool) -> Iterator[DatedBy]:
    """Dates near the headline, the best marked and nearest first: those of an edit if `edited`, else all others."""
    for _, stamp in sorted(_ranked(facts.stamps, edited), key=lambda one: one[0]):
        marked = stamp.kind != "text"
        source = "time_element" if marked else "text"
        found = parse_instant(stamp.text) if marked else None
        if found is not None:
            yield DatedBy(found.us, found.precision, source)
            continue
        for day in dates_in(_part(stamp.text, edited), facts.language):
            us = (datetime(day.year, day.month, day.day, tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
            yield DatedBy(us, "day", source)


def _part(text: str, edited: bool) -> str:
    """What a line says of the publication or of the last edit, where it states both."""
    cut = _EDITED.search(text)
    if cut is None:
        return text
    if edited:
        return text[cut.start() :]
    again = _PUBLISHED.search(text, cut.end())
    return text[: cut.start()] + (text[again.start() :] if again is not None else "")


def _ranked(stamps: Iterable[Stamp], edited: bool) -> Iterator[tuple[tuple[int, int, int], Stamp]]:
    for stamp in stamps:
        if stamp.aside == OTHER or _OTHER_KIND.search(stamp.label) or _OTHER_CLASS.search(stamp.names):
            continue
        said = stamp.kind == "datepublished" or bool(_PUBLISHED.search(stamp.label) or _PUBLISHED.match(stamp.text))
        published = said or bool(_PUBLISHED_CLASS.search(stamp.names))
        is_edit = stamp.kind.startswith("datemod") or bool(
            _EDITED.search(stamp.label) or (_EDITED_CLASS.search(stamp.names) and not published)
        )
        if is_edit != edited and not (edited and _EDITED.search(stamp.text)):
            continue
        if stamp.near or (said and stamp.aside == WITHIN):
            away = stamp.away or 0
            yield (stamp.aside, 0 if published else 1, away if away >= 0 else -2 * away), stamp


def modified_us(facts: PageFacts, page: Page) -> int | None:
    """When the page says it was last edited, else the feed entry's own word."""
    stated = text_of(facts.structured.get("dateModified")) or facts.first_meta(
        "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified"
    )
    instant = parse_instant(stated) if stated else None
    us = instant.us if instant else page.entry_updated_us
    return us if us is not None and is_credible(us, page.fetched_at_us) else None

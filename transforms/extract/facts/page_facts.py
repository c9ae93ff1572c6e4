"""What a page states about itself (meta elements, links, JSON-LD, bylines, dates), in one walk over its tree."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from typing import Any, TypeVar

from lxml import etree
from lxml.html import HtmlElement

from transforms.extract.dates.may_be_date import is_clock_tag, may_be_date, may_hold_date, shown_in_words, stated_time
from transforms.extract.facts.breadcrumbs import Crumb, marked_crumbs, stated_crumbs
from transforms.extract.facts.head_facts import HEAD_TAGS, MAX_TITLE_CHARS, HeadFacts
from transforms.extract.facts.headings import Heading, Surroundings, headline_heading, leads_home
from transforms.extract.json_ld.article_object import article_object
from transforms.extract.json_ld.structured import json_objects, text_of
from transforms.extract.names.by_words import is_role, names_writer, opens_byline, opens_own_byline
from transforms.extract.names.printed.named_sources import NamedSources
from transforms.extract.page.class_names import NO_MARKS, Marks, marks_of
from transforms.extract.page.page_marks import (
    MAX_TEXT_CHARS,
    NO_BYLINE,
    Byline,
    MarkedBy,
    Stamp,
    is_author_link,
    pieces_of,
    text_of_element,
)
from transforms.extract.page.signed_lines import EMPHASIS, signs_at_right, signs_below
from transforms.text.well_formed import well_formed

_MAX_HEADINGS = 60
_MAX_HOMES = 4
_MAX_PROSE = 400
_MAX_TEXTS = 40
_MAX_CRUMBS = 5
_PROSE_CHARS = 120
_MAX_MARKS = 1_000
_MAX_BYLINES = 60
_MAX_STAMPS = 100
_MAX_DATED_LINES = 3
"""Of possible bylines and of possible dates, _MAX_MARKS each are noted; of these, the _MAX_BYLINES and _MAX_STAMPS
nearest to the headline are read."""

_MAX_STAMP_CHARS = 120
_MAX_INDENTED_CHARS = 2_000
_MAX_PART_CHARS = 20
_MAX_PARTS_CHARS = 40
_MAX_PARTS = 6
"""A day in parts, each in an element of its own, has at most these, and so many signs."""

_YEAR_PART = re.compile(r"(?<!\d)20\d\d(?!\d)")
_TITLED = frozenset({"span", "abbr", "small", "em", "i", "div", "p", "li", "td"})
"""Elements whose title may be the day that they show in words; on links and pictures it is a text's title."""

_SILENT = frozenset("br circle g hr iframe img input noscript option path source style svg textarea use wbr".split())
_HEADINGS = frozenset({"h1", "h2"})
_TIMES = frozenset({"time", "ins", "del"})
_Mark = TypeVar("_Mark", bound=tuple[Any, ...])


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What one page states, as printed. Names in `meta` are in lower case, each with its values in page order.

    `headings` are the texts of all h1 elements; `headline_heading` is the text of the heading that the page's titles
    point to, and `headline_pieces` are the runs of text in it; `home_headings` are headings that lead to the site's
    front page; `prose` are the beginnings of its first long texts; `crumbs` are the steps from the front page to this
    page; `base` is the address that its base element states.
    """

    meta: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    links: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    structured: Mapping[str, Any] = field(default_factory=dict)
    language: str | None = None
    title: str | None = None
    headings: tuple[str, ...] = ()
    headline_heading: str | None = None
    headline_pieces: tuple[str, ...] = ()
    home_headings: tuple[str, ...] = ()
    bylines: tuple[Byline, ...] = ()
    stamps: tuple[Stamp, ...] = ()
    prose: tuple[str, ...] = ()
    crumbs: tuple[Crumb, ...] = ()
    base: str | None = None
    rsl_links: tuple[str, ...] = ()
    """Addresses of licensing terms (RSL) of the whole page, as linked."""
    rsl_documents: tuple[str, ...] = ()
    """Such terms that stand in the page, as text."""

    def first_meta(self, *names: str) -> str | None:
        """The first value under one of these names, in the order of `names`; None if there is none."""
        return next((value for name in names for value in self.meta.get(name, ()) if value), None)


def page_facts(tree: HtmlElement, url: str = "") -> PageFacts:
    """The facts of a parsed page. Malformed parts are left out; nothing is raised. Linear in the page's size.

    `url` is the page's final address, which tells the JSON-LD of this page from that of other stories. The tree is not
    changed, and the facts keep no reference to it. All texts are well-formed.
    """
    walk = _Walk()
    walk.through(tree)
    return walk.facts(url)


class _Walk:
    """Collects what one pass over the elements finds."""

    def __init__(self) -> None:
        self._head = HeadFacts()
        self._headings: list[Heading] = []
        self._bylines: list[tuple[HtmlElement, int, MarkedBy, str]] = []
        self._sources = NamedSources()
        self._stamps: list[tuple[HtmlElement, int, str, str, HtmlElement | None]] = []
        self._crumbs: list[HtmlElement] = []
        self._prose: list[tuple[int, HtmlElement]] = []
        self._texts: list[str] = []
        self._headings_seen = 0
        self._texts_read = 0
        self._language: str | None = None

    def through(self, tree: HtmlElement) -> None:
        """Visit all elements in one loop with few calls: a page has a thousand elements, and most state nothing."""
        self._language = _language(tree)
        for place, element in enumerate(tree.iter(etree.Element)):
            tag = element.tag
            if tag in HEAD_TAGS:
                self._head.see(element, tag)
            elif tag not in _SILENT:
                if tag in _HEADINGS:
                    self._see_heading(element, tag, place)
                elif tag == "time":
                    self._stamp(element, place, "time", stated_time(element))
                if keys := element.keys():
                    if "itemprop" in keys or "property" in keys or "style" in keys or "align" in keys:
                        self._see_marks(element, keys, place)
                    if tag == "a":
                        self._see_link(element, keys, place)
                    elif "datetime" in keys or "title" in keys or "-" in tag:
                        self._see_time(element, keys, tag, place)
                    names = (element.get("class") if "class" in keys else None) or element.get("id")
                    marks = marks_of(names[:MAX_TEXT_CHARS]) if names else NO_MARKS
                    if marks is not NO_MARKS and tag not in NO_BYLINE:
                        self._see_names(element, tag, marks, place)
                text = element.text
                if text and not text.isspace():
                    self._see_text(text, element, tag, place)
            tail = element.tail
            if tail and not tail.isspace() and (parent := element.getparent()) is not None:
                self._see_text(tail, parent, parent.tag, place, element)

    def _see_heading(self, element: HtmlElement, tag: str, place: int) -> None:
        self._headings_seen += 1
        if self._headings_seen <= _MAX_HEADINGS and (text := text_of_element(element, MAX_TITLE_CHARS)):
            self._headings.append(Heading(element, tag, text, place))

    def _see_link(self, element: HtmlElement, keys: list[str], place: int) -> None:
        if "rel" in keys and "author" in (element.get("rel") or "")[:_MAX_STAMP_CHARS].split():
            self._byline(element, place, MarkedBy.REL)
        elif is_author_link(element.get("href") or ""):
            self._byline(element, place, MarkedBy.LINK)

    def _see_marks(self, element: HtmlElement, keys: list[str], place: int) -> None:
        if "itemprop" in keys or "property" in keys:
            self._see_itemprop(element, place)
        elif signs_at_right(element):
            self._byline(element, place, MarkedBy.ALIGN)

    def _see_time(self, element: HtmlElement, keys: list[str], tag: str, place: int) -> None:
        if ("datetime" in keys and tag not in _TIMES) or ("-" in tag and is_clock_tag(tag)):
            self._stamp(element, place, "time", stated_time(element))
        elif "title" in keys and tag in _TITLED:
            self._stamp(element, place, "time", shown_in_words(element))

    def _see_names(self, element: HtmlElement, tag: str, marks: Marks, place: int) -> None:
        if marks.is_author:
            self._byline(element, place, MarkedBy.CLASS)
        if marks.is_source:
            self._sources.see_named(element, place)
        if marks.is_date and tag != "time":
            if (stated := stated_time(element)) is not None:
                self._stamp(element, place, "time", stated)
            elif len(element):
                self._stamp(element, place, "text", None)
        if marks.is_crumbs and len(self._crumbs) < _MAX_CRUMBS:
            self._crumbs.append(element)

    def _see_itemprop(self, element: HtmlElement, place: int) -> None:
        itemprop = (element.get("itemprop") or element.get("property") or "")[:_MAX_STAMP_CHARS].lower()
        if "author" in itemprop or itemprop == "creator":
            self._byline(element, place, MarkedBy.ITEMPROP)
        elif itemprop.startswith("date"):
            self._stamp(element, place, itemprop, element.get("content") or element.get("datetime"))

    def _see_text(
        self, text: str, holder: HtmlElement, tag: str, place: int, before: HtmlElement | None = None
    ) -> None:
        if tag in NO_BYLINE or tag == "time":
            return
        if _MAX_STAMP_CHARS < len(text) <= _MAX_INDENTED_CHARS and ("  " in text or "\t" in text):
            text = " ".join(text.split())  # a template's indents around a few words
        if len(text) > _MAX_STAMP_CHARS:
            if len(self._prose) < _MAX_PROSE and len(text.strip()) >= _PROSE_CHARS:
                self._prose.append((place, holder))
                if len(self._texts) < _MAX_TEXTS:
                    self._texts.append(text[:MAX_TITLE_CHARS])
            return
        self._sources.see_line(text, holder, place)
        if opens_byline(text) or names_writer(text) or opens_own_byline(text, self._language or ""):
            self._byline(holder, place, MarkedBy.TEXT, text)
        elif is_role(text) and (above := holder.getparent()) is not None:
            self._byline(above, place, MarkedBy.TEXT)
        elif tag in EMPHASIS and before is None and signs_below(holder, text):
            self._byline(holder, place, MarkedBy.ALIGN)
        if may_hold_date(text):
            self._stamp(holder, place, "text", text, before)
            if len(text) <= _MAX_PART_CHARS and _YEAR_PART.search(text) is not None:
                self._see_parts(text, holder if before is not None else holder.getparent(), place)

    def _see_parts(self, text: str, above: HtmlElement | None, place: int) -> None:
        """Note a day whose parts stand in elements of their own within `above`, as on the leaf of a calendar; `text` is
        that with the year."""
        if above is None or above.tag in NO_BYLINE or len(above) > _MAX_PARTS or may_be_date(text):
            return
        whole = " ".join(" ".join(above.itertext()).split()) if _is_small(above) else ""
        if 0 < len(whole) <= _MAX_PARTS_CHARS and "(" not in whole:  # "March 2026 (3)" is of an archive
            self._stamp(above, place, "text", whole)

    def _byline(self, element: HtmlElement, place: int, kind: MarkedBy, text: str = "") -> None:
        if len(self._bylines) < _MAX_MARKS:
            self._bylines.append((element, place, kind, text))

    def _stamp(
        self, element: HtmlElement, place: int, kind: str, text: str | None, before: HtmlElement | None = None
    ) -> None:
        """Note a text that may hold a date. None as `text` means the element's text; `before` may hold its label."""
        if len(self._stamps) >= _MAX_MARKS:
            return
        if text is None and self._texts_read < _MAX_MARKS:
            self._texts_read += 1
            text = text_of_element(element, _MAX_STAMP_CHARS + 1)
        if text and len(text) <= _MAX_STAMP_CHARS and may_be_date(text, is_marked=kind != "text"):
            self._stamps.append((element, place, kind, " ".join(text.split()), before))

    def facts(self, url: str) -> PageFacts:
        head = self._head
        objects = json_objects(head.scripts)
        titles = [*head.meta.get("og:title", ()), *head.meta.get("twitter:title", ()), head.title]
        called = [title for title in (*titles, *(one.text for one in self._headings if one.level == "h1")) if title]
        addresses = (url, *head.links.get("canonical", ())[:1], *head.meta.get("og:url", ())[:1])
        structured = article_object(objects, addresses, called)
        titles.append(text_of(structured.get("headline")))
        homes = [one for one in self._headings[:_MAX_HOMES] if leads_home(one, url)]
        stories = [one for one in self._headings if one not in homes]
        heading = headline_heading(stories, [title[:MAX_TITLE_CHARS] for title in titles if title])
        where = Surroundings(heading, self._prose)
        bylines = _nearest(self._bylines, where, _MAX_BYLINES)
        stamps = _nearest(self._stamps, where, _MAX_STAMPS)
        headed = [one.place for one in self._headings]
        lines = (one for one in self._sources.lines() if where.may_credit(*one, headed))
        sources = (where.byline(*one, MarkedBy.SOURCE) for one in (*self._sources.named, *lines))
        dated = islice(filter(None, (where.dated_line(one[0], one[1]) for one in stamps)), _MAX_DATED_LINES)
        return PageFacts(
            meta={name: tuple(values) for name, values in head.meta.items()},
            links={rel: tuple(values) for rel, values in head.links.items()},
            structured=structured,
            language=self._language,
            title=head.title or None,
            headings=tuple(one.text for one in self._headings if one.level == "h1"),
            headline_heading=heading.text if heading is not None else None,
            headline_pieces=tuple(one.text for one in pieces_of(heading.element)) if heading is not None else (),
            home_headings=tuple(one.text for one in homes),
            bylines=tuple(filter(None, (*(where.byline(*one) for one in bylines), *dated, *sources))),
            stamps=tuple(filter(None, (where.stamp(*one) for one in stamps))),
            prose=tuple(map(well_formed, self._texts)),
            crumbs=stated_crumbs(objects) or marked_crumbs(self._crumbs),
            base=head.base,
            rsl_links=tuple(head.rsl_links),
            rsl_documents=tuple(head.rsl_documents),
        )


def _nearest(marks: list[_Mark], where: Surroundings, most: int) -> list[_Mark]:
    """The `most` marks that stand nearest to the headline, in page order, in which they are given."""
    if len(marks) <= most:
        return marks
    return sorted(sorted(marks, key=lambda one: abs(where.away(one[1])))[:most], key=itemgetter(1))


def _is_small(element: HtmlElement) -> bool:
    """Whether an element's children hold no others, so that its text is short work."""
    return all(len(child) == 0 for child in element)


def _language(tree: HtmlElement) -> str | None:
    for name in ("lang", "{http://www.w3.org/XML/1998/namespace}lang"):
        stated = (tree.get(name) or "").strip()
        if stated:
            return stated[:_MAX_STAMP_CHARS]
    return None

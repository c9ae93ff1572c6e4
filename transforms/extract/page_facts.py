"""What a page states about itself: meta elements, links, JSON-LD, bylines and dates, in one walk over its tree."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lxml import etree
from lxml.html import HtmlElement

from transforms.extract.page_marks import (
    AUTHOR_CLASS,
    DATE_CLASS,
    MAX_LABEL_CHARS,
    MAX_TEXT_CHARS,
    NO_AUTHOR_CLASS,
    OTHER,
    Byline,
    Stamp,
    class_of,
    is_author_link,
    is_of_comments,
    aside_level,
    pieces_of,
    signature,
    text_before,
)
from transforms.extract.people import is_label, opens_byline
from transforms.extract.structured import article_object, one_line

MAX_TITLE_CHARS = 1_000
_MAX_VALUE_CHARS = 10_000
_MAX_VALUES = 100
_MAX_HEADINGS = 60
_MAX_PROSE = 400
_MAX_TEXTS = 40
_PROSE_CHARS = 120
_NEAR_BEFORE, _NEAR_AFTER = 60, 90
_STORY = 3
"""A byline stands within so many elements of the headline, and before the third text as long as a paragraph: a
standfirst and a notice may come before it, a story does not."""

_MAX_MARKS = 60
_MAX_STAMPS = 120
_MAX_STAMP_CHARS = 120

_YEAR = re.compile(r"(?:19|20)\d\d")
_NO_BYLINE = frozenset({"html", "body", "main", "article", "script", "style", "img", "input", "textarea", "iframe"})
_MIN_SHARED = {"h1": 0.3, "h2": 0.5}
_WORDS = re.compile(r"[^\W_]+")
_HEAD_TAGS = frozenset({"meta", "link", "script", "title"})
_HEADINGS = frozenset({"h1", "h2"})


class Heading(NamedTuple):
    """A heading, and its place in the order of the page's elements."""

    level: str
    text: str
    place: int


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Statements of one page, as printed. Names of `meta` are in lower case, each with its values in page order.

    `headings` are the texts of all h1; `headline_heading` is the heading that the page's titles point to; `prose`
    are beginnings of its first long texts.
    """

    meta: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    links: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    structured: Mapping[str, Any] = field(default_factory=dict)
    language: str | None = None
    title: str | None = None
    headings: tuple[str, ...] = ()
    headline_heading: str | None = None
    bylines: tuple[Byline, ...] = ()
    stamps: tuple[Stamp, ...] = ()
    prose: tuple[str, ...] = ()

    def first_meta(self, *names: str) -> str | None:
        """The first value that one of these names has, in the order of the names."""
        return next((value for name in names for value in self.meta.get(name, ()) if value), None)


def page_facts(tree: HtmlElement) -> PageFacts:
    """The facts of a parsed page; what is malformed is left out, nothing is raised. Linear in the page's size.

    The tree is not changed, and the facts hold nothing of it.
    """
    walk = _Walk()
    for place, element in enumerate(tree.iter(etree.Element)):
        walk.see(element, place)
    return walk.facts(tree)


class _Walk:
    """What one pass over the elements gathers."""

    def __init__(self) -> None:
        self._meta: dict[str, list[str]] = {}
        self._links: dict[str, list[str]] = {}
        self._scripts: list[str] = []
        self._title: str | None = None
        self._headings: list[tuple[HtmlElement, Heading]] = []
        self._bylines: list[tuple[HtmlElement, int, str]] = []
        self._stamps: list[tuple[HtmlElement, int, str, str]] = []
        self._prose: list[int] = []
        self._texts: list[str] = []
        self._kinds: dict[str, tuple[bool, bool]] = {}

    def see(self, element: HtmlElement, place: int) -> None:
        tag = element.tag
        if tag in _HEAD_TAGS:
            self._see_head(element, tag)
        else:
            if tag in _HEADINGS and len(self._headings) < _MAX_HEADINGS and (text := _text(element)):
                self._headings.append((element, Heading(tag, text, place)))
            self._see_marks(element, tag, place)
            self._see_text(element.text, element, tag, place)
        tail = element.tail
        if tail is not None and not tail.isspace() and (parent := element.getparent()) is not None:
            self._see_text(tail, parent, parent.tag, place)

    def _see_head(self, element: HtmlElement, tag: str) -> None:
        if tag == "meta":
            self._see_meta(element)
        elif tag == "link":
            for rel in (element.get("rel") or "")[:_MAX_VALUE_CHARS].lower().split()[:8]:
                _add(self._links, rel, element.get("href"))
        elif tag == "title":
            self._title = self._title or _text(element)
        elif element.text and (element.get("type") or "").strip().lower() == "application/ld+json":
            self._scripts.append(element.text)

    def _see_meta(self, element: HtmlElement) -> None:
        content = element.get("content")
        if not content:
            return
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = element.get(attribute)
            for one in (name or "")[:_MAX_STAMP_CHARS].lower().split()[:4]:
                _add(self._meta, one, content)

    def _see_marks(self, element: HtmlElement, tag: str, place: int) -> None:
        attributes = element.attrib
        if tag == "time":
            self._stamp(element, place, "time", attributes.get("datetime") or _text(element))
        if not attributes:
            return
        itemprop = attributes.get("itemprop") or attributes.get("property")
        if itemprop and len(itemprop) <= _MAX_STAMP_CHARS:
            itemprop = itemprop.lower()
            if "author" in itemprop or itemprop == "creator":
                self._byline(element, place, "itemprop")
            elif itemprop.startswith("date"):
                stated = attributes.get("content") or attributes.get("datetime") or _text(element)
                self._stamp(element, place, itemprop, stated)
        if tag == "a":
            if "author" in (attributes.get("rel") or "").split():
                self._byline(element, place, "rel")
            elif is_author_link(attributes.get("href") or ""):
                self._byline(element, place, "link")
        names = attributes.get("class") or attributes.get("id")
        if not names:
            return
        kinds = self._kinds.get(names)
        if kinds is None:
            short = names[:MAX_TEXT_CHARS]
            author = AUTHOR_CLASS.search(short) is not None and NO_AUTHOR_CLASS.search(short) is None
            kinds = self._kinds[names] = (author, DATE_CLASS.search(short) is not None)
        if kinds[0] and tag not in _NO_BYLINE:
            self._byline(element, place, "class")
        if kinds[1] and tag not in _NO_BYLINE and tag != "time" and (element.text is None or len(element)):
            text = _text(element)
            if len(text) <= _MAX_STAMP_CHARS and _YEAR.search(text):
                self._stamp(element, place, "text", text)

    def _see_text(self, text: str | None, holder: HtmlElement, tag: str, place: int) -> None:
        if text is None or tag in _NO_BYLINE or tag == "time":
            return
        if len(text) > _MAX_STAMP_CHARS:
            if len(self._prose) < _MAX_PROSE and len(text.strip()) >= _PROSE_CHARS:
                self._prose.append(place)
                if len(self._texts) < _MAX_TEXTS:
                    self._texts.append(text[:MAX_TITLE_CHARS])
            return
        if opens_byline(text):
            self._byline(holder, place, "text")
        if ("20" in text or "19" in text) and _YEAR.search(text) is not None:
            self._stamp(holder, place, "text", text)

    def _byline(self, element: HtmlElement, place: int, kind: str) -> None:
        if len(self._bylines) < _MAX_MARKS:
            self._bylines.append((element, place, kind))

    def _stamp(self, element: HtmlElement, place: int, kind: str, text: str) -> None:
        if len(self._stamps) < _MAX_STAMPS and text and len(text) <= _MAX_STAMP_CHARS:
            self._stamps.append((element, place, kind, one_line(text)))

    def facts(self, tree: HtmlElement) -> PageFacts:
        titles = [value for name in ("og:title", "twitter:title") for value in self._meta.get(name, ())]
        structured = article_object(self._scripts)
        stated = structured.get("headline")
        anchor = _anchor(self._headings, [*titles, self._title or "", stated if isinstance(stated, str) else ""])
        element, heading = anchor if anchor is not None else (None, None)
        around = set(element.iterancestors()) if element is not None else set()
        where = _Where(heading.place if heading is not None else None, self._prose, around)
        return PageFacts(
            meta={name: tuple(values) for name, values in self._meta.items()},
            links={rel: tuple(values) for rel, values in self._links.items()},
            structured=structured,
            language=_language(tree),
            title=self._title or None,
            headings=tuple(one.text for _, one in self._headings if one.level == "h1"),
            headline_heading=heading.text if heading is not None else None,
            bylines=tuple(filter(None, (where.byline(*one) for one in self._bylines))),
            prose=tuple(self._texts),
            stamps=tuple(filter(None, (where.stamp(*one) for one in self._stamps))),
        )


def _add(values: dict[str, list[str]], name: str, value: str | None) -> None:
    kept = values.setdefault(name, [])
    if value is not None and len(kept) < _MAX_VALUES:
        kept.append(value[:_MAX_VALUE_CHARS].strip())


def _text(element: HtmlElement) -> str:
    """The element's text on one line, as far as a title is long."""
    chars = 0
    texts: list[str] = []
    for text in element.itertext():
        texts.append(text[:MAX_TITLE_CHARS])
        chars += len(texts[-1])
        if chars > MAX_TITLE_CHARS or len(texts) > MAX_TEXT_CHARS:
            break
    return one_line("".join(texts)[:MAX_TITLE_CHARS])


def _language(tree: HtmlElement) -> str | None:
    for name in ("lang", "{http://www.w3.org/XML/1998/namespace}lang"):
        stated = (tree.get(name) or "").strip()
        if stated:
            return stated[:_MAX_STAMP_CHARS]
    return None


def _anchor(
    headings: list[tuple[HtmlElement, Heading]], titles: list[str]
) -> tuple[HtmlElement, Heading] | None:
    """The heading whose words the page's titles share most, an h1 before an h2; else the first h1."""
    wanted = [words for title in titles if (words := words_of(title[:MAX_TITLE_CHARS]))]
    best = None
    for level, best_share in _MIN_SHARED.items():
        for element, heading in headings:
            if heading.level == level and not is_of_comments(element):
                share = max((shared(words_of(heading.text), words) for words in wanted), default=0.0)
                if share > best_share:
                    best, best_share = (element, heading), share
        if best is not None:
            return best
    return next((one for one in headings if one[1].level == "h1"), None)


def words_of(text: str) -> frozenset[str]:
    """The different words of a title, in one case."""
    return frozenset(_WORDS.findall(text.casefold()))


def shared(words: frozenset[str], others: frozenset[str]) -> float:
    """How much two titles have in common: Dice's coefficient of their words, 0 to 1."""
    return 2 * len(words & others) / max(1, len(words) + len(others))


class _Where:
    """Where marks stand: their place against that of the headline and of the story below it."""

    def __init__(self, headline: int | None, prose: Sequence[int], around_headline: set[HtmlElement]) -> None:
        self._headline = headline
        self._around = around_headline
        below = [place for place in prose if headline is None or place > headline]
        self._story = below[_STORY - 1] if len(below) >= _STORY else None
        self._start = headline if headline is not None else below[0] if below else 0

    def byline(self, element: HtmlElement, place: int, kind: str) -> Byline | None:
        """The byline in an element; None for one of another text."""
        aside = aside_level(element, self._around)
        if aside == OTHER:
            return None
        label, pieces = text_before(element), pieces_of(element)
        while kind == "text" and len(pieces) == 1 and is_label(pieces[0].text) and (above := element.getparent()) is not None:
            element, pieces = above, pieces_of(above)
        return Byline(kind, *self._from_headline(place), aside, label, signature(element), pieces)

    def stamp(self, element: HtmlElement, place: int, kind: str, text: str) -> Stamp | None:
        """The date in an element; None for one of another text."""
        aside = aside_level(element, self._around)
        if aside == OTHER:
            return None
        label = text_before(element)
        label = label if len(label) <= MAX_LABEL_CHARS else ""
        return Stamp(kind, *self._from_headline(place), aside, label, class_of(element), text)

    def _from_headline(self, place: int) -> tuple[int, bool]:
        away = place - self._start
        before_story = self._story is None or place <= self._story
        return away, -_NEAR_BEFORE <= away <= _NEAR_AFTER and before_story

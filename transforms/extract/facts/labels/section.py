"""The section of an article: one name, as narrow as the page states it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from html import unescape

from schemas.page import Page
from transforms.extract.facts.breadcrumbs import section_of
from transforms.extract.facts.labels.no_label import is_flag, is_no_section, is_wide_section, label_of, language_of
from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.json_ld.structured import text_of
from transforms.extract.names.people import compact

_LIST = re.compile(r"[,;|、，،]")
_PATH = re.compile(r"[>»›]|(?<!\s)\s++/\s")
_DATE = re.compile(r"\d{4}|\d{1,2}[./-]\d{1,2}")
_MAX_STATED = 20
_MAX_CHARS = 2_000
_MAX_SECTION_CHARS = 60
_MAX_WORDS_OF_LIST = 5
_ONE_NAME = re.compile(r"[^,]*,\s(?:[A-Z]{2}|[^,]*\s(?:and|&|und|et|y|e|en|og|och|i|и)\s[^,]*)")
"""A name with a comma in it: "Helena, MT", "Diversity, Equity and Inclusion"."""

_MAX_SECTION_WORDS = 6


def section(facts: PageFacts, page: Page, names: Collection[str]) -> str | None:
    """The first name that is a section's, from JSON-LD articleSection, article:section, parsely-section, the last step
    of the breadcrumb before the article; one that holds everything ("News") only where no narrower one is stated.

    Of a list the first name is taken, of a path the last. `names` are the article's headline and titles and the names
    of its site, in compact form: none of them is a section, nor is the name of a template, a number, a date or a
    sentence.
    """
    language = language_of(facts, page)
    wide: str | None = None
    for stated in _stated(facts, page, names):
        for name in _names_in(stated):
            label = label_of(name, language)
            called = compact(label) if label else ""
            if not label or called in names or is_no_section(called) or not _may_be_section(label):
                continue
            if is_wide_section(called) or is_flag(called) or _is_of_all(called, names):
                wide = wide or (label if is_wide_section(called) else None)
            else:
                return label
    return wide


def _stated(facts: PageFacts, page: Page, names: Collection[str]) -> Iterator[str]:
    structured = facts.structured.get("articleSection")
    for one in (structured if isinstance(structured, list) else [structured])[:_MAX_STATED]:
        if text := text_of(one):
            yield text
    for name in ("article:section", "section", "parsely-section"):
        yield from facts.meta.get(name, ())[:_MAX_STATED]
    titles = {compact(heading) for heading in facts.headings} | set(names)
    if crumb := section_of(facts.crumbs, page.final_url, titles):
        yield crumb


def _names_in(stated: str) -> list[str]:
    """The names in a text: those of a list in order, of a path the last step first."""
    text = unescape(stated[:_MAX_CHARS]).strip().strip("[]")
    paths = [text] if _ONE_NAME.fullmatch(text) is not None else _LIST.split(text)
    if len(paths) > 1 and text.count(" ") > _MAX_WORDS_OF_LIST * len(paths):
        return []  # a sentence
    return [name for path in paths for name in reversed(_PATH.split(path)) if name]


def _may_be_section(label: str) -> bool:
    if len(label) > _MAX_SECTION_CHARS or label.count(" ") >= _MAX_SECTION_WORDS:
        return False
    ends_sentence = label[-1] in "!?" or (label[-1] == "." and label.count(" ") > 1)
    return not ends_sentence and _DATE.fullmatch(label) is None


def _is_of_all(called: str, names: Collection[str]) -> bool:
    """Whether a section is "All" of the site, or its blog: "All Salon", "The Quay Blog"."""
    return any(called in (f"all{name}", f"alle{name}", f"{name}blog", f"{name}news") for name in names if name)

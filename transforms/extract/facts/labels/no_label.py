"""Tells what a template, a player or a person's habit left where a keyword or a section should stand."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from html import unescape
from importlib import resources
from typing import Final

from schemas.page import Page
from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.json_ld.structured import one_line
from transforms.extract.names.people import compact
from transforms.text.scripts import wide_count

MAX_LABEL_CHARS: Final = 80
_MAX_WORDS = 8
_MAX_WIDE = 24
_SENTENCE_WORDS = 5
_GLUED_CHARS = 22
"""From so many small letters in a row on, a word without hyphens is a name of a layout ("splitscreenimageright"), but
in languages that join words."""

_JOINING = frozenset("de nl fi sv da no nb nn hu et is fo af lb".split())
_CODE = re.compile(
    r"^[a-z]{2,}[A-Z][a-z]|_|^[@{}<>%\[\]$]|[{}<>\[\]]|://|^www\.|^(?:page|type|template|layout|postid|cat|module|widget|access)"
    r"[-:=/]|^[a-z]+\d{4,}$|=|^[0-9a-fA-F-]{16,}$"
)
_PATH = re.compile(r"^[a-z0-9-]+(?:/[a-z0-9-]+)+$|/.*/")
_BEFORE_COLON = re.compile(r"^([^:]{1,30}):(\s?)(.*)$")
_ENDS_SENTENCE = frozenset(".!?…。！？")
_EDGES: Final = " \t\"'“”„«»#,;|:*•·-–—/"


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(_lists()[kind])


@cache
def _lists() -> Mapping[str, list[str]]:
    text = resources.files(__package__).joinpath("no_labels.json").read_text(encoding="utf-8")
    lists: dict[str, list[str]] = json.loads(text)
    return lists


def language_of(facts: PageFacts, page: Page) -> str:
    """The primary tag of the language of a page's labels, "de" of "de-AT" or "de_AT"; "" if none is stated."""
    return (facts.language or page.entry_language or "").replace("_", "-").partition("-")[0].lower()


def is_flag(called: str) -> bool:
    """Whether a name, in compact form, is one that templates and shops leave."""
    return called in _words("flags")


def is_no_section(called: str) -> bool:
    """Whether a name, in compact form, is the whole site's, or nothing's."""
    return called in _words("never_sections")


def is_wide_section(called: str) -> bool:
    """Whether a section, by its name in compact form, holds everything."""
    return called in _words("wide_sections")


def label_of(text: str, language: str) -> str | None:
    """The label in a text on one line, or None: no code, number, address or sentence, no single letter, no value that a
    template sets ("Page Type: Article"); of "Subject: Justice" only "Justice". `language` is the page's primary tag."""
    line = one_line(unescape(text) if "&" in text else text).strip(_EDGES)
    match = _BEFORE_COLON.match(line)
    if match is not None:
        before = compact(match[1])
        if before in _words("kept_before"):
            line = match[3].strip(_EDGES)
        elif before in _words("dropped_before") or _is_name_of_value(match[1], is_glued=not match[2]):
            return None
    return line if line and not _is_code(line, language) and not _is_sentence(line) else None


def _is_name_of_value(before: str, *, is_glued: bool) -> bool:
    """Whether what stands before a colon is a program's name for the value: "shortTitle: …", "tone:news"."""
    return _CODE.search(before) is not None or (is_glued and before.isascii() and before.islower())


def _is_code(line: str, language: str) -> bool:
    if line.endswith("&") or not any(map(str.isalpha, line)) or (len(line) == 1 and not wide_count(line)):
        return True
    if " " in line:
        return any(sign in line for sign in "{}<>") or "://" in line
    if _CODE.search(line) is not None or _PATH.search(line) is not None:
        return True
    is_glued = len(line) >= _GLUED_CHARS and line.isascii() and line.isalpha() and line.islower()
    return is_glued and language not in _JOINING


def _is_sentence(line: str) -> bool:
    words = line.count(" ") + 1
    if words > _MAX_WORDS or len(line) > MAX_LABEL_CHARS or wide_count(line) > _MAX_WIDE:
        return True
    return words >= _SENTENCE_WORDS and line[-1] in _ENDS_SENTENCE

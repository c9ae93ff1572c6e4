"""The links in the texts of a page, found while the page is walked."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from lxml.html import HtmlElement

_WORD: Final = re.compile(r"\S++")
_MAX_CHARS: Final = 8_192
"""Browsers and servers take addresses of some thousand characters; a longer one holds data."""


class Anchor(NamedTuple):
    """A link in a text: where in the text its words begin, the words, and its `href` and `rel` as written."""

    start: int
    text: str
    href: str
    rel: str


class _Span(NamedTuple):
    """A link from one piece of a text up to another."""

    first: int
    end: int
    href: str
    rel: str


@dataclass(slots=True)
class AnchorsOfWalk:
    """Notes where links begin and end among the pieces of text that a walk gathers. A link within a link is none."""

    spans: list[_Span] = field(default_factory=list)
    opened: list[_Span] = field(default_factory=list)
    nested: int = 0

    def open(self, element: HtmlElement, pieces: Sequence[str]) -> None:
        """A link begins behind these pieces."""
        if self.opened:
            self.nested += 1
            return
        href, rel = (element.get("href") or "").strip(), " ".join((element.get("rel") or "").split())
        is_kept = len(href) <= _MAX_CHARS and len(rel) <= _MAX_CHARS
        self.opened.append(_Span(len(pieces), 0, href if is_kept else "", rel))

    def close(self, pieces: Sequence[str]) -> None:
        """The innermost link ends behind these pieces."""
        if self.nested:
            self.nested -= 1
        elif self.opened:
            self.spans.append(self.opened.pop()._replace(end=len(pieces)))

    def take(self, pieces: Sequence[str]) -> tuple[Anchor, ...]:
        """The links in the text that these pieces make with its white space collapsed. One that is open goes on in the
        text that follows."""
        spans = [*self.spans, *(one._replace(end=len(pieces)) for one in self.opened)]
        self.spans.clear()
        self.opened = [one._replace(first=0) for one in self.opened]
        spans = [one for one in spans if one.href and one.first < one.end]
        return _anchors(spans, pieces) if spans else ()


def _anchors(spans: Sequence[_Span], pieces: Sequence[str]) -> tuple[Anchor, ...]:
    ends = [0]
    for piece in pieces:
        ends.append(ends[-1] + len(piece))
    raw = "".join(pieces)
    begins: list[int] = []
    shifts: list[int] = []
    at = 0
    for word in _WORD.finditer(raw):
        begins.append(word.start())
        shifts.append(at - word.start())
        at += len(word[0]) + 1
    found = []
    for span in spans:
        words = raw[ends[span.first] : ends[span.end]]
        if text := " ".join(words.split()):
            first = ends[span.first] + len(words) - len(words.lstrip())
            found.append(Anchor(first + shifts[bisect_right(begins, first) - 1], text, span.href, span.rel))
    return tuple(found)

"""Markup without what only makes it long or deep, so that an article inside comes within the parser's limits.

libxml2 gives up on a text or attribute of 10 MB, and loses what stands below 256 elements; no reader sees either.
"""

from __future__ import annotations

import re

_LONG_CHARS = 8 << 20
"""A page below this size has no text or attribute that the parser would refuse, and is not searched for any."""

_RUN = 256
_DEEP = 64
_KEPT = 8

_BLANKS = re.compile(rf"(?:\s|&nbsp;|&#160;|&#x[aA]0;){{{_RUN},}}+")
_DATA_URI = re.compile(rf"(?<=data:)[\w/+.;=-]{{0,100}},[\w+/=%-]{{{_RUN},}}+", re.ASCII)
_WRAPPER = r"<(?:div|span|section|center|font)\b[^<>]*+>\s*+"
_WRAPPERS = re.compile(rf"{_WRAPPER}(?:{_WRAPPER}){{{_DEEP - 1},}}+", re.ASCII | re.IGNORECASE)


def slim_html(text: str) -> str:
    """`text` with runs of blanks, embedded files and towers of wrappers cut short; linear in its length.

    Of dozens of wrapper elements that open one inside the other with nothing between, the inner few stay; their end
    tags, then too many, are ignored by every HTML parser.
    """
    if len(text) >= _LONG_CHARS:
        text = _BLANKS.sub("\n", text)
        text = _DATA_URI.sub(",", text)
    return _WRAPPERS.sub(_inner, text)


def _inner(tower: re.Match[str]) -> str:
    return "<" + "<".join(tower[0].rsplit("<", _KEPT)[1:])

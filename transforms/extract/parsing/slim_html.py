"""Markup without what only makes it long: runs of blanks, embedded files, towers of wrappers, heaps of attributes.

libxml2 gives up on a text or attribute of 10 MB and loses elements nested deeper than 256 levels. Readers see neither.
"""

from __future__ import annotations

import re
from itertools import islice

_RUN = 256
_DEEP = 64
_KEPT = 8
LONG_TAG_CHARS = 4 << 10
"""A longer tag holds embedded data, or more attributes than anyone reads."""

_MAX_ATTRIBUTES = 500
_MAX_VALUE_CHARS = 64 << 10

_BLANKS = re.compile(rf"(?:\s|&nbsp;|&#160;|&#x[aA]0;){{{_RUN},}}+")
_DATA_URI = re.compile(rf"(?<=data:)[\w/+.;=-]{{0,100}},[\w+/=%-]{{{_RUN},}}+", re.ASCII)
_WRAPPER = r"<(?:div|span|section|center|font)\b[^<>]*+>\s*+"
_WRAPPERS = re.compile(rf"{_WRAPPER}(?:{_WRAPPER}){{{_DEEP - 1},}}+", re.ASCII | re.IGNORECASE)
_LONG_TAG = re.compile(rf"<[a-zA-Z][^<>]{{{LONG_TAG_CHARS},}}+>")
_TAG_NAME = re.compile(r"<[^\s/>]+")
_ATTRIBUTE = re.compile(r"""[^\s"'=/>]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'>]++))?+""")


def slim_html(text: str) -> str:
    """`text` with long runs of blanks, embedded files and towers of wrappers cut short. Linear in its length.

    Where dozens of wrapper elements open one inside the other with nothing between, only the innermost eight stay.
    Their surplus end tags are ignored by every HTML parser.
    """
    return _WRAPPERS.sub(_inner, _DATA_URI.sub(",", _BLANKS.sub("\n", text)))


def slim_tags(text: str) -> str:
    """`text` whose tags of more than 4,096 characters have at most 500 attributes, none above 64 KiB. Linear."""
    return _LONG_TAG.sub(_short_tag, text)


def _inner(tower: re.Match[str]) -> str:
    return "<" + "<".join(tower[0].rsplit("<", _KEPT)[1:])


def _short_tag(tag: re.Match[str]) -> str:
    name = _TAG_NAME.match(tag[0])
    assert name is not None  # a tag begins with its name
    attributes = [found[0] for found in islice(_ATTRIBUTE.finditer(tag[0], name.end()), _MAX_ATTRIBUTES + 1)]
    kept = [attribute for attribute in attributes if len(attribute) <= _MAX_VALUE_CHARS][:_MAX_ATTRIBUTES]
    return tag[0] if len(kept) == len(attributes) else " ".join([name[0], *kept]) + ">"

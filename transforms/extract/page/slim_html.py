"""Markup without what only makes it long: code, runs of blanks, embedded files, wrappers, heaps of attributes.

libxml2 gives up on a text or attribute of 10 MB and loses elements nested deeper than 256 levels. Readers see neither.
The code of scripts and style sheets is half of a page, often more, and no step behind the parser reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
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


_TOKEN = re.compile(r"<(?:!--|(/?)(script|style)(?=[\s/>]))", re.IGNORECASE)
_COMMENT_END = re.compile("--!?>")
_REST_OF_TAG = re.compile(r"""(?:[^<>"'=]++|=\s*+(?:"[^"<>]*+"|'[^'<>]*+')?+)*+(?<!/)>""")
"""Up to the end of a start tag in which nothing could be taken for another end: a quoted one, or that of a tag which is
closed at once, behind which libxml2 expects no code."""

_DATA = "json"
_LINKED_DATA = "ld"
_VOCABULARY = "schema.org"
_VOCABULARY_CHARS = 1_000


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


def without_code(text: str) -> str:
    """`text` whose script and style elements are empty, but for JSON-LD. Linear in its length.

    Left as it is: what stands in a comment; and code of which a parser may see the end elsewhere: with the beginning of
    a comment or a further start tag in it, or, behind such code, with the end of a comment.
    """
    pieces = []
    copied = 0
    for start, end in _code(text):
        pieces.append(text[copied:start])
        copied = end
    return "".join([*pieces, text[copied:]]) if pieces else text


def _code(text: str) -> Iterator[tuple[int, int]]:
    """Where the code of each element begins and ends that can be emptied."""
    opened: re.Match[str] | None = None
    comment_end = 0
    has_commented = False  # code with the beginning of a comment; only behind such may another script hold its end
    for token in _TOKEN.finditer(text):
        if token.start() < comment_end:
            continue
        end_sign, name = token.groups()
        if name is None:
            if opened is None:
                ended = _COMMENT_END.search(text, token.start() + 2)
                if ended is None:
                    return
                comment_end = ended.end()
            else:
                has_commented = True
            opened = None
        elif not end_sign:
            opened = token
        else:
            if opened is not None and opened[2].lower() == name.lower():
                tag = _REST_OF_TAG.match(text, opened.end(), token.start())
                ends_comment = has_commented and text.find("-->", opened.end(), token.start()) >= 0
                if tag is not None and not ends_comment and not _is_data(text, tag):
                    yield tag.end(), token.start()
            opened = None


def _is_data(text: str, tag: re.Match[str]) -> bool:
    """Whether a script may be JSON-LD, by its tag's attributes or, where these only say JSON, by its beginning."""
    start, attributes = tag.end(), tag[0].lower()
    return _DATA in attributes and (
        _LINKED_DATA in attributes or _VOCABULARY in text[start : start + _VOCABULARY_CHARS]
    )

"""Markup without the code of its scripts and style sheets: half of a page, often more, and no later step reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(r"<(?:!--|(/?)(script|style)(?=[\s/>]))", re.IGNORECASE)
_COMMENT_END = re.compile("--!?>")
_REST_OF_TAG = re.compile(r"""(?:[^<>"'=]++|=\s*+(?:"[^"<>]*+"|'[^'<>]*+')?+)*+(?<!/)>""")
"""Up to the end of a start tag in which nothing could be taken for another end: a quoted one, or that of a tag which is
closed at once, behind which libxml2 expects no code."""

_DATA = "json"
_LINKED_DATA = "ld"
_VOCABULARY = "schema.org"
_VOCABULARY_CHARS = 1_000
_LICENSE = "rsl+xml"


def without_code(text: str) -> str:
    """`text` whose script and style elements are empty, but for JSON-LD and licensing terms. Linear in its length.

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
    """Whether a script may be JSON-LD, by its tag's attributes or, where these only say JSON, by its beginning; or RSL,
    the licensing terms that `transforms.web.usage.rsl` reads."""
    start, attributes = tag.end(), tag[0].lower()
    return _LICENSE in attributes or (
        _DATA in attributes and (_LINKED_DATA in attributes or _VOCABULARY in text[start : start + _VOCABULARY_CHARS])
    )

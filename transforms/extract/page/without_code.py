"""Markup without the code of its scripts and style sheets, which no later step reads: half of a page, often more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_TOKEN: Final = re.compile(r"<(?:!--|(/?)(script|style)(?=[\s/>]))", re.IGNORECASE)
_COMMENT_END: Final = re.compile("--!?>")
_REST_OF_TAG: Final = re.compile(r"""(?:[^<>"'=]++|=\s*+(?:"[^"<>]*+"|'[^'<>]*+')?+)*+(?<!/)>""")
"""Up to the end of a start tag in which nothing could be taken for another end: a quoted one, or that of a tag which is
closed at once, behind which libxml2 expects no code."""

_DATA: Final = "json"
_LINKED_DATA: Final = "ld"
_VOCABULARY: Final = "schema.org"
_VOCABULARY_CHARS: Final = 1_000


def without_code(text: str) -> str:
    """`text` whose script and style elements are empty, but for JSON-LD. Linear in its length.

    Left as it is: what stands in a comment, and code with a part of a comment or a further start tag in it, because a
    parser may see its end elsewhere.
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
            opened = None
        elif not end_sign:
            opened = token
        else:
            if opened is not None and opened[2].lower() == name.lower():
                tag = _REST_OF_TAG.match(text, opened.end(), token.start())
                if tag is not None and _is_plain_code(text, tag, token.start()):
                    yield tag.end(), token.start()
            opened = None


def _is_plain_code(text: str, tag: re.Match[str], end: int) -> bool:
    """Whether what stands between a start tag and an end is code that may go: it has no end of a comment, and is no
    JSON-LD by the tag's attributes or, where these only say JSON, by the beginning of the data."""
    start, attributes = tag.end(), tag[0].lower()
    if _DATA in attributes and (_LINKED_DATA in attributes or _VOCABULARY in text[start : start + _VOCABULARY_CHARS]):
        return False
    return text.find("-->", start, end) < 0

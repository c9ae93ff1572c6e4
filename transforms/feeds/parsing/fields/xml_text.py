"""Mends feed documents for an XML parser: removes forbidden characters and escapes bare ampersands."""

from __future__ import annotations

import re
from html.entities import html5
from xml.sax.saxutils import escape

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_AMPERSAND = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos);)(#[0-9]{1,12};|#[xX][0-9a-fA-F]{1,12};|[A-Za-z][A-Za-z0-9]{1,31};)?"
)
"""An ampersand, with its reference if it begins one, that is not among XML's five named references."""
_CDATA, _CDATA_END = "<![CDATA[", "]]>"


def without_illegal(text: str) -> str:
    """The text without the characters that XML forbids."""
    return _NOT_XML.sub("", text)


def mended_xml(document: str) -> str:
    """The document in which each ampersand outside CDATA sections begins a legal reference.

    A reference ends in a semicolon: in ``?id=9&lang=en&copy=2`` and ``R&D`` there is none, so the ampersands become
    ``&amp;``. HTML's named characters, which feeds use undeclared, become the characters themselves. A reference to a
    character that XML forbids (``&#0;``, half an emoji as ``&#xD83D;``) is removed.
    """
    pieces = []
    start = 0
    while (section := document.find(_CDATA, start)) >= 0:
        end = document.find(_CDATA_END, section)
        if end < 0:
            break
        pieces += [_AMPERSAND.sub(_legal, document[start:section]), document[section:end]]
        start = end
    pieces.append(_AMPERSAND.sub(_legal, document[start:]))
    return without_illegal("".join(pieces))


def with_exact_references(markup: str) -> str:
    """An HTML fragment in which each ampersand that begins no reference is written ``&amp;``.

    Otherwise HTML would read ``&copy=2`` as ``©=2``, which feeds do not mean.
    """
    return _AMPERSAND.sub(_exact, markup) if "&" in markup else markup


def _legal(reference: re.Match[str]) -> str:
    name = reference[1]
    if name is None:
        return "&amp;"
    if name[0] == "#":
        return reference[0] if _is_legal_number(name[1:-1]) else ""
    # A name that HTML does not know is no reference: "&c;" in a title is literal text.
    return escape(html5[name]) if name in html5 else f"&amp;{name}"


def _is_legal_number(digits: str) -> bool:
    code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    return code in (9, 10, 13) or (32 <= code <= 0x10FFFF and not _NOT_XML.match(chr(code)))


def _exact(reference: re.Match[str]) -> str:
    name = reference[1] or ""
    return reference[0] if name[:1] == "#" or name in html5 else f"&amp;{name}"

"""Decodes the bytes of a page or feed by the charset they are really in."""

from __future__ import annotations

import re

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding, read_bom, resolve_encoding

UTF8 = "utf-8"
FALLBACK = "cp1252"
"""The charset that browsers assume if a page states none."""

_SINGLE_BYTE = (
    "cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp855 cp866 cp874 iso8859-2 iso8859-3 iso8859-4 "
    "iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16 koi8-r koi8-u "
    "mac-roman mac-cyrillic"
)
_MULTI_BYTE = "gb18030 big5hkscs euc_jp iso2022_jp cp932 cp949"
_WIDE = "utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be"
CHARSETS = frozenset([UTF8, *_SINGLE_BYTE.split(), *_MULTI_BYTE.split(), *_WIDE.split()])
"""Python's names for the charsets of the WHATWG Encoding Standard, and for UTF-32 and IBM855, which old Cyrillic
systems still send. No other codec is ever used: some of Python's codecs are no charsets (rot13, idna, utf-7,
unicode_escape), and a page could ask for them by name."""

_DETECTABLE = ["cp1252", "cp1251", "cp1250", "cp1254", "cp1256", "cp1253", "cp1255", "cp1257", "cp874"]
_DETECTABLE += ["iso8859-2", "koi8-r", "iso8859-5", "cp866", "cp855", *_MULTI_BYTE.split()]
"""The charsets that the detector may answer, frequent ones first; if two fit equally well, the first is taken."""
_SAMPLE_BYTES = 16 * 1024
_WIDE_SAMPLE_BYTES = 1024
_WIDE_OPENINGS = {
    "utf-32-be": re.compile(rb"\A(?:\0\0\0\s)*+\0\0\0<\0\0\0[!?a-zA-Z]"),
    "utf-32-le": re.compile(rb"\A(?:\s\0\0\0)*+<\0\0\0[!?a-zA-Z]\0\0\0"),
    "utf-16-be": re.compile(rb"\A(?:\0\s)*+\0<\0[!?a-zA-Z]"),
    "utf-16-le": re.compile(rb"\A(?:\s\0)*+<\0[!?a-zA-Z]\0"),
}
"""How markup begins in each charset (XML 1.0, appendix F), whatever letters follow."""
_TAG = re.compile(rb"<[^<>]*>")
_REPLACEMENT = "\ufffd"


def decode_body(body: bytes, http_charset: str | None) -> tuple[str, str]:
    """The text of `body`, and the Python name of the charset it was decoded with. Never fails.

    The first of these decides: a byte-order mark; zero bytes of UTF-16 or UTF-32; bytes that are UTF-8 beyond chance
    (no other charset looks like it, even with a bad byte inside); the charset of the HTTP header (`http_charset`, the
    label as sent); the charset that the document declares in its first 4096 bytes; a detector on a sample;
    windows-1252. A label that leaves many characters unreadable is ignored. Bad bytes become U+FFFD.
    """
    charset, mark = read_bom(body)
    if charset is not None and mark is not None:
        return body[len(mark) :].decode(charset, "replace"), charset
    wide = _wide_charset(body[:_WIDE_SAMPLE_BYTES])
    if wide is not None:
        return body.decode(wide, "replace"), wide
    if body.isascii():
        # ISO-2022-JP is the only web charset that writes other letters in ASCII bytes, with escape sequences.
        charset = "iso2022_jp" if b"\x1b$" in body else UTF8
        return body.decode(charset, "replace"), charset
    text = _utf8_text(body)
    if text is not None:
        return text, UTF8
    for label in (python_charset(http_charset), html_body_declared_encoding(body)):
        if label is not None and label in CHARSETS and (text := _readable(body, label)) is not None:
            return text, label
    detected = _detect(body)
    return body.decode(detected, "replace"), detected


def python_charset(label: str | None) -> str | None:
    """Python's name of the charset that a label (``ISO-8859-1``) means on the web; None if it is none of CHARSETS."""
    if not label or not label.isascii():
        return None
    name: str | None = resolve_encoding(label.strip())
    return name if name in CHARSETS else None


def _utf8_text(body: bytes) -> str | None:
    """The text if the bytes are UTF-8: without fault, or with at least twice as many whole sequences as broken ones."""
    try:
        return body.decode(UTF8)
    except UnicodeDecodeError:
        text = body.decode(UTF8, "replace")
    broken = text.count(_REPLACEMENT)
    # Each non-ASCII character is one whole sequence: count the text less its ASCII part.
    whole = len(text) - len(text.encode("ascii", "ignore")) - broken
    return text if whole >= 2 * broken else None


def _readable(body: bytes, charset: str) -> str | None:
    """The text, or None if more than one in a hundred of its non-ASCII characters is unreadable."""
    text = body.decode(charset, "replace")
    broken = text.count(_REPLACEMENT)
    if broken <= 1:
        return text
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return text if broken * 100 <= beyond_ascii else None


def _wide_charset(sample: bytes) -> str | None:
    """UTF-16 or UTF-32 without a byte-order mark; None otherwise. Markup is ASCII, so its high bytes are zero."""
    for charset, opening in _WIDE_OPENINGS.items():
        if opening.match(sample):
            return charset
    sample = sample[: len(sample) // 4 * 4]
    if not sample or sample.count(0) * 5 < len(sample):
        return None
    zeros = [sample[place::4].count(0) * 4 / len(sample) for place in range(4)]
    filled = [share < 0.5 for share in zeros]
    if zeros[0] > 0.9 and zeros[1] > 0.9 and filled[3]:
        return "utf-32-be"
    if zeros[2] > 0.9 and zeros[3] > 0.9 and filled[0]:
        return "utf-32-le"
    even, odd = (zeros[0] + zeros[2]) / 2, (zeros[1] + zeros[3]) / 2
    if even > 0.3 and odd < 0.1:
        return "utf-16-be"
    if odd > 0.3 and even < 0.1:
        return "utf-16-le"
    return None


def _detect(body: bytes) -> str:
    """The detector's answer for the text between the tags. Its time grows with the sample, so the sample is short."""
    sample = b" ".join(piece for piece in _TAG.split(body[: 8 * _SAMPLE_BYTES]) if not piece.isascii())[:_SAMPLE_BYTES]
    matches = from_bytes(sample, cp_isolation=_DETECTABLE, preemptive_behaviour=False) if sample else None
    best = matches.best() if matches else None
    if matches is None or best is None:
        return FALLBACK
    fitting = {
        resolve_encoding(name)
        for match in matches
        if (match.chaos, match.coherence) == (best.chaos, best.coherence)
        for name in match.could_be_from_charset
    }
    return next((name for name in _DETECTABLE if name in fitting), FALLBACK)

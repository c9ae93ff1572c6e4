"""Texts without case and accents, in the form in which the lists of topics are written."""

from __future__ import annotations

import re
from typing import Final
from unicodedata import normalize

_ACCENTS = re.compile("[\u0300-\u036f]")
_OTHER_LETTERS: Final = (
    ("ø", "o"), ("æ", "ae"), ("œ", "oe"), ("ł", "l"), ("đ", "d"), ("ð", "d"), ("ı", "i"), ("þ", "th"),
    ("\u200c", " "), ("\u0640", ""),
)  # fmt: skip
"""Letters that Unicode does not take apart; the joiner of Persian words; the stroke that stretches Arabic ones."""

_NAME_PARTS = re.compile(r"[\s\-_/|>&,.;:+•·»«–—!?'’\"()\[\]]+")
_SERBIAN: Final = str.maketrans(
    dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgddezzijklmnoprstcufhccs", strict=True))
    | {"љ": "lj", "њ": "nj", "џ": "dz"}
)


def folded(text: str) -> str:
    """A text in lower case, its Latin, Greek and Cyrillic letters without accents."""
    text = text.casefold()
    if text.isascii():
        return text
    text = normalize("NFC", _ACCENTS.sub("", normalize("NFKD", text)))
    for letter, plain in _OTHER_LETTERS:
        text = text.replace(letter, plain)
    return text


def in_latin(text: str) -> str:
    """A folded Serbian text in Latin letters, without the accents that these would have."""
    return text.translate(_SERBIAN)


def folded_name(name: str) -> str:
    """A folded name, its words joined by hyphens: "Économie & Bourse" is "economie-bourse"."""
    return "-".join(filter(None, _NAME_PARTS.split(folded(name))))

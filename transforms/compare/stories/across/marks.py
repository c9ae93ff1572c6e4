"""The marks of an article that read alike in every language: its countries, figures, and names by their consonants."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.compare.stories.across.consonants import consonants_of
from transforms.text.scripts import KANA, letters

Marks = NDArray[np.uint32]


class MarkKind(IntEnum):
    """What a mark is of: the last two bits of its hash."""

    COUNTRY = 0
    FIGURE_OF_DAY = 1
    """A figure up to 31, which may be the day's or the hour's."""
    FIGURE = 2
    NAME = 3


_FIGURES: Final = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d+)*")
_WORDS: Final = re.compile(r"[^\W\d_]{2,}")
_KATAKANA: Final = re.compile(r"[\u30a1-\u30fa\u30fc]{3,}")  # of names and words from abroad
_KANA: Final = re.compile(f"[{letters(KANA)}]")
_LAST_DAY: Final = 31
_YEARS: Final = range(1990, 2050)
_LEAST_CONSONANTS: Final = 3


def marks_of(text: str, countries: Iterable[str]) -> bytes:
    """The hashes of the marks in headline and lead, in ascending order: little-endian uint32. Pure."""
    found = {_hash(f"country {code}", MarkKind.COUNTRY) for code in countries}
    found.update(_hash(f"figure {figure}", kind) for figure, kind in _figures(unicodedata.normalize("NFKC", text)))
    found.update(_hash(f"name {name}", MarkKind.NAME) for name in _names(text))
    return np.array(sorted(found), dtype="<u4").tobytes()


def shared(one: Marks, other: Marks) -> dict[MarkKind, int]:
    """How many marks of each kind two articles share."""
    both = np.intersect1d(one, other, assume_unique=True) & 3
    counts = np.bincount(both, minlength=len(MarkKind)).tolist()
    return {kind: counts[kind] for kind in MarkKind}


def _hash(text: str, kind: MarkKind) -> int:
    return (zlib.crc32(text.encode()) & ~3) | kind


def _figures(text: str) -> Iterator[tuple[str, MarkKind]]:
    """Figures of at least two digits, without signs and zeros at the end: "6.2" billion and "6.200" million meet."""
    for printed in _FIGURES.findall(text):
        digits = "".join(str(unicodedata.decimal(sign)) for sign in printed if sign.isdecimal())
        if len(digits) >= 2 and not (len(printed) == 4 and int(digits) in _YEARS):
            may_be_day = len(printed) == 2 and int(digits) <= _LAST_DAY
            kind = MarkKind.FIGURE_OF_DAY if may_be_day else MarkKind.FIGURE
            yield digits.rstrip("0") if len(digits) > 3 else digits, kind


def _names(text: str) -> Iterator[str]:
    """The consonants of words that may be names: with a capital where the script has capitals, else all."""
    for word in [*_WORDS.findall(text), *_KATAKANA.findall(text)]:
        if word[0].islower() or (_KANA.match(word) and not _KATAKANA.fullmatch(word)):
            continue
        if len(consonants := consonants_of(word)) >= _LEAST_CONSONANTS:
            yield consonants

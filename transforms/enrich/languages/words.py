"""The length of a text in words."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.text.code_points import TABLE_SIZE, Kinds, code_points, kinds_of
from transforms.text.scripts import HAN, SOUTH_EAST

# Letters a word in Thai, Lao, Khmer and Burmese running text, marks included.
_SOUTH_EAST_WORD = 5
_KANA: Final = ((0x3040, 0x30FA), (0x31F0, 0x31FF), (0xFF66, 0xFF9D))
_LONG_VOWEL: Final = 0x30FC
_INSIDE: Final = "'’-‐‑."
_OTHER, _LETTER, _JOIN, _IDEOGRAPH, _SOUTH_EAST = 0, 1, 2, 3, 4


@lru_cache(maxsize=1)
def load_kinds() -> Kinds:
    """The kind of each code point, made once in a process (20 ms). Figures count as letters, marks do not."""
    kinds = np.array([chr(code).isalnum() for code in range(TABLE_SIZE)], dtype=np.uint8)
    for sign in _INSIDE:
        kinds[ord(sign)] = _JOIN
    for start, end in SOUTH_EAST:
        kinds[start : end + 1] = _SOUTH_EAST
    for start, end in (*_KANA, *HAN):
        kinds[start : end + 1] = _IDEOGRAPH
    return kinds


def count_words(text: str) -> int:
    """The number of words in a text.

    A run of letters and digits, apostrophes, hyphens and full stops inside included, is one word. Scripts without
    spaces are counted as word processors do: each Chinese character and each kana is a word, and so are five letters of
    Thai, Lao, Khmer or Burmese.
    """
    codes = code_points(text)
    kinds = kinds_of(codes, load_kinds())
    ideographs = 0
    if kinds.max(initial=_OTHER) > _JOIN:
        ideographs = int(np.count_nonzero(kinds == _IDEOGRAPH))
    is_letter = kinds == _LETTER
    if ideographs:
        is_letter &= codes != _LONG_VOWEL  # a sign of the kana before it
    starts, ends = _runs(is_letter)
    is_join = (starts[1:] - ends[:-1] == 1) & (kinds[ends[:-1]] == _JOIN)
    starts_of_others, ends_of_others = _runs(kinds == _SOUTH_EAST)
    others = -(-(ends_of_others - starts_of_others) // _SOUTH_EAST_WORD)
    return ideographs + int(others.sum()) + starts.size - int(np.count_nonzero(is_join))


def _runs(flags: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where the runs of true flags begin, and where they end (the index after the last)."""
    edges = np.flatnonzero(np.diff(flags, prepend=False, append=False))
    return edges[::2], edges[1::2]

"""The length of a text in words."""

from __future__ import annotations

import re

from transforms.text.scripts import HAN, SOUTH_EAST, letters

# A run of letters and digits, apostrophes and hyphens inside included, is one word.
_WORD = re.compile(r"[^\W_]+(?:['’\-‐‑.][^\W_]+)*")
_IDEOGRAPHS = rf"\u3040-\u30fa\u31f0-\u31ff\uff66-\uff9d{letters(HAN)}"
_IDEOGRAPH = re.compile(f"[{_IDEOGRAPHS}]")
_IDEOGRAPH_RUN = re.compile(f"[{_IDEOGRAPHS}\u30fc]+")
_SOUTH_EAST_RUN = re.compile(f"[{letters(SOUTH_EAST)}]+")
# Letters a word in Thai, Lao, Khmer and Burmese running text, marks included.
_SOUTH_EAST_WORD = 5


def count_words(text: str) -> int:
    """The number of words in a text.

    Scripts without spaces are counted as word processors do: each Chinese character and each kana is a word, and so are
    five letters of Thai, Lao, Khmer or Burmese.
    """
    if text.isascii():
        return len(_WORD.findall(text))
    ideographs = len(_IDEOGRAPH.findall(text))
    if ideographs:
        text = _IDEOGRAPH_RUN.sub(" ", text)
    south_east = 0
    for run in _SOUTH_EAST_RUN.findall(text):
        south_east += -(-len(run) // _SOUTH_EAST_WORD)
    if south_east:
        text = _SOUTH_EAST_RUN.sub(" ", text)
    return ideographs + south_east + len(_WORD.findall(text))

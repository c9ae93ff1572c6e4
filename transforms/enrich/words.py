"""The length of a text in words."""

from __future__ import annotations

import re

# One word: a run of letters and digits, with apostrophes and hyphens inside it.
_WORD = re.compile(r"[^\W_]+(?:['’\-‐‑.][^\W_]+)*")
_IDEOGRAPHS = "\u3040-\u30fa\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
_IDEOGRAPH = re.compile(f"[{_IDEOGRAPHS}]")
_IDEOGRAPH_RUN = re.compile(f"[{_IDEOGRAPHS}\u30fc]+")
_SOUTH_EAST_RUN = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+")
# Letters per word in Thai, Lao, Khmer and Burmese text, combining marks included.
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

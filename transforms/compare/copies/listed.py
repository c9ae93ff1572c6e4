"""Finds the words of a text that are in lists (award winners, results, tables, programmes), not in running text.

Two desks that print the winners of one evening print the same names in the same order, each on its own. Unlike the same
sentences, the same list is no evidence of a copy.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.text.scripts import UNSPACED, letters
from transforms.text.sentences import ends_sentence
from transforms.text.shingles import MAX_CHARACTERS, normalise

_RUN_LINES: Final = 4
"""The least number of entries in a row that make a list; fewer may be subheadings, or a few short answers."""

_LABEL_WORDS: Final = 6
_SHORT_WORDS: Final = 12
_NAMES_SHORT: Final = 0.5
_NAMES: Final = 0.75
"""A line of which so much is names and figures is an entry; of a long one, more."""

_BULLETS: Final = "-–—•*·▪ \t"
_OPENERS: Final = "\"“„«‘'(["
_UNSPACED: Final = re.compile(f"[{letters(UNSPACED)}]")


def listed_words(text: str) -> NDArray[np.bool_]:
    """For each word of the normalised text, in order, whether it is in a list; empty if no word is."""
    lines = [line for line in text[:MAX_CHARACTERS].split("\n") if line.strip()]
    flags = _are_listed(lines)
    if not any(flags):
        return np.empty(0, dtype=np.bool_)
    runs = [
        (is_list, "\n".join(lines[number] for number in run))
        for is_list, run in groupby(range(len(lines)), key=flags.__getitem__)
    ]
    return np.repeat([is_list for is_list, _ in runs], [len(normalise(text).split()) for _, text in runs])


def _are_listed(lines: Sequence[str]) -> list[bool]:
    """Which lines belong to a list: several entries in a row.

    Only every fourth line is looked at, which no list escapes, and the lines around an entry found so.
    """
    flags = [False] * len(lines)
    at = _RUN_LINES - 1
    while at < len(lines):
        start = end = at
        while end < len(lines) and _is_entry(lines[end]):
            end += 1
        while end > at and start > 0 and _is_entry(lines[start - 1]):
            start -= 1
        if end - start >= _RUN_LINES:
            flags[start:end] = [True] * (end - start)
        at = end + _RUN_LINES
    return flags


def _is_entry(line: str) -> bool:
    """Whether a line may be one of a list: a label, or mostly names and figures, and no sentence.

    Longer points of a list count as sentences, and so do the lines of a text that is wrapped at a width.
    """
    text = line.strip().lstrip(_BULLETS)
    words, small = _counts(text)
    if not words:
        return False
    if 2 * small >= words and ends_sentence(text):
        return False
    if words <= _LABEL_WORDS:
        return True
    return words - small >= (_NAMES_SHORT if words <= _SHORT_WORDS else _NAMES) * words


def _counts(text: str) -> tuple[float, float]:
    """The number of words in a line, and how many of them begin with a letter that is not a capital.

    A word begins with a letter or figure, once opening quotes and brackets are removed. Two characters of a script
    without spaces count as one word that is not a capital, and so does each word but a figure in a line of capitals.
    """
    wide = 0.0
    if not text.isascii() and (signs := len(_UNSPACED.findall(text))):
        text, wide = _UNSPACED.sub(" ", text), signs / 2
    words = [bare for word in text.split() if (bare := word.lstrip(_OPENERS)) and bare[0].isalnum()]
    initials = [word[0] for word in words if word[0].isalpha()]
    small = len(initials) if text.isupper() else sum(not letter.isupper() for letter in initials)
    return len(words) + wide, small + wide

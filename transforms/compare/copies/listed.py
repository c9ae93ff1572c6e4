"""Which words of a text stand in lists: award winners, results, tables, programmes. They are no running text.

Two desks that print the winners of one evening print the same names in the same order, each on its own: that is no
evidence for a copy, as the same sentences are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.text.shingles import MAX_CHARACTERS, normalise

_RUN_LINES: Final = 4
"""So many lines of a list in a row make one: fewer are subheadings, or a few short answers."""

_LABEL_WORDS: Final = 6
_SHORT_WORDS: Final = 12
_NAMES_SHORT: Final = 0.5
_NAMES: Final = 0.75
"""A line of which so much is names and figures is an entry; of a long one, more."""

_BULLETS: Final = "-–—•*·▪ \t"
_ENDED: Final = re.compile(r"[.!?…。！？؟।][\"”»“’')\]」』]*$")
_WIDE: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def listed_words(text: str) -> NDArray[np.bool_]:
    """For each word of the normalised text, in order, whether it stands in a list; empty where none does."""
    lines = [line for line in text[:MAX_CHARACTERS].split("\n") if line.strip()]
    flags = _are_listed(lines)
    if not any(flags):
        return np.empty(0, dtype=np.bool_)
    return np.repeat(flags, [len(normalise(line).split()) for line in lines])


def _are_listed(lines: Sequence[str]) -> list[bool]:
    """Which lines belong to a list: several entries in a row."""
    flags: list[bool] = []
    for is_entry, group in groupby(lines, _is_entry):
        run = list(group)
        flags += [is_entry and len(run) >= _RUN_LINES] * len(run)
    return flags


def _is_entry(line: str) -> bool:
    """Whether a line may be one of a list: a label, or mostly names and figures, and no sentence.

    Other points of a list, in more than a few words, are as good as sentences; and so are the lines of a text that is
    broken at a width.
    """
    text = line.strip().lstrip(_BULLETS)
    words, small = _counts(text)
    if not words:
        return False
    if 2 * small >= words and _ENDED.search(text[-8:]):
        return False
    if words <= _LABEL_WORDS:
        return True
    return words - small >= (_NAMES_SHORT if words <= _SHORT_WORDS else _NAMES) * words


def _counts(text: str) -> tuple[float, float]:
    """The words of a line, and those of them that are neither figures nor begin with a capital letter.

    Two signs of a script without spaces are a word. In a line of capitals every word may be any.
    """
    wide = 0.0
    if not text.isascii() and (signs := len(_WIDE.findall(text))):
        text, wide = _WIDE.sub(" ", text), signs / 2
    words = list(_words_of(text))
    shouted = text.isupper()
    small = sum(word[0].isalpha() and (shouted or not word[0].isupper()) for word in words)
    return len(words) + wide, small + wide


def _words_of(text: str) -> Iterator[str]:
    """The words with a letter or figure in them, without the signs before it."""
    for word in text.split():
        bare = word.lstrip("\"“„«‘'([")
        if bare and bare[0].isalnum():
            yield bare

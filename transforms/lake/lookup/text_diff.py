"""Compares two texts: by lines, as ``diff -u`` shows it, and by words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher, unified_diff
from enum import StrEnum
from typing import Final, NamedTuple

_WORD = re.compile(r"\s+|\w+|[^\w\s]")
_MOST_WORDS: Final = 4_000
"""In longer changed passages words are not compared, since the time grows with the square of their number."""


class Change(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


class Stretch(NamedTuple):
    """A piece of one of the texts."""

    change: Change
    text: str


def unified(before: str, after: str, names: tuple[str, str], context: int = 1) -> list[str]:
    """The lines of a unified diff, with `context` equal lines around each change; none for equal texts."""
    return list(unified_diff(before.splitlines(), after.splitlines(), *names, n=context, lineterm=""))


def by_words(before: str, after: str) -> Iterator[list[Stretch]]:
    """The lines of the later text, and those that are gone, in pieces: words that are equal, gone or new.

    Passages of lines that have changed are compared word by word, unless they are very long.
    """
    old, new = before.splitlines(), after.splitlines()
    for kind, start, end, first, last in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            yield from ([Stretch(Change.SAME, line)] for line in new[first:last])
        else:
            yield _compared("\n".join(old[start:end]), "\n".join(new[first:last]))


def _compared(before: str, after: str) -> list[Stretch]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    if max(len(old), len(new)) > _MOST_WORDS:
        old, new = [before], [after]
    pieces = []
    for kind, start, end, first, last in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            pieces.append(Stretch(Change.SAME, "".join(new[first:last])))
            continue
        pieces += [Stretch(Change.GONE, "".join(old[start:end]))] if end > start else []
        pieces += [Stretch(Change.NEW, "".join(new[first:last]))] if last > first else []
    return pieces

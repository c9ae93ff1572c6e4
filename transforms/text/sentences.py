"""Where sentences end, in all scripts that have a sign for it."""

from __future__ import annotations

import re
from typing import Final

from transforms.text.scripts import THAI_AND_LAO, letters

SPACED_STOPS: Final = ".!?…\u037e؟۔।॥։።။។"
"""What ends a sentence where a blank follows it; within a word or figure it may mean something else."""

WIDE_STOPS: Final = "。！？｡．"
"""What ends a sentence wherever it stands."""

STOPS: Final = frozenset(SPACED_STOPS + WIDE_STOPS)
CLOSING_QUOTES: Final = "\"“”»’'」』"
CLOSERS: Final = CLOSING_QUOTES + ")]）】"
"""Quotes and brackets, behind which the sentence that they close has ended."""


_UNSTOPPED_CHARS: Final = 60
_UNSTOPPED: Final = re.compile(f"[{letters(THAI_AND_LAO)}]")


def ends_paragraph(text: str) -> bool:
    """Whether a text ends like a paragraph: with the end of a sentence, or in a script that has no sign for it, after
    some length."""
    if ends_sentence(text):
        return True
    return len(text) >= _UNSTOPPED_CHARS and not text[-1].isascii() and _UNSTOPPED.match(text[-1]) is not None


def ends_sentence(text: str) -> bool:
    """Whether a text ends with the end of a sentence, closed or not: "… he said.", "… he said.”"."""
    return text.rstrip(CLOSERS)[-1:] in STOPS

"""Where sentences end, in all scripts that have a sign for it."""

from __future__ import annotations

from typing import Final

SPACED_STOPS: Final = ".!?…؟۔।"
"""What ends a sentence where a blank follows it; within a word or figure it may mean something else."""

WIDE_STOPS: Final = "。！？"
"""What ends a sentence wherever it stands."""

STOPS: Final = frozenset(SPACED_STOPS + WIDE_STOPS)
CLOSING_QUOTES: Final = "\"“”»’'」』"
CLOSERS: Final = CLOSING_QUOTES + ")]"
"""Quotes and brackets, behind which the sentence that they close has ended."""


def ends_sentence(text: str) -> bool:
    """Whether a text ends with the end of a sentence, closed or not: "… he said.", "… he said.”"."""
    return text.rstrip(CLOSERS)[-1:] in STOPS

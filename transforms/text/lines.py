"""The lines of a body that are not empty, each with its words."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from transforms.text.sentences import ends_sentence

_WORD = re.compile(r"\w\w*+(?:'\w++)*+")
_QUOTES = frozenset('“”„«»"「」『』')


def words_of(text: str) -> list[str]:
    """The lower-case words of a text, without punctuation and with straight apostrophes."""
    return _WORD.findall(text.replace("’", "'").casefold())


class BodyLine(NamedTuple):
    """One line of a text: its number, its text (stripped), and its lower-case words."""

    line: int
    text: str
    words: list[str]

    @property
    def is_quoting(self) -> bool:
        """Whether the block quotes somebody. Furniture does not."""
        return not _QUOTES.isdisjoint(self.text)

    @property
    def is_story(self) -> bool:
        """Whether the block reads as a paragraph of a story: a sentence of some length.

        Twelve words (40 characters in a text that is not ASCII) are longer than nearly every label, link or subheading.
        """
        long_enough = len(self.words) >= 12 or (len(self.text) >= 40 and not self.text.isascii())
        return long_enough and ends_sentence(self.text)


def body_line(line: str, number: int = 0) -> BodyLine:
    """A line with its words; it is the text's line `number`."""
    text = line.strip()
    return BodyLine(number, text, words_of(text))


@lru_cache(maxsize=1)
def body_lines(text: str) -> tuple[BodyLine, ...]:
    """The lines of a text that are not empty, in order. Those of the last text are kept: several steps in a row ask for
    them."""
    return tuple(body_line(line, number) for number, line in enumerate(text.split("\n")) if line.strip())

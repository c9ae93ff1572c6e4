"""The signs of many texts at once: how many of each kind (capitals, digits, stops) each text has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

from transforms.text.scripts import UNSPACED
from transforms.text.sentences import STOPS

Counts = NDArray[np.float64]
Flags = NDArray[np.uint32]


class Sign(IntFlag):
    """The kinds of signs. `TITLE` are the few letters that are neither capital nor small, such as "ǅ"."""

    MET = 1
    BLANK = 2
    UPPER = 4
    TITLE = 8
    LOWER = 16
    DIGIT = 32
    NO_LETTER = 64
    COMMA = 128
    DOT = 256
    QUOTE = 512
    QUESTION = 1024
    BAR = 2048
    AT = 4096
    COPYRIGHT = 8192
    BRACKET = 16384
    STOP = 32768
    END = 65536
    COLON = 131072
    UNSPACED = 262144


_TESTS: dict[Sign, Callable[[str], bool]] = {
    Sign.UPPER: str.isupper,
    Sign.TITLE: lambda sign: sign.istitle() and not sign.isupper(),
    Sign.LOWER: str.islower,
    Sign.DIGIT: str.isdigit,
    Sign.NO_LETTER: lambda sign: not sign.isalnum(),
    Sign.UNSPACED: lambda sign: any(start <= ord(sign) <= end for start, end in UNSPACED),
}
_SIGNS = {
    Sign.BLANK: " ",
    Sign.COMMA: ",،、，",
    Sign.DOT: "".join(sorted(STOPS)),
    Sign.QUOTE: '“”„«»"「」『』',
    Sign.QUESTION: "?？؟\u037e",
    Sign.BAR: "|｜",
    Sign.AT: "@",
    Sign.COPYRIGHT: "©",
    Sign.BRACKET: "([（［【〔",
    Sign.STOP: "".join(sorted(STOPS)),
    Sign.END: "".join(sorted(STOPS)) + "\"”»’'」』)",
    Sign.COLON: ":：",
}

_KNOWN: Flags = np.zeros(0x110000, dtype=np.uint32)
"""The kinds of each sign by its number in Unicode; 0 until a text has it."""


class Signs:
    """The signs of some texts. No text is empty; within one, blanks are the only white space."""

    def __init__(self, texts: Sequence[str]) -> None:
        lengths = np.array([len(text) + 1 for text in texts], dtype=np.intp)
        self._number = np.repeat(np.arange(len(texts)), lengths)
        self._first = np.cumsum(lengths) - lengths + 1
        self._flags = kinds_of("".join([f" {text}" for text in texts]))

    def counts(self, *kinds: Sign) -> list[Counts]:
        """For each kind, the number of its signs in each text."""
        places = np.flatnonzero(have(self._flags, Sign(sum(kinds))))
        flags, number = self._flags[places], self._number[places]
        return [self._counted(number[have(flags, kind)]) for kind in kinds]

    def first(self) -> Flags:
        """The kinds of the first sign of each text."""
        return self._flags.take(self._first)

    def titled_words(self) -> Counts:
        """The number of words of each text, parted by blanks, of which `str.istitle` is true."""
        capital = have(self._flags, Sign.UPPER | Sign.TITLE)
        letter = have(self._flags, Sign.UPPER | Sign.TITLE | Sign.LOWER)
        follows = np.concatenate(([False], letter[:-1]))
        is_wrong = letter & (capital == follows)  # a capital behind a letter, or a small one behind none
        begins = np.flatnonzero(have(self._flags, Sign.BLANK))
        found = np.bitwise_or.reduceat(letter.view(np.uint8) | is_wrong.view(np.uint8) << 1, begins)
        return self._counted(self._number[begins[found == 1]])

    def _counted(self, numbers: NDArray[np.intp]) -> Counts:
        return np.bincount(numbers, minlength=len(self._first)).astype(np.float64)


def have(flags: Flags, kinds: Sign) -> NDArray[np.bool_]:
    """Which signs are of one of these kinds."""
    found: NDArray[np.bool_] = (flags & np.uint32(kinds)) != 0
    return found


def kinds_of(text: str) -> Flags:
    """The kinds of each sign of a text."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    flags: Flags = _KNOWN.take(codes)
    if not flags.all():
        for code in np.unique(codes[flags == 0]).tolist():
            _KNOWN[code] = _kinds_of_sign(chr(code))
        flags = _KNOWN.take(codes)
    return flags


def _kinds_of_sign(sign: str) -> Sign:
    kinds = Sign.MET
    for kind, is_one in _TESTS.items():
        kinds |= kind if is_one(sign) else 0
    for kind, signs in _SIGNS.items():
        kinds |= kind if sign in signs else 0
    return kinds

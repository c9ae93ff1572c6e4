"""Scripts by their ranges in Unicode: those that leave no spaces between words, and those without capitals."""

from __future__ import annotations

import re
from typing import Final

Ranges = tuple[tuple[int, int], ...]

THAI_AND_LAO: Final[Ranges] = ((0x0E00, 0x0EFF),)
SOUTH_EAST: Final[Ranges] = (
    *THAI_AND_LAO,
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x1950, 0x19DF),  # Tai Le, New Tai Lue
    (0x1A20, 0x1AAF),  # Tai Tham
    (0xA9E0, 0xA9FF),  # Burmese and Tai, extensions
    (0xAA60, 0xAADF),
)
KANA: Final[Ranges] = ((0x3040, 0x30FF), (0x31F0, 0x31FF))
HAN: Final[Ranges] = ((0x3005, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))
HANGUL: Final[Ranges] = ((0xAC00, 0xD7A3),)

UNSPACED: Final[Ranges] = (*SOUTH_EAST, *KANA, *HAN)
"""Scripts whose words are not spaced."""

CASELESS: Final[Ranges] = (
    (0x0590, 0x06FF),  # Hebrew, Arabic
    (0x0900, 0x0DFF),  # the scripts of India
    (0x0F00, 0x0FFF),  # Tibetan
    (0x10A0, 0x10FF),  # Georgian
    (0x1200, 0x137F),  # Ethiopic
    *UNSPACED,
    *HANGUL,
)
"""Scripts without capital letters."""


def letters(*scripts: Ranges) -> str:
    """The letters of some scripts, as they stand in a character class: ``re.compile(f"[{letters(KANA, HAN)}]")``."""
    return "".join(f"{chr(start)}-{chr(end)}" for script in scripts for start, end in script)


EAST_ASIAN: Final = re.compile(f"[{letters(KANA, HAN, HANGUL)}]")
"""A letter of Chinese, Japanese or Korean."""

_WIDE: Final = re.compile("[\u2e80-\U0003ffff]+")


def wide_pieces(text: str) -> list[str]:
    """The runs of letters and signs of East Asia in a text, each as wide as two Latin letters and as telling."""
    return [] if text.isascii() else _WIDE.findall(text)


def wide_count(text: str) -> int:
    """How many letters and signs of East Asia a text has."""
    return sum(map(len, wide_pieces(text)))

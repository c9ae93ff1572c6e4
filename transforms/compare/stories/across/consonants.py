"""The consonants of a word in Latin letters, by which one name is met again in another script or ending.

The names of Unicode's characters tell their sound: "CYRILLIC SMALL LETTER KA", "KATAKANA LETTER GU", "GREEK SMALL
LETTER LAMDA". So no table of letters is needed. "Гватемалы", "グアテマラ" and "Guatemala's" all begin with ``gtmr``.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

KEPT: Final = 4
"""The consonants that count: those behind them are mostly of an ending."""

_BY_WHOLE_NAME: Final = frozenset(
    "CYRILLIC KATAKANA HIRAGANA HANGUL DEVANAGARI BENGALI TAMIL TELUGU KANNADA MALAYALAM GUJARATI GURMUKHI SINHALA "
    "ETHIOPIC".split()
)
"""Scripts in which the name of a character is its sound: all consonants of it count."""

_BY_NAMES_START: Final = frozenset("GREEK ARABIC HEBREW GEORGIAN ARMENIAN".split())
"""Scripts whose letters have names that begin with their sound, such as gamma and lamda."""

_ALIKE: Final = (
    ("tsch", "c"), ("sch", "s"), ("shch", "s"), ("cz", "c"), ("sz", "s"), ("dzh", "c"), ("ch", "c"), ("sh", "s"),
    ("zh", "s"), ("ph", "f"), ("th", "t"), ("gh", "g"), ("kh", "k"), ("ts", "s"), ("q", "k"), ("w", "v"), ("b", "v"),
    ("x", "ks"), ("z", "s"), ("c", "k"), ("l", "r"), ("f", "v"),
)  # fmt: skip
"""Spellings of sounds that languages write for one another, replaced in this order."""

_NO_CONSONANT: Final = re.compile(r"[^a-z]|[aeiouyjh]")
_DOUBLED: Final = re.compile(r"(.)\1+")
_LEADING: Final = re.compile(r"[^AEIOUY]*")


def consonants_of(word: str) -> str:
    """The first consonants of a word, each once where it is doubled; empty for scripts that do not write sounds."""
    letters = "".join(map(_latin, unicodedata.normalize("NFC", word.casefold())))
    for spelling, sound in _ALIKE:
        letters = letters.replace(spelling, sound)
    sounds = _NO_CONSONANT.sub("", letters).replace("gv", "g")  # "Гватемала", "Gwatemala"
    return _DOUBLED.sub(r"\1", sounds)[:KEPT]


@lru_cache(8192)
def _latin(character: str) -> str:
    """A character as Latin letters; empty where it has no sound of its own."""
    if character.isascii():
        return character
    script, *name = unicodedata.name(character, "").partition(" WITH ")[0].split() or ("",)
    if not name or "SIGN" in name or "MARBUTA" in name:
        return ""
    if script in _BY_WHOLE_NAME or script == "LATIN":
        return name[-1].lower()
    if script in _BY_NAMES_START and "LETTER" in name[:-1]:
        sound = _LEADING.match(name[name.index("LETTER") + 1])
        return sound.group().lower() if sound else ""
    return ""

"""Looks for names in scripts without capitals: Chinese, Arabic, Hindi and others.

Where words are not spaced, a name may stand anywhere; one in katakana is a whole run of katakana. Elsewhere it begins a
word: alone or behind the article and the conjunctions that Arabic and Hebrew join to a word, with the endings that
Korean, Georgian and the languages of India join behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from transforms.enrich.places.place_names import Claim
from transforms.text.scripts import CASELESS, HAN, HANGUL, KANA, SOUTH_EAST, letters

# Digits and punctuation of these scripts stand between their letters in Unicode.
_RUN = re.compile(
    f"(?:(?![\u05be\u060c\u061b\u061f\u0660-\u066d\u06d4\u06f0-\u06f9\u0964\u0965\u1361-\u1368])[{letters(CASELESS)}])+"
)
_ANYWHERE = re.compile(f"[{letters(HAN, SOUTH_EAST)}]")
_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc]")
_HANGUL = re.compile(f"[{letters(HANGUL)}]")
_HAN = re.compile(f"[{letters(HAN)}]")
_KANA = re.compile(f"[{letters(KANA)}]")
_SEMITIC = re.compile("[\u0590-\u06ff]")
# What Arabic and Hebrew write in front of a name, as part of its word.
_PREFIX = re.compile("(?:[وف]?(?:[بلك]?ال|لل|[بلك])|[وف]|ו?[בלמהשכ]|ו)")
_SHORTEST_BEHIND_PREFIX = 3
_LONGEST_ENDING = 7


class FoundName(NamedTuple):
    """A name in a text: where it begins, its length in characters, its claim."""

    at: int
    length: int
    claim: Claim


@dataclass(frozen=True, slots=True)
class CaselessNames:
    """Names by their first two characters, the longest first. The flag says that a name may go on within its word."""

    starts: dict[str, tuple[tuple[str, Claim, bool], ...]]

    def find_all(self, text: str) -> Iterator[FoundName]:
        """Each name in the text; where names overlap, the first and longest."""
        if not self.starts or text.isascii():
            return
        passed, starts = 0, self.starts
        for run in _RUN.finditer(text):
            for at in _places_to_look(text, run.start(), run.end()):
                if at < passed or (named := starts.get(text[at : at + 2])) is None:
                    continue
                for name, claim, goes_on in named:
                    if text.startswith(name, at) and _fits(text, at, at + len(name), run, goes_on):
                        passed = at + len(name)
                        yield FoundName(at, len(name), claim)
                        break


def caseless_names(names: Iterable[tuple[str, Claim]]) -> CaselessNames:
    """Names as they are looked for; the first claim to a name keeps it."""
    claims: dict[str, tuple[Claim, bool]] = {}
    for name, claim in names:
        stem = name.removesuffix("*")
        if len(stem) > 1:
            claims.setdefault(stem, (claim, stem != name))
    starts: dict[str, list[tuple[str, Claim, bool]]] = {}
    for name, (claim, goes_on) in claims.items():
        starts.setdefault(name[:2], []).append((name, claim, goes_on))
    return CaselessNames(
        {start: tuple(sorted(group, key=lambda item: (-len(item[0]), item[0]))) for start, group in starts.items()}
    )


def script_of(character: str) -> str:
    """The script of a letter, so far as names in it are looked for together."""
    if _HANGUL.match(character):
        return "Hangul"
    if _KANA.match(character) or _HAN.match(character):
        return "East Asian"
    return str(ord(character) >> 7)


def _places_to_look(text: str, start: int, end: int) -> Iterable[int]:
    """Where in a run of letters a name may begin."""
    first = text[start]
    if _SEMITIC.match(first):
        prefix = _PREFIX.match(text, start, end)
        if prefix and end - prefix.end() >= _SHORTEST_BEHIND_PREFIX:
            return (start, prefix.end())
        return (start,)
    if _ANYWHERE.match(first) or _KANA.match(first):
        return range(start, end - 1)
    return (start,)


def _fits(text: str, start: int, end: int, run: re.Match[str], goes_on: bool) -> bool:
    """Whether what stands around a name leaves it one."""
    last = text[end - 1]
    if _KATAKANA.match(last):
        return not (
            _KATAKANA.match(text, end)
            or (start > run.start() and _KATAKANA.match(text[start]) and _KATAKANA.match(text, start - 1))
        )
    if _ANYWHERE.match(last) or _KANA.match(last) or goes_on or end >= run.end():
        # A name of several words ends in a later run than it begins.
        return end <= run.end() or goes_on or end == len(text) or not _RUN.match(text, end)
    if _SEMITIC.match(last):
        return False
    return run.end() - end <= _LONGEST_ENDING

"""The opening of a report: place, date and source before its first sentence, as agencies and newspapers print them.

    ISLAMABAD, March 4 (Reuters) - …      Kiel (dpa) – …        Madrid, 3 may (EFE).- …      (ANSA) - ROMA, 12 MAG - …
    BUFFALO, N.Y. — …                     (RFE/RL) — …          МОСКВА, 3 мая. /ТАСС/. …     【ロンドン共同】…

An opening is recognised only by its shape; `dateline` decides whether its place is one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from transforms.enrich.data_files import name_rules

_WINDOW = 140
_MOST_WORDS = 7
_BRACKET_FIRST = re.compile(r"\s*+[(\[（［【〔]([^()\[\]（）［］【】〔〕]{2,40})[)\]）］】〕][\s.\-–—―:]*+")
_END = re.compile(
    r"(?=(?:(?<!\s)\s++|\s)?[(\[（［/—―–.:-])"  # how each mark begins: most places in a text end here
    r"(?:(?:(?<!\s)\s++)?[(\[（［/](?P<source>[^()\[\]（）［］/]{2,40}(?:/[^()\[\]（）［］/]{2,20})?)[)\]）］/](?P<after>[.,:]?\s?[-–—―=:]+|\.(?=\s)|:)"
    r"|(?P<dash>\s?[—―]\s?|\s[-–]{1,2}\s|\s?--\s?|(?<!\.\w)\.[-–—]{1,2}\s?)"
    r"|(?P<colon>:\s)"
    r"|(?P<stop>(?<=\w\w)\.\s+(?=[A-ZÄÖÜ„\"“])))"
)
_DASHED_SOURCE = re.compile(r"(?P<source>[^.,:;()]{2,25})\.\s")
_DIGIT = re.compile(r"\d")
_PLACE_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.\-/])*")


@dataclass(frozen=True, slots=True)
class Opening:
    """An opening as printed. `mark` is what ends it: "source", "dash", "colon", "stop"; "bracket" without a place."""

    place: str | None
    source: str | None
    mark: str
    is_dated: bool


@lru_cache(maxsize=16)
def parse_opening(block: str) -> Opening | None:
    """The opening of a paragraph; None if its beginning does not have the shape of one.

    Those of the last text are kept: they are asked for once for its source and once for its place.
    """
    window = block[:_WINDOW]
    if first := _BRACKET_FIRST.match(window):
        rest = parse_opening(window[first.end() :])
        if rest and rest.source is None and rest.mark in ("dash", "source"):
            return Opening(rest.place, first[1], "source", rest.is_dated)
        return Opening(None, first[1], "bracket", False)
    end = _next_end(window)
    if end is None:
        return None
    place, is_dated, fits = _place_and_date(window[: end.start()])
    if not fits:
        return None
    source = end["source"]
    mark = next(name for name in ("source", "dash", "colon", "stop") if end[name] is not None)
    if mark == "dash" and is_dated and (dashed := _DASHED_SOURCE.match(window, end.end())):
        source = dashed["source"]
    return Opening(place, source, mark, is_dated)


def _next_end(window: str) -> re.Match[str] | None:
    """The first mark that ends an opening. The full stops in "N.Y. — " and "3 мая. /ТАСС/" end none."""
    for end in _END.finditer(window):
        if end["stop"] is None:
            return end
        following = window[end.end() :]
        if not re.match(r"\s*[(/\[–—-]", following):
            return end
    return None


def _place_and_date(head: str) -> tuple[str | None, bool, bool]:
    """The place without its date (None if none), whether there is a date, and whether the head holds nothing else."""
    parts = [part.strip(" .\u00a0") if _DIGIT.search(part) else part.strip() for part in head.split(",")]
    places = [part for part in parts if not _DIGIT.search(part)]
    is_dated = len(places) < len(parts)
    if any(len(part.split()) > 6 for part in parts) or sum(len(part.split()) for part in places) > _MOST_WORDS:
        return None, is_dated, False
    for number, part in enumerate(places):
        words = part.split()
        if not words or not all(_is_place_word(word) for word in words) or (number == 0 and words[0].islower()):
            return None, is_dated, False
    return (", ".join(places) or None), is_dated, bool(places) or is_dated


def _is_place_word(word: str) -> bool:
    if word in name_rules()["place_joins"]:
        return True
    return _PLACE_WORD.fullmatch(word) is not None and not word[0].islower()

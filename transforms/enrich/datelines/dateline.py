"""The dateline of a report: the place printed before its first sentence, from which it was filed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from transforms.enrich.data_files import read_rows
from transforms.enrich.datelines.opening import parse_opening
from transforms.enrich.datelines.regions import Regions
from transforms.enrich.datelines.shape import Mark, Opening
from transforms.enrich.places.gazetteer import NAME, Entry, Gazetteer
from transforms.text.agency_names import load_agencies
from transforms.text.sentences import ends_sentence

# A standfirst or a list of headlines may stand above the report.
_BLOCKS_LOOKED_AT = 5
_BLOCKS_WITHOUT_SOURCE = 3
_SHORTEST_UNKNOWN = 5
_LONGEST_UNKNOWN_WORDS = 3
_SHORTEST_STORY = 60
_LONGEST_LINE = 60
_LONGEST_IN_TELEGRAM = 8
_SEVERAL = re.compile("[/／·・]")
# Papers that print an unknown "TAYLORVILLE — …"; elsewhere "MIGRATION – …" is a kicker as often.
_WITH_CAPITALS = frozenset({"en"})
# Papers that print "Berlin. Der Bundestag …"; elsewhere a full stop ends a sentence.
_WITH_STOPS = frozenset({"de", "hi", "mr", "ne"})


class Dateline(NamedTuple):
    """A dateline: the place and what is printed behind it, as printed, and these two apart."""

    printed: str
    name: str
    regions: tuple[str, ...]


def alternatives(name: str) -> tuple[str, ...]:
    """A name, and the names in it where it is of several places: "GENEVA/NEW YORK", "서울·세종"."""
    several = _SEVERAL.split(name)
    return (name, *(one.strip() for one in several if one.strip())) if len(several) > 1 else (name,)


@lru_cache(maxsize=1)
def no_places() -> frozenset[str]:
    """Words that open a paragraph as a place does, and are none, in capitals: "UPDATE", "REDACCIÓN"."""
    return frozenset(row[0] for row in read_rows("datelines/labels.csv"))


def find_dateline(blocks: list[str], places: Gazetteer, regions: Regions) -> Dateline | None:
    """The place as printed, with its state or country but without date and agency; None if none is printed.

    The shape makes a place certain before an agency's bracket, or in capitals before a dash. Otherwise the place must
    be known: "Indianapolis – …", "Lima: …". A sentence that merely begins with a place has no dateline.
    """
    reader = _Reader(places, regions)
    for number, block in enumerate(blocks[:_BLOCKS_LOOKED_AT]):
        opening = parse_opening(block)
        if opening is not None and (found := reader.place_of(opening, number, block)) is not None:
            return found
    return None


class _Reader:
    """Tells which openings have a dateline, with the names of one language."""

    def __init__(self, places: Gazetteer, regions: Regions) -> None:
        self._places = places
        self._regions = regions

    def place_of(self, opening: Opening, number: int, block: str) -> Dateline | None:
        """The dateline of the block with this number, from 0; None if its opening has none."""
        if opening.mark is Mark.TELEGRAM:
            return self._of_telegram(opening)
        if not opening.places:
            return self._of_bracket(opening, number)
        name, regions, printed = self._parts(opening)
        entry = self._known(name)
        if _is_label(name, entry) or any(_is_label(one, None) for one in opening.places[1:]):
            return None
        is_city = entry is not None and not (entry.weight == NAME and not regions)
        if not self._is_dateline(opening, number, block, name, regions, is_city):
            return None
        return Dateline(printed, name, regions)

    def _is_dateline(
        self, opening: Opening, number: int, block: str, name: str, regions: tuple[str, ...], is_city: bool
    ) -> bool:
        """Whether an opening with this place is a dateline, by its shape or because the place is known."""
        capitals = name.upper() == name and name.lower() != name
        mark = opening.mark
        if opening.agencies and (opening.is_bracketed or opening.is_dated or capitals or is_city):
            return mark is not Mark.BRACKET or not opening.goes_on_small
        if number >= _BLOCKS_WITHOUT_SOURCE or opening.goes_on_small:
            return False
        is_alone = not opening.begins  # the story begins with the next block
        is_story = len(block) >= _SHORTEST_STORY
        is_likely = is_city or (is_story and (bool(regions) or (capitals and self._is_likely(name, number, block))))
        if mark in (Mark.DASH, Mark.SLASH):
            return is_city or (is_likely and len(opening.places) - 1 <= len(regions))
        if mark is Mark.PIPE:
            return is_city and capitals
        if mark is Mark.LINE:
            return len(block) <= _LONGEST_LINE and (is_city if opening.is_dated else capitals and bool(regions))
        if opening.is_dated:
            return is_likely
        if mark is Mark.BRACKET:
            return is_city and is_story and ends_sentence(block) and bool(opening.begins)
        is_first = is_city and (is_alone or (number == 0 and is_story and ends_sentence(block)))
        if mark is Mark.COLON:
            return is_first and not is_alone
        return is_first and (capitals or self._places.language in _WITH_STOPS)

    def _is_likely(self, name: str, number: int, block: str) -> bool:
        """Whether an unknown name in capitals is written as a place is in papers of this language: at the very
        beginning, and where kickers are not printed so as well."""
        is_short = len(name) < _SHORTEST_UNKNOWN or len(name.split()) > _LONGEST_UNKNOWN_WORDS
        is_at_start = block.startswith(name) and (number == 0 or ends_sentence(block))
        return is_at_start and not is_short and self._places.language in _WITH_CAPITALS

    def _parts(self, opening: Opening) -> tuple[str, tuple[str, ...], str]:
        """The place, the states or countries printed behind it, and all of these as printed."""
        name = opening.places[0]
        if "/" in name and self._known(name.partition("/")[0]) is None and self._known(name.rpartition("/")[2]):
            name = name.rpartition("/")[2]  # "Ayşe YILMAZ/İSTANBUL"
        behind = [one for one in opening.places[1:] if self._is_region(one)]
        printed = ", ".join([name, *behind])
        names_in = load_agencies().names_in
        for source in opening.sources:
            if source[0] in "([" and not behind and self._is_region(source[1:-1]) and not names_in(source):
                behind.append(source[1:-1])
                printed += f" {source}"
        return name, tuple(behind), printed

    def _is_region(self, name: str) -> bool:
        return bool(self._regions.countries_of(name, self._places.language)) or self._known(name) is not None

    def _known(self, name: str) -> Entry | None:
        """The place with this name, or the first of two: "Berlin/Brüssel"."""
        return next((entry for one in alternatives(name) if (entry := self._places.place(one))), None)

    def _of_bracket(self, opening: Opening, number: int) -> Dateline | None:
        """A place that stands in brackets itself: "(Beirut, March 3) – "."""
        if number >= _BLOCKS_WITHOUT_SOURCE or opening.mark is not Mark.DASH or len(opening.sources) != 1:
            return None
        name, _, _ = opening.sources[0].strip("()[] ").partition(",")
        entry = self._known(name)
        if opening.agencies or entry is None or entry.weight == NAME or opening.goes_on_small:
            return None
        return Dateline(name, name, ())

    def _of_telegram(self, opening: Opening) -> Dateline | None:
        """The place of an East Asian opening: all of it, or its end where a reporter's name stands before it."""
        if not opening.places:
            return None
        text = opening.places[0]
        for start in range(len(text) - 1):
            entry = self._known(text[start:])
            if entry is not None and (opening.is_dated or opening.agencies or entry.weight != NAME):
                return Dateline(text[start:], text[start:], ())
        if opening.agencies and len(text) <= _LONGEST_IN_TELEGRAM and not _is_label(text, None):
            return Dateline(text, text, ())
        return None


def _is_label(name: str, entry: Entry | None) -> bool:
    """Whether a name is a label, or an unknown one begins as a label does: "NEW ROADS", but not "NEW YORK"."""
    upper = name.upper()
    return upper in no_places() or (entry is None and upper.split()[0] in no_places())

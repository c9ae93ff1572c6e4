"""The dateline of a report: the place printed before its first sentence, from which it was filed."""

from __future__ import annotations

from transforms.enrich.data_files import read_rows
from transforms.enrich.datelines.opening import Opening, parse_opening
from transforms.enrich.places.gazetteer import Gazetteer
from transforms.text.agency_names import Agencies

# A standfirst or a list of headlines may stand above the report.
_BLOCKS_LOOKED_AT = 5
_BLOCKS_WITHOUT_SOURCE = 3


def labels_in_capitals() -> frozenset[str]:
    """Words in capitals that open a paragraph but are no place: "UPDATE", "CLAIM"."""
    return frozenset(row[0] for row in read_rows("datelines/labels.csv"))


def find_dateline(blocks: list[str], places: Gazetteer, agencies: Agencies, labels: frozenset[str]) -> str | None:
    """The place as printed, with its state or country but without date and agency; None if none is printed.

    The shape makes a place certain before an agency's bracket, or in capitals before a dash. Otherwise the place must
    be known: "Indianapolis – …", "Berlin. …". A sentence that merely begins with a place has no dateline.
    """
    for number, block in enumerate(blocks[:_BLOCKS_LOOKED_AT]):
        opening = parse_opening(block)
        if opening is not None and opening.place is not None:
            if _is_certain(opening, opening.place, number, places, agencies, labels):
                return opening.place
        elif number == 0 and opening is None and _is_line_of_its_own(block, places):
            return block
    return None


def _is_certain(
    opening: Opening, place: str, number: int, places: Gazetteer, agencies: Agencies, labels: frozenset[str]
) -> bool:
    """Whether the place of an opening is a dateline, by its shape or because the place is known."""
    first, *regions = place.split(", ")
    known = places.is_place(first)
    capitals = first.upper() == first and first.lower() != first and len(first) > 2
    if opening.mark in ("source", "dash") and opening.source is not None and agencies.names_in(opening.source):
        return first not in labels
    if number >= _BLOCKS_WITHOUT_SOURCE or first.split()[0] in labels or any(region in labels for region in regions):
        return False
    if opening.mark == "source":
        return known or capitals
    if opening.mark == "dash":
        return known or (capitals and len(first.split()) <= 3)
    if opening.mark == "colon":
        return number == 0 and ((capitals and len(place.split()) == 1) or (known and (capitals or bool(regions))))
    # German papers print "Berlin. Der Bundestag …"; elsewhere a full stop ends a sentence.
    return number == 0 and known and not regions and places.language == "de"


def _is_line_of_its_own(block: str, places: Gazetteer) -> bool:
    """Whether a block is only a place, as press releases print it above the text: "BAAR, SWITZERLAND"."""
    if len(block) > 40 or block.upper() != block or "," not in block:
        return False
    return any(places.is_place(part.strip()) for part in block.split(","))

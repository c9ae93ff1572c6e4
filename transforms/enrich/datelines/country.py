"""The country of a dateline."""

from __future__ import annotations

from typing import NamedTuple

from transforms.enrich.datelines.dateline import Dateline, alternatives
from transforms.enrich.datelines.regions import Regions
from transforms.enrich.places.gazetteer import Gazetteer


class DatelineCountry(NamedTuple):
    """An ISO 3166-1 alpha-2 code, and what told it: `region`, `gazetteer` or `publisher`."""

    code: str
    source: str


def country_of(
    dateline: Dateline, places: Gazetteer, regions: Regions, publisher: str | None
) -> DatelineCountry | None:
    """The country that is printed behind the place, or has the state printed there; else that of the place, by the
    gazetteer. Where several countries have a place of this name, `publisher`, the country of the paper, decides if it
    is one of them. None where nothing is known: a paper's own country alone tells nothing of where it sends reporters.
    """
    candidates = _countries_named(dateline.name, places)
    for region in reversed(dateline.regions):
        stated = regions.countries_of(region, places.language) or _countries_named(region, places)
        shared = [country for country in stated if country in candidates]
        if stated:
            return DatelineCountry((shared or stated)[0], "region")
    if not candidates:
        return None
    if publisher in candidates[1:]:
        return DatelineCountry(str(publisher), "publisher")
    return DatelineCountry(candidates[0], "gazetteer")


def _countries_named(name: str, places: Gazetteer) -> tuple[str, ...]:
    """The countries that have this place, the likeliest first; of two places ("Berlin/Brüssel"), of the first known."""
    for one in alternatives(name):
        entry = places.place(one)
        if entry is not None:
            return entry.country, *entry.rivals
    return ()

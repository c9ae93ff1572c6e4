"""States, provinces and their abbreviations, as datelines print them behind a city."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache

from transforms.enrich.data_files import read_rows

_NO_SIGN = str.maketrans("", "", ". ")


class Regions:
    """Finds the country of "Ill.", "N.Y.", "Punjab", "RJ". Immutable."""

    def __init__(self, rows: list[list[str]]) -> None:
        self._countries: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for language, country, names in rows:
            for name in names.split("|"):
                self._countries[_key(name)].append((language, country))

    def countries_of(self, name: str, language: str) -> tuple[str, ...]:
        """The countries that have a region of this name or abbreviation, those where `language` is written first."""
        found = self._countries.get(_key(name), ())
        ranked = sorted(found, key=lambda one: one[0] != language)
        return tuple(dict.fromkeys(country for _, country in ranked))


@lru_cache(maxsize=1)
def load_regions() -> Regions:
    """The regions, read once in a process."""
    return Regions(read_rows("datelines/regions.csv"))


def _key(name: str) -> str:
    """Capitals without full stops and blanks: "N.Y." and "NY" are one."""
    return name.upper().translate(_NO_SIGN)

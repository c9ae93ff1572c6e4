"""What a piece of an opening is: a place, a date or a source."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from transforms.enrich.data_files import name_rules
from transforms.text.agency_names import load_agencies
from transforms.text.dates.month_names import is_date_word

_MOST_WORDS = 8
_MOST_PLACE_WORDS = 4
_MOST_WORDS_IN_CAPITALS = 7
_MOST_WORDS_WITHOUT_CASE = 3
_LONGEST_SMALL_WORD = 3
_DIGIT = re.compile(r"\d")
_ADDRESS = re.compile(r"[\w-]{3,30}\.[A-Za-zА-Яа-я]{2,4}(?:\.[A-Za-z]{2,3})?")
_NO_PLACE = re.compile(r"[?!;:\"“”„«»…*=@#%&+<>]")


class Kind(Enum):
    """What a piece is."""

    PLACE = "place"
    DATE = "date"
    SOURCE = "source"


Piece = tuple[Kind, str]


@lru_cache(maxsize=256)
def read_segment(text: str, follows_place: bool = False) -> tuple[Piece, ...] | None:
    """The pieces of what stands between two marks: ("Praha 3. března") is a place and a date. None if it is anything
    else, as the beginning of a sentence. Behind a place and a mark, initials are an agency's though they are a word as
    well: "Damascus, SANA –"; but two letters are a state's: "PITTSBURGH, PA —"."""
    text = text.strip()
    words = text.split()
    if not words or len(words) > _MOST_WORDS:
        return None
    if is_source(text) or _is_passed_on(words) or (follows_place and _is_initials(text)):
        return ((Kind.SOURCE, text),)
    if _is_date(words):
        return ((Kind.DATE, text),)
    if len(words) > 1 and _is_short_source(words[0]) and _is_place(words[1:]):
        return (Kind.SOURCE, words[0]), (Kind.PLACE, " ".join(words[1:]))
    if _is_place(words):
        return _place_and_source(words, text)
    for at in range(1, min(len(words), _MOST_PLACE_WORDS + 1)):
        before, after = words[:at], words[at:]
        if _is_place(before) and (_is_date(after) or is_source(" ".join(after)) or _is_house(before, after)):
            return (Kind.PLACE, " ".join(before)), (Kind.DATE if _is_date(after) else Kind.SOURCE, " ".join(after))
    return None


def _place_and_source(words: list[str], text: str) -> tuple[Piece, ...]:
    """A place, or a place and the agency that stands with it: "ERFURT/DPA", "TALLINN BNS"."""
    before, slash, after = text.rpartition("/")
    if slash and is_source(after):
        return (Kind.PLACE, before), (Kind.SOURCE, after)
    if len(words) > 1 and is_source(words[-1]):
        return (Kind.PLACE, " ".join(words[:-1])), (Kind.SOURCE, words[-1])
    return ((Kind.PLACE, text),)


def is_source(text: str) -> bool:
    """Whether a piece names only agencies, or is a site's address: "INTERFAX.RU", "KOMPAS.com"."""
    return bool(load_agencies().unmistakable(text)) or _ADDRESS.fullmatch(text) is not None


def _is_initials(text: str) -> bool:
    """Whether a piece is the initials of an agency, in capitals, at least three."""
    return len(text) > len("PA") and text.isupper() and bool(load_agencies().fill(text))


def _is_short_source(word: str) -> bool:
    """Whether a word is an agency's initials that a place may follow: "dpa Berlin", "AFP Paris". Two letters open
    other names too ("AP Poll"), as whole words do ("Reuters Institute")."""
    is_short = len("PA") < len(word) <= len("TANJUG") and (word.isupper() or word.islower())
    return is_short and bool(load_agencies().unmistakable(word))


def _is_passed_on(words: list[str]) -> bool:
    """Whether words name the agency that passes on another's report: "THE ECHO via JTA"."""
    return "via" in words and is_source(" ".join(words[words.index("via") + 1 :]))


def _is_house(before: list[str], after: list[str]) -> bool:
    """Whether a paper's own sign stands behind the place: "BERLIN taz"."""
    return all(word.isupper() for word in before) and len(after) == 1 and after[0].islower() and len(after[0]) <= 5


def _is_date(words: list[str]) -> bool:
    """Whether words are a day, with figures or a month's name: "3 mar", "March 4, 2026", "kovo 3 d."."""
    has_day = False
    if len(words) > 1 and all(map(str.isdigit, words)):
        return False  # the table of a game: "Rockledge 14 11 6 15"
    for word in words:
        if _DIGIT.search(word) or is_date_word(word.strip(".,").lower()):
            has_day = True
        elif len(word.strip(".")) > _LONGEST_SMALL_WORD or (word[0].isupper() and word[0].isascii()):
            return False
    return has_day


def _is_place(words: list[str]) -> bool:
    """Whether words are written as a place's name is."""
    joins = name_rules()["place_joins"]
    names = [word for word in words if word not in joins]
    if not names or words[0] in joins or any(map(_DIGIT.search, words)) or any(map(_NO_PLACE.search, words)):
        return False
    if not all(word[0].isalpha() and not word[0].islower() for word in names):
        return False
    if not any(word[0].isupper() for word in names):
        return len(names) <= _MOST_WORDS_WITHOUT_CASE
    return len(names) <= (_MOST_WORDS_IN_CAPITALS if all(word.isupper() for word in names) else _MOST_PLACE_WORDS)

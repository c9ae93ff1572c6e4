"""Whether a text is a person's name, and no desk, agency, publisher, role or button."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from enum import IntEnum
from functools import lru_cache

from transforms.extract.names.byline_words import byline_words
from transforms.extract.page.page_words import words_for
from transforms.text.agencies import agency_words
from transforms.text.dates.month_names import month_of
from transforms.text.scripts import CASELESS, EAST_ASIAN, HAN, letters


class Trust(IntEnum):
    """How far a text is trusted to be a name. FULL: only two words with capitals or more; ALONE: also one word with a
    capital; ANY: also words in small letters, as in the name of an account."""

    FULL = 0
    ALONE = 1
    ANY = 2


_MAX_CASELESS_CHARS = 30
_MAX_NAME_CHARS = 50
_MAX_WORDS = 6
_MAX_ACRONYM_CHARS = 5
_MAX_PHRASE_WORDS = 4
_MIN_OPENING_CHARS = 4
_OF_A_PAGE = 256
"""The size of the cache of compact forms: a page asks four times for that of each of its titles and names."""

_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0dff\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u200c\u200d"
_LETTER = rf"(?:(?![\d_])[\w{_MARKS}])"
_WORD = re.compile(rf"{_LETTER}++(?:[-'’.`´]{_LETTER}++)*+\.?|\S+")
_AFTER_PREFIX = re.compile(r"(?:[a-z]{2,3}|u)(?=[^\W\d_a-zß-ÿ])[^\W\d_][a-z]{2}")
_INITIAL = re.compile(r"(?<![^\s.])([^\W\d_]\.)(?=[^\W\d_]{3})")
"""An initial right at the name, as in Mongolian: "Б.Болд"."""

_NAME_PARTS = re.compile("[-'’ʻʼ`´]")
CASELESS_SIGN = re.compile(f"[{letters(CASELESS)}]")
"""A sign of a script without capitals."""

_LONG_HAN = re.compile(f"[{letters(HAN)}]{{6,}}")
"""A row of signs too long for a name."""

_LETTERS = re.compile(r"[^\W\d_]")
_COMPACT = re.compile(r"[\W_]+")
_PARTICLES = frozenset(
    "de da do das dos del della di du des la le les lo van von der den ter ten te vom zu zur af av bin ibn ben el al "
    "y e i und the o' d' st. st mac ab bat ben bint binti bte ould wa kwa ka ze 't 's op aan dela delos dello nic ní "
    "uí oğlu qızı uulu kyzy ogly ul ur ud na".split()
)
ARTICLES = frozenset(("the", "der", "los", "het"))
"""Words with which the name of a paper or a body begins, and no person's."""
_TITLES = byline_words("title")
_ORGANIZATIONS = byline_words("team") | byline_words("body") | agency_words()
_NO_WORDS = _ORGANIZATIONS | byline_words("role") | byline_words("no_name")
"""Words in bylines that name a desk, an organisation, a role or a button instead of a person."""

_SURNAMES = byline_words("surname")
_NO_ACCOUNTS = byline_words("account")
_BODY_ENDS = tuple(byline_words("body_end"))

_DESK_PART = re.compile(r"admin|edit|desk|news|press|redak|redac|redaz|team|staff|web|site|user|blog|media|info|test")
EDGES = " .,:;|-–—*'’‘\"“”„«»()"
"""What stands around a name and does not belong to it."""

_VOWEL = re.compile("[AEIOUY]|^NG$")
_APOSTROPHES = "'’ʼ"
_DOMAIN = re.compile(r"(?<![\w-])[\w-]{2,}+\.(?:[a-z]{2,4}|[A-Z]{2,4})(?!\S)")


@lru_cache(maxsize=_OF_A_PAGE)
def compact(text: str) -> str:
    """A name in the form in which two spellings are compared: letters and digits only, in lower case."""
    return _COMPACT.sub("", text).casefold()


def without_title(name: str) -> str:
    """A name without titles before it ("Dr", "Prof. Dr."), which pages add in one place and leave out in another."""
    words = name.split()
    while len(words) > 2 and words[0].rstrip(".").casefold() in _TITLES:
        del words[0]
    return " ".join(words)


def is_person(name: str, others: Collection[str], trust: Trust, *, is_stated: bool = False) -> bool:
    """Whether a text can be a person's name: what names look like, and none of the words that say otherwise."""
    if not 2 <= len(name) <= _MAX_NAME_CHARS or not _LETTERS.match(name.lstrip(_APOSTROPHES)):
        return False
    name = _INITIAL.sub(r"\1 ", name) if "." in name else name
    words = _WORD.findall(name.lstrip(_APOSTROPHES))
    lower = [word.casefold().replace("’", "'") for word in words]
    pieces = {piece for word in lower for piece in (word, word.rstrip("."), *word.split("-"))}
    if len(words) > _MAX_WORDS or _is_label(name):
        return False
    if pieces & _NO_WORDS and not (is_stated and _is_surname(words, others)):
        return False
    if any(not _LETTERS.match(word.lstrip(_APOSTROPHES)) for word in words) or lower[0] in ARTICLES:
        return False
    if compact(name) in others or compact(words[0]) in others:
        return False
    if CASELESS_SIGN.search(name):
        if EAST_ASIAN.match(name) is not None and (name.endswith(_BODY_ENDS) or _LONG_HAN.fullmatch(name) is not None):
            return False
        return len(name) <= _MAX_CASELESS_CHARS
    if _DOMAIN.search(name) is not None or max(len(word.replace(".", "")) for word in words) < 2:
        return False
    if all(map(_is_acronym, words)) or (len(words) == 1 and lower[0] in _NO_ACCOUNTS):
        return False
    if len(words) == 1:
        return (trust >= Trust.ALONE and _is_given_name(name)) or (trust == Trust.ANY and _is_account(name))
    if not any(map(_has_capital, words)):
        return trust == Trust.ANY and len(words) <= 3
    capitals = sum(map(_has_capital, words))
    return capitals >= 2 and all(
        _has_capital(word) or word.casefold() in _PARTICLES or "'" in word or "’" in word for word in words
    )


def _has_capital(word: str) -> bool:
    """Whether a word, or a part of it after a particle, begins with a capital: "Lind", "al-Hakim", "d’Arc",
    "kaLinda"."""
    return any(part[:1].isupper() for part in _NAME_PARTS.split(word)) or _AFTER_PREFIX.match(word) is not None


def _is_acronym(word: str) -> bool:
    """Whether a word is capitals that nobody can say: "DJV"."""
    return len(word) > 1 and word.isascii() and word.isupper() and word.isalpha() and _VOWEL.search(word) is None


def _is_label(name: str) -> bool:
    """Whether a text holds a label that stands in a name's place, in any language: "Image", "Log in"."""
    known = words_for("no_author")
    words = [word.strip(EDGES) for word in name.casefold().replace("’", "'").split()]
    for n in range(1, _MAX_PHRASE_WORDS + 1):
        if any(" ".join(words[at : at + n]) in known for at in range(len(words) - n + 1)):
            return True
    return EAST_ASIAN.search(name) is not None and any(phrase in name for phrase in _unspaced())


@lru_cache(maxsize=1)
def _unspaced() -> tuple[str, ...]:
    return tuple(phrase for phrase in words_for("no_author") if EAST_ASIAN.match(phrase))


def _is_surname(words: Sequence[str], others: Collection[str]) -> bool:
    """Whether the words for a desk, role or organisation in a name are its surname, after a given name.

    No given name is: an acronym, a word that makes a desk or newspaper of the next one ("Sports Staff", "Free Press"),
    or the beginning of the publisher's name ("Lindmere Staff").
    """
    first, *rest = words
    given = {first.casefold(), *first.casefold().split("-")}
    if not rest or len(words) > _MAX_PHRASE_WORDS or not (first[0].isupper() and rest[-1][0].isupper()):
        return False
    desks = words_for("desk")
    if given & (_NO_WORDS | _PARTICLES | desks) or any(word.casefold() in desks - _PARTICLES for word in rest[:-1]):
        return False
    if first.isupper() and len(compact(first)) > 2 and not rest[-1].isupper():
        return False
    called = compact(first)
    if len(called) >= _MIN_OPENING_CHARS and any(other.removeprefix("the").startswith(called) for other in others):
        return False
    pieces = {piece for word in rest for piece in word.casefold().split("-")}
    return not (pieces & _NO_WORDS) - _SURNAMES


def _is_given_name(name: str) -> bool:
    """Whether one word may be a name: it has a capital and is no acronym, desk or month."""
    if not name[0].isupper() or len(name) < 3 or (name.isupper() and len(name) <= _MAX_ACRONYM_CHARS):
        return False
    return _DESK_PART.search(name.lower()) is None and month_of(name, None) is None


def _is_account(name: str) -> bool:
    """Whether one word may be the name of a person's account: small letters, and nothing that names a desk."""
    return len(name) >= 4 and name.isalpha() and name.islower() and _DESK_PART.search(name) is None

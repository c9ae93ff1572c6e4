"""Labels before links to other articles: "Read more:", "Lesen Sie auch", "Διαβάστε επίσης", from a data file."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import lru_cache
from importlib import resources
from itertools import islice
from typing import NamedTuple

from transforms.text.phrases.phrase_set import PhraseSet

_WORD = re.compile(r"\w++(?:'\w++)*+")
_PARTING = re.compile(r"\s*+[:：|｜›»>→►▶]++\s*|\s++[-–—]++\s++")
_OPENING_CHARS = 8
_QUICK_CHARS = 40
_JOINING = frozenset("-–'@/")
"""Signs that make a longer word or an address of a label: "Mira-Award"."""

_QUOTES = frozenset('“”„«»"「」『』')


class PointerLabel(NamedTuple):
    """A label that a text begins with.

    `words` counts its words. `rest` is what follows, without accents and capitals, "" if nothing; `parting` the colon,
    bar, arrow or dash between, "" if there is none. `is_reading`: the label says that something is to be read or is
    related; else it is a word that a story uses as well ("More"). `stands_out`: it is printed in capitals, unlike what
    follows.
    """

    words: int
    rest: str
    parting: str
    is_reading: bool
    stands_out: bool

    @property
    def has_dash(self) -> bool:
        """Whether nothing but a dash parts the label from what follows."""
        return self.parting.strip("-–—") == ""


def pointer_label(text: str) -> PointerLabel | None:
    """The label that a text begins with; None if it begins with none. Case and accents do not count: capitals often go
    without. Brackets and arrows may stand before it, quotation marks may not: then somebody is quoted."""
    opening = _plain(text[:_QUICK_CHARS])
    first = _WORD.search(opening)
    if first is None or not any(phrases.may_begin(first[0]) for phrases, _ in _labels()):  # as of nearly all lines
        return None
    if first.start() > _OPENING_CHARS or not _QUOTES.isdisjoint(opening[: first.start()].strip("»")):
        return None
    plain = _plain(text)
    found = list(islice(_WORD.finditer(plain), _longest()))
    words = [word[0] for word in found]
    for phrases, is_reading in _labels():
        if length := phrases.prefix_length(words):
            rest = plain[found[length - 1].end() :]
            if rest[:1] in _JOINING:
                return None
            parting = _PARTING.match(rest)
            rest = rest[parting.end() :] if parting else rest.strip()
            at = len(text) - len(rest)
            return PointerLabel(
                length,
                rest if _WORD.search(rest) else "",
                parting[0].strip() if parting else "",
                is_reading,
                text[:at].isupper() and not text[at:].isupper(),
            )
    return None


def _plain(text: str) -> str:
    """The text without case, accents and curly apostrophes."""
    if not text.isascii():
        split = unicodedata.normalize("NFD", text.replace("’", "'"))
        text = unicodedata.normalize("NFC", "".join(sign for sign in split if unicodedata.category(sign) != "Mn"))
    return text.casefold()


@lru_cache(maxsize=1)
def _labels() -> tuple[tuple[PhraseSet, bool], ...]:
    """The labels that speak of reading, and those that count only before a link. They never change."""
    languages = _languages()
    return tuple(
        (PhraseSet([label for language in languages for label in language.get(kind, ())], _words), kind == "reading")
        for kind in ("reading", "link_only")
    )


@lru_cache(maxsize=1)
def _longest() -> int:
    """The words of the longest label."""
    return max(len(_words(label)) for language in _languages() for labels in language.values() for label in labels)


@lru_cache(maxsize=1)
def _languages() -> tuple[dict[str, list[str]], ...]:
    data = json.loads(resources.files(__package__).joinpath("pointer_labels.json").read_text(encoding="utf-8"))
    return tuple(labels for language, labels in data.items() if not language.startswith("_"))


def _words(text: str) -> list[str]:
    return _WORD.findall(_plain(text))

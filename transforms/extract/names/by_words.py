"""The words that introduce an author's name: "By", "Written by", "Autor:", "Von"."""

from __future__ import annotations

import re
from functools import lru_cache

_WORDS = (
    "words by|story by|text by|written by|posted by|published by|created by|authored by|reported by|article by|"
    "by author|by|authors?|author's name|writer|contributors?|reporter|"
    "geschrieben von|verfasst von|ein beitrag von|ein artikel von|von|autorin|autoren|autor/in|"
    "par|écrit par|rédigé par|publié par|propos recueillis par|auteur|auteurs|autrice|"
    "por|escrito por|publicado por|redactado por|autor|autora|autores|"
    "di|a cura di|scritto da|pubblicato da|autore|autrice|"
    "door|geschreven door|av|tekst av|skrevet av|skriven av|af|skrevet af|kirjoittaja|teksti|szerző|írta|"
    "autorzy|napisał|napisała|napsal|napsala|scris de|publicat de|yazan|yazar|oleh|penulis|tác giả|"
    "автор|авторы|автори|текст|συγγραφέας|γράφει ο|γράφει η|מאת|بقلم|الكاتب|كتب"
)
_TEXT_WORDS = "words|text|texte|testo|texto|tekst"
_BY = re.compile(rf"(?:{_WORDS})(?:\s*[:：]\s*|\s+|$)|(?:{_TEXT_WORDS})\s*[:：]\s*", re.IGNORECASE)
"""Words before a name in a byline, in the languages of the feeds we know."""

_ENDS_IN_BY = re.compile(
    r"\b(?:written|posted|published|authored|contributed|article|story|post|interview|words|text) by\s*:?$|"
    r"\b(?:geschrieben|verfasst|text|artikel) von\s*:?$|\b(?:écrit|rédigé|publié|article) par\s*:?$|"
    r"\b(?:escrito|publicado) por\s*:?$|\b(?:scritto|pubblicato) da\s*:?$|\bgeschreven door\s*:?$",
    re.IGNORECASE,
)
"""Labels that end in such words: "This post was written by"."""

_LEADS_BY = re.compile(r".{0,30}\b(?:written|authored|contributed) by\s*:?\s+", re.IGNORECASE)
"""Sentences that introduce a name: "This post was written by Ada Lind"."""

_FIRST_WORDS = frozenset(
    f"{first.rstrip('?')}{colon}"
    for first in ("author", "contributor", *(words.partition(" ")[0] for words in _WORDS.split("|")))
    for colon in ("", ":", "：")
) | frozenset(f"{word}:" for word in _TEXT_WORDS.split("|"))
_SMALL_WORDS = frozenset("by von par por di door av af".split())
_SEPARATORS = " \t-–—•·|/,:"
_MAX_LABEL_CHARS = 40
_OF_A_PAGE = 256
"""The size of caches: a page asks four times what each of the texts in its bylines is."""


@lru_cache(maxsize=_OF_A_PAGE)
def without_by(text: str) -> str:
    """The text without the words that introduce a name (up to three in a row) and the separators before them."""
    text = text.lstrip(_SEPARATORS)
    lead = _LEADS_BY.match(text) if " by " in text else None
    text = text[lead.end() :] if lead is not None else text
    for _ in range(3):
        match = _BY.match(text)
        if match is None:
            break
        text = text[match.end() :].lstrip(_SEPARATORS)
    return text


def opens_byline(text: str) -> bool:
    """Whether a text begins with words that introduce a name, or is a label that ends in them. Quick if neither."""
    words = text.split(None, 2)
    if not words:
        return False
    first = words[1] if len(words) > 1 and words[0] in _SEPARATORS else words[0]
    if first.casefold() in _FIRST_WORDS and _BY.match(" ".join(text.split()).lstrip(_SEPARATORS)) is not None:
        return True
    if " by " in text and _LEADS_BY.match(" ".join(text.split())) is not None:
        return True
    last = text.rsplit(None, 1)[-1].rstrip(":：").casefold()
    return last in _SMALL_WORDS and is_label(" ".join(text.split()))


@lru_cache(maxsize=_OF_A_PAGE)
def is_label(text: str) -> bool:
    """Whether the text is nothing but words that introduce a name: "Written by", "Autor:", "by"."""
    if not 2 <= len(text) <= _MAX_LABEL_CHARS:
        return False
    return _ENDS_IN_BY.search(text) is not None or (_BY.match(text) is not None and not without_by(text))


def is_strong_label(text: str) -> bool:
    """Whether a label surely announces an author. A mere "by" does not: it stands in any sentence."""
    bare = text.strip(_SEPARATORS).casefold()
    return is_label(text) and bare not in _SMALL_WORDS and bare not in _TEXT_WORDS.split("|")

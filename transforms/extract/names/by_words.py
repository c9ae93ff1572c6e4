"""The words that introduce an author's name: "By", "Written by", "Autor:", "Von"."""

from __future__ import annotations

import re
from functools import lru_cache

from transforms.extract.names.byline_words import alternatives, byline_words, own_words
from transforms.extract.names.east_asian import opens_signature

COLONS = ":：՝៖፦"
"""Colons of Latin and wide scripts, and what Armenian, Khmer and Amharic have for one."""

_BY_WORDS = alternatives("by")
_TEXT_WORDS = alternatives("text_label")
_BEFORE = alternatives("before")
_BY = re.compile(
    rf"(?:{'|'.join(map(re.escape, _BY_WORDS))})(?:\s*[{COLONS}]\s*|\s+|$)|"
    rf"(?:{'|'.join(map(re.escape, _TEXT_WORDS))})\s*[{COLONS}]\s*|"
    rf"(?:{'|'.join(_BEFORE)})(?:\s*[:：／/・|｜]\s*|\s+|$)",
    re.IGNORECASE,
)
"""Words before a name in a byline."""

JOINTS = alternatives("and", "and_small", "and_unspaced")
"""Words that join two names, or what two people did."""

_WROTE = (
    "text texte texto testo testi tekst teksti szöveg текст words story bericht reportage reportaje reportagem".split()
)
_BOTH = re.compile(
    rf"(?:{'|'.join(_WROTE)})\s?(?:{'|'.join(JOINTS)}|[&/+,])\s?"
    r"(?:foto|photo|bild|kuva|fotó|фото|pictures|imágenes|video)[\w'’]{0,8}(?:\s*[:：]\s*|\s+(?:by|von|par|por|di|door|av|af)\s+|$)",
    re.IGNORECASE,
)
"""Before the one who wrote and took the pictures: "Text och foto: Ada Lind"."""

_BY_PREFIX = re.compile(r"[Nn]gu(?=[A-Z][a-z])")
"""Zulu and Xhosa join "by" to the name: "NguSipho Lind"."""

_ENDS_IN_BY = re.compile(rf"(?<!\w)(?:{'|'.join(alternatives('by_label'))})\s*:?$", re.IGNORECASE)
"""Labels that end in such words: "This post was written by"."""

_LEADS_BY = re.compile(r".{0,30}\b(?:written|authored|contributed) by\s*:?\s+", re.IGNORECASE)
"""Sentences that introduce a name: "This post was written by Ada Lind"."""

_DATED_BY = re.compile(
    rf"(?=[^\d]{{0,40}}\d)[^|•·]{{6,50}}?(?<=[\d.,:hm])\s(?:{'|'.join(alternatives('dated_by'))})\s+", re.IGNORECASE
)
"""A date before these words: "Posted on March 3, 2026 by Ada Lind"."""

_FIRST_WORDS = frozenset(
    f"{words.partition(' ')[0]}{colon}".casefold() for words in (*_BY_WORDS, *_BEFORE) for colon in ("", *COLONS)
) | frozenset(word.partition(" ")[0] if " " in word else f"{word}{colon}" for word in _TEXT_WORDS for colon in COLONS)
_FIRST_OF_BOTH = frozenset(_WROTE)
_SMALL_WORDS = byline_words("by_small")
_SEPARATORS = " \t-–—•·|/,:"
_DIGIT = re.compile(r"\d")
_PARTED = re.compile(r",\s|\s?[|•·]\s?|\s[-–—]\s")
_WRITES = byline_words("writes")
_STOPS = (".", "!", "?", ":")
_MAX_LABEL_CHARS = 40
_NAME_WORDS = 2
_MAX_WRITER_CHARS, _MAX_NAME_WORDS, _MAX_ROLE_WORDS = 80, 4, 8
_OF_A_PAGE = 256
"""The size of caches: a page asks four times what each of the texts in its bylines is."""


@lru_cache(maxsize=_OF_A_PAGE)
def without_by(text: str) -> str:
    """The text without the words that introduce a name (up to three in a row) and the separators before them."""
    text = text.lstrip(_SEPARATORS)
    text = text[1:] if text.startswith("(") and _BY.match(text, 1) is not None else text
    lead = _LEADS_BY.match(text) if " by " in text else None
    lead = lead or (_DATED_BY.match(text) if _DIGIT.search(text) is not None else None)
    text = text[lead.end() :] if lead is not None else text
    for _ in range(3):
        match = _BOTH.match(text) or _BY.match(text) or _BY_PREFIX.match(text)
        if match is None:
            break
        text = text[match.end() :].lstrip(_SEPARATORS)
    return text


def by_end(text: str) -> int:
    """Where the words end that introduce a name at the beginning of a text; 0 if there are none."""
    match = _BY.match(text)
    return match.end() if match is not None else 0


def lead_of(text: str) -> str:
    """The words of a text that introduce the name in it."""
    return text[: len(text) - len(without_by(text))].strip()


def opens_byline(text: str) -> bool:
    """Whether a text begins with words that introduce a name, or is a label that ends in them. Quick if neither."""
    words = text.split(None, 2)
    if not words:
        return False
    first = (words[1] if len(words) > 1 and words[0] in _SEPARATORS else words[0]).removeprefix("(")
    if not first.isascii() and opens_signature(text):
        return True
    if len(text) <= _MAX_LABEL_CHARS and _BY_PREFIX.match(first) is not None:
        return True
    if first.casefold() in _FIRST_WORDS or first.partition("/")[0].strip(",").casefold() in _FIRST_OF_BOTH:
        line = " ".join(text.split()).lstrip(_SEPARATORS).removeprefix("(")
        if _BY.match(line) is not None or _BOTH.match(line) is not None or _DATED_BY.match(line) is not None:
            return True
    if " by " in text and _LEADS_BY.match(" ".join(text.split())) is not None:
        return True
    last = text.rsplit(None, 1)[-1].rstrip(COLONS).casefold()
    return last in _SMALL_WORDS and is_label(" ".join(text.split()))


def opens_own_byline(text: str, language: str) -> bool:
    """Whether a text is one of the words that introduce a name in this language only, and a name: "De Ada Lind"."""
    words = text.split() if len(text) <= _MAX_LABEL_CHARS else []
    return (
        len(words) > _NAME_WORDS
        and words[0].rstrip(":").casefold() in own_words("by_own", language)
        and words[1].lstrip("'’")[:1].isupper()
    )


@lru_cache(maxsize=_OF_A_PAGE)
def is_label(text: str) -> bool:
    """Whether the text is nothing but words that introduce a name: "Written by", "Autor:", "by"."""
    if not 2 <= len(text) <= _MAX_LABEL_CHARS:
        return False
    text = text.lstrip(_SEPARATORS)
    if _ENDS_IN_BY.search(text) is not None:
        return True
    return (_BY.match(text) is not None or _BOTH.match(text) is not None) and not without_by(text)


def names_both(text: str) -> bool:
    """Whether a text says at its beginning that one person wrote and took the pictures."""
    return _BOTH.match(text.lstrip(_SEPARATORS)) is not None


def is_strong_label(text: str) -> bool:
    """Whether a label surely announces an author. A mere "by" does not: it stands in any sentence. "By:" does."""
    bare = text.strip(_SEPARATORS).casefold()
    if bare in _SMALL_WORDS:
        return text.rstrip().endswith(tuple(COLONS))
    return is_label(text) and bare not in _TEXT_WORDS


def names_writer(text: str) -> bool:
    """Whether a line names a person and what they do: "Ada Lind, Harbour Reporter", "Ada Lind | Senior Writer"."""
    mark = _PARTED.search(text, 0, _MAX_LABEL_CHARS) if len(text) <= _MAX_WRITER_CHARS else None
    if mark is None or not 2 <= len(text[: mark.start()].split()) <= _MAX_NAME_WORDS or text.rstrip().endswith(_STOPS):
        return False
    role = text[mark.end() :].casefold().replace("|", " ").replace(",", " ").split()
    return len(role) <= _MAX_ROLE_WORDS and not _WRITES.isdisjoint(role)


def is_role(text: str) -> bool:
    """Whether a text is the role of one who writes, and no more: "Senior Reporter". Their name may stand before it."""
    if len(text) > _MAX_LABEL_CHARS:
        return False
    words = text.split()
    return 0 < len(words) <= _MAX_NAME_WORDS and words[-1].casefold() in _WRITES

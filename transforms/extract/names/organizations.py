"""The organisations that sign in the place of a person: a desk, a broadcaster, a magazine, the publisher itself.

Agencies are none of them: `wire_sources` is filled from the byline.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from transforms.extract.names.by_words import without_by
from transforms.extract.names.byline_words import byline_words
from transforms.extract.names.east_asian import split_names
from transforms.extract.names.people import ARTICLES, EDGES, Trust, compact, is_person
from transforms.extract.page.page_words import words_for
from transforms.text.agency_names import load_agencies
from transforms.text.scripts import CASELESS, EAST_ASIAN, letters

MAX_LINE_CHARS = 160
_MAX_NAME_CHARS = 80
_MAX_WORDS = 9
_MAX_SMALL_CHARS = 3
_MAX_OWN_WORDS = 4
_MAX_DESK_WORDS = 4
_SHORT_WORDS = 2
_OF_A_PAGE = 256
"""The size of the cache: templates print a byline several times, and mark the same one in several ways."""

_CUT = re.compile(r"(?:(?<!\s)\s++)?[|•·\n]|(?<!\s)\s++[–—-]\s|[\s,(]\d|(?<!\s)\s++\(|https?://|(?<!\S)@|(?<=\w\w)\.\s")
PARTS = re.compile(
    r"(?:(?<!\s)\s++)?[,;，、/／]\s*+|(?<!\s)\s++(?:and|und|et|y|e|en|och|og|i|&|with|mit|avec|con|com|met|für|for)\s++"
)
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W_]++(?:[-'’.][^\W_]++)*+")
_ADDRESS = re.compile(r"\S@\S|www\.|^@")
_CASELESS = re.compile(f"[{letters(CASELESS)}]")
_TEAMS = byline_words("team")
_BODIES = byline_words("body")
_ASKS = byline_words("asks")
_ROLES = byline_words("role")
_KINDS = byline_words("kind")
_DESKS = byline_words("desk_name")
_UNNAMED = byline_words("unnamed")
_BUTTONS = byline_words("no_name")
_UNSPACED_DESKS = tuple(sorted(desk for desk in _DESKS if EAST_ASIAN.match(desk)))
_BODY_ENDS = tuple(byline_words("body_end"))


@lru_cache(maxsize=_OF_A_PAGE)
def organizations_in(line: str, others: frozenset[str], *, is_stated: bool = False) -> tuple[str, ...]:
    """The organisations that one line of a byline names, in order, as printed; () if it only names people.

    `others` are the publisher's names in compact form, and its domain. `is_stated`: the page says that the text names
    an organisation. The whole line is tried before its parts: "Centre for Harbours and Quays" is one name.
    """
    line = " ".join(line.split()) if len(line) <= MAX_LINE_CHARS else ""
    line = without_by(line)
    cut = _CUT.search(line, 1)
    line = (line[: cut.start()] if cut is not None else line).strip(EDGES)
    if not line:
        return ()
    if EAST_ASIAN.search(line) is not None:
        names = (part.partition("(")[0].partition("（")[0].strip(EDGES) for part in split_names(line))
        return tuple(dict.fromkeys(name for name in names if _is_organization(name, others, is_stated)))
    parts = PARTS.split(line)
    if not _has_people(parts, others) and _is_organization(line, others, is_stated):
        return (line,)
    if _opens_organization(line) and _is_organization(line, others, is_stated):
        return (line,)
    return tuple(dict.fromkeys(_each(parts, others, is_stated)))


def _has_people(parts: list[str], others: Collection[str]) -> bool:
    """Whether one of a line's several parts is a person or an agency."""
    names = [part.strip(EDGES) for part in parts] if len(parts) > 1 else []
    return any(is_person(name, others, Trust.FULL) or _is_agency(name) for name in names)


def _opens_organization(line: str) -> bool:
    """Whether a line without commas begins as an office does: "Centre for Harbours and Quays"."""
    first = line.split(None, 1)[0].casefold()
    return "," not in line and "/" not in line and (first in _BODIES or first in _TEAMS)


def _each(parts: list[str], others: Collection[str], is_stated: bool) -> Iterator[str]:
    """The organisations among people, each written as names are: "Ada Lind, who edits the blog" has none."""
    for part in parts:
        name = without_by(part).strip(EDGES)
        if _has_small_words(name) and compact(name) not in others:
            continue
        if not is_person(name, others, Trust.FULL) and _is_organization(name, others, is_stated):
            yield name


def _is_organization(name: str, others: Collection[str], is_stated: bool) -> bool:
    words = [word.casefold() for word in _WORD.findall(name)]
    if not words or len(words) > _MAX_WORDS or not 2 <= len(name) <= _MAX_NAME_CHARS:
        return False
    if _ADDRESS.search(name) is not None or _is_agency(name):
        return False
    if compact(name) in others:
        return True
    if (
        len(words) <= _MAX_OWN_WORDS
        and compact(words[0]) in others
        and not any(word[0].islower() for word in name.split())
    ):
        return True  # a part of the publisher: "Lindmere Sports" of Lindmere
    plain = name.casefold().replace("’", "'")
    if plain in _UNNAMED:
        return False
    if plain in _DESKS or _has_desk(plain.split()):
        return True
    if plain in words_for("no_author"):
        return False
    if EAST_ASIAN.search(name) is not None:
        return not _DIGIT.search(name) and (name.endswith(_BODY_ENDS) or any(desk in name for desk in _UNSPACED_DESKS))
    if words[0] in _ASKS or _KINDS.issuperset(words):
        return False
    has_case = _CASELESS.search(name) is None
    is_name = is_stated or not has_case or any(word[:1].isupper() for word in name.split())
    if not _ROLES.isdisjoint(words):
        return False
    if is_name and not _TEAMS.isdisjoint(part for word in words for part in word.split("-")):
        return True  # also "Echo-Redaktion"
    if not _BUTTONS.isdisjoint(words) and not (is_stated and _is_office(words)):
        return False
    return is_stated or (is_name and not _BODIES.isdisjoint(words))


def _is_office(words: Sequence[str]) -> bool:
    """Whether a name begins as an office's and has more words, one of which a button may have too: "Center for Quay
    Evaluation and Research"."""
    return len(words) > _SHORT_WORDS and (words[0] in _TEAMS or words[0] in _BODIES)


def pen_name_in(line: str) -> str:
    """The name with an article by which a paper or a blog signs alone ("The Harbour Gull"); "" if a line has none."""
    name = without_by(" ".join(line.split())).strip(EDGES) if len(line) <= MAX_LINE_CHARS else ""
    words = name.split()
    is_name = 1 < len(words) <= _MAX_OWN_WORDS and words[0].casefold() in ARTICLES and name.replace(" ", "").isalpha()
    return name if is_name and all(word[0].isupper() for word in words[1:]) else ""


def _has_small_words(name: str) -> bool:
    """Whether a text has words in small letters that are no particles, as a sentence has."""
    return any(len(word) > _MAX_SMALL_CHARS for word in name.split() if word[:1].islower())


def _has_desk(words: list[str]) -> bool:
    """Whether some words of a name, two or more in a row, are the name of a desk: "Lindmere news desk"."""
    return any(
        " ".join(words[at : at + n]) in _DESKS
        for n in range(2, min(len(words), _MAX_DESK_WORDS) + 1)
        for at in range(len(words) - n + 1)
    )


def _is_agency(name: str) -> bool:
    return bool(load_agencies().signing(name))

"""The byline as printed: the line that names who wrote an article, without the date that follows it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from transforms.extract.names.by_words import is_label
from transforms.extract.names.name_lines import without_date
from transforms.extract.names.people import compact
from transforms.extract.names.printed.visible import Seen
from transforms.text.agency_names import load_agencies
from transforms.text.dates.month_names import is_date_word

MAX_BYLINE_CHARS = 200
_FIGURE = re.compile(r"\d")
_END = " \t|•·–—-/,;:("
_BEFORE_DATES = frozenset("on am le el den at updated published posted um o".split())
_GOES_ON = (",", "/", "|", "&", "und ", "and ", "y ", "et ", "mit ", "with ")
_MAX_ADDED_CHARS = 40


def byline_text(seen: Sequence[Seen], names: Collection[str]) -> str | None:
    """The printed line that names all of `names`, with the words around them; else the lines of their own, joined by
    commas.

    `seen` are the page's bylines that name anyone. None if none of them names one of `names`.
    """
    wanted = [compact(name) for name in names]
    lines = [line for one in seen if (line := _line(one, wanted))]
    whole = [line for line in lines if all(name in compact(line) for name in wanted)]
    if whole:
        best = min(whole, key=lambda line: len(compact(line)))
        return max((line for line in whole if len(line) - len(best) <= _MAX_ADDED_CHARS), key=len)
    parts = [next((line for line in lines if name in compact(line)), None) for name in wanted]
    found = list(dict.fromkeys(filter(None, parts)))
    return ", ".join(found)[:MAX_BYLINE_CHARS] or None


def _line(seen: Seen, wanted: Sequence[str]) -> str:
    """The text of a byline up to the last run that names one of `wanted`, and what goes on in the same sentence."""
    pieces = [piece.text for piece in seen.byline.pieces]
    first, last = _span(pieces, wanted)
    if first < 0:
        return ""
    while last + 1 < len(pieces) and pieces[last + 1].startswith(_GOES_ON) and _FIGURE.search(pieces[last + 1]) is None:
        last += 1
    if first > 0 and is_label(pieces[first - 1]):
        first -= 1
    elif first == 0 and is_label(seen.byline.label):
        pieces = [seen.byline.label, *pieces]
        last += 1
    line = without_date(_joined(pieces[first : last + 1]))
    line = line.rstrip(")") if "(" not in line else line
    return _up_to_date(line, wanted)[:MAX_BYLINE_CHARS]


def _span(pieces: Sequence[str], wanted: Sequence[str]) -> tuple[int, int]:
    """The first and the last of the fewest pieces that name all that is named of `wanted`; (-1, -1) if none is."""
    if not wanted:  # an agency alone
        at = next((n for n, text in enumerate(pieces) if load_agencies().names_in(text)), -1)
        return at, at
    whole = compact("".join(pieces))
    sought = [name for name in wanted if name in whole]
    for last in range(len(pieces)) if sought else ():
        for first in range(last, -1, -1):
            part = compact("".join(pieces[first : last + 1]))
            if all(name in part for name in sought):
                return first, last
    return -1, -1


def _joined(pieces: Sequence[str]) -> str:
    line = ""
    for piece in pieces:
        line += piece if not line or piece[:1] in ",;.:)" else f" {piece}"
    return line


def _up_to_date(line: str, wanted: Sequence[str]) -> str:
    """The line up to the date that stands behind the names."""
    figure = _FIGURE.search(line)
    if figure is None:
        return line.strip(_END)
    head = line[: figure.start()].rstrip(_END)
    if not all(name in compact(head) for name in wanted):
        return line.strip(_END)
    words = head.split()
    while words and _is_of_date(words[-1].strip(_END).casefold()):
        words.pop()
    return " ".join(words).strip(_END)


def _is_of_date(word: str) -> bool:
    return not word or word in _BEFORE_DATES or is_date_word(word)

"""How a text ends: closed, signed, cut off, or in mid-sentence, in any script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import Enum
from typing import Final

from schemas.article import Block, BlockKind
from transforms.extract.page.page_words import bare, is_word
from transforms.text.scripts import wide_count
from transforms.text.sentences import CLOSERS, STOPS

_CUT: Final = re.compile(r"(?:[\[(]\s*(?:…|\.{2,4})\s*[\])]|\s(?:…|\.{3,4}))[^\w.…]*$")
"""An ellipsis in brackets or behind a blank, as programs cut texts; people write theirs behind a word."""

_END_CHARS: Final = 80
_READ_ON_CHARS: Final = 60
_DOTS: Final = re.compile(r"(?:…|\.{3})$")
_BRACKETED: Final = re.compile(r"[(（\[]([^()（）\[\]]{1,40})[)）\]][.。]?$")
_END_SIGN: Final = re.compile(r"[■□▪◼◾●♦⬛]$|#\s?#\s?#$|-\s?30\s?-$")
_ADDRESS: Final = re.compile(r"://|www\.|\S@\S|\w\.(?:com|org|net)\b", re.IGNORECASE)
_STOPS: Final = STOPS.union("։።፧။។៕།॥෴")
"""All stops, also of scripts (Armenian, Ethiopic, Burmese, Khmer, Tibetan, Sinhala) that no text is divided by."""

_STOP: Final = re.compile(f"[{re.escape(''.join(sorted(_STOPS)))}]")

_PROSE_CHARS: Final = 60
_PROSE_WIDE: Final = 30
_TAIL_WORDS: Final = 2
_LONG_TAIL_WORDS: Final = 8
_SMALL_SHARE: Final = 0.6
_TAIL_WIDE: Final = 12
"""What follows the last stop of a line, if it is shorter, is a name or a credit and no sentence."""

_QUOTES: Final = ("“”", "«»", "「」", "『』")

_STOPPED_SHARE: Final = 0.8
_BRIEF_CHARS: Final = 700
"""A text of so many characters (120 words) that ends in an ellipsis may be a teaser."""

_WIDE_CHARS: Final = 2
"""What a wide letter adds to a line's length: an ideogram says as much as a word of several letters."""

_DASHES: Final = frozenset("-–—")
"""A line's last words behind one are those of whom it quotes."""

_AROUND_WORDS: Final = f"{CLOSERS},;:“„«(["
_COLONS: Final = frozenset(":：")
_HANGING: Final = ",、，،;—–-"


class TextEnd(Enum):
    """How a text ends; `OPEN` says nothing, as the end of a list, a heading or a credit."""

    CLOSED = "closed"
    SIGNED = "signed"
    NEXT_PAGE = "next_page"
    CUT = "cut"
    MID_SENTENCE = "mid_sentence"
    OPEN = "open"


def text_end(body: str, blocks: Sequence[Block] | None) -> TextEnd:
    """How a body with these blocks ends, by its last line and by how its other lines end."""
    lines = [stripped for line in body.split("\n") if (stripped := line.strip())]
    if not lines:
        return TextEnd.OPEN
    last, end = lines[-1], lines[-1][-_END_CHARS:]
    if _asks_for_next_page(last):
        return TextEnd.NEXT_PAGE
    trails_off = _DOTS.search(end.rstrip(CLOSERS)) is not None
    if _CUT.search(end) or _reads_on(last) or (trails_off and len(body) < _BRIEF_CHARS):
        return TextEnd.CUT
    if _END_SIGN.search(end) or _is_signed(last, lines):
        return TextEnd.SIGNED
    if _ends(last):
        return TextEnd.OPEN if trails_off else TextEnd.CLOSED
    kinds = [block.kind for block in blocks[-2:]] if blocks else [BlockKind.PARAGRAPH]
    is_prose = kinds[-1] in (BlockKind.PARAGRAPH, BlockKind.QUOTE)
    is_unfinished = is_prose and _follows_on(last, lines[:-1], kinds) and _breaks_off(last, lines[:-1])
    return TextEnd.MID_SENTENCE if is_unfinished else TextEnd.OPEN


def _asks_for_next_page(line: str) -> bool:
    """Whether a line says that the text goes on on another page, alone or in brackets at its end."""
    bracketed = _BRACKETED.search(line[-_END_CHARS:])
    texts = (line if len(line) <= _END_CHARS else "", bracketed[1] if bracketed else "")
    return any(is_word(bare(text), "next_page") for text in texts if text)


def _reads_on(line: str) -> bool:
    """Whether a prompt to read on stands behind an ellipsis: "… Read more"."""
    line = line[-_END_CHARS:]
    tail = line[max(line.rfind("…"), line.rfind("..."), 0) :]
    return len(line) > len(tail) <= _READ_ON_CHARS and is_word(bare(tail), "read_on")


def _ends(line: str) -> bool:
    """Whether a line ends with a stop, in any script that has one, closed or not."""
    return line.rstrip(CLOSERS)[-1:] in _STOPS


def _is_signed(last: str, lines: Sequence[str]) -> bool:
    """Whether a text ends with initials or names in brackets behind its last sentence, as desks and agencies sign."""
    signed = _BRACKETED.search(last[-_END_CHARS:])
    if signed is None or signed[0][0] == "[" or signed[1].strip().isdecimal():
        return False
    before = last[: len(last) - len(signed[0])].rstrip() or (lines[-2] if len(lines) > 1 else "")
    return _ends(before) and not _DOTS.search(before)


def _follows_on(last: str, others: Sequence[str], kinds: Sequence[str]) -> bool:
    """Whether a text's last line belongs to what is told above it. One sentence below a credit or a label is an
    invitation or a link."""
    is_headed = BlockKind.HEADING in kinds[:-1]
    return not others or is_headed or _STOP.search(last) is not None or _ends(others[-1]) or others[-1][-1] in _COLONS


def _breaks_off(line: str, others: Sequence[str]) -> bool:
    """Whether a line that ends with no stop is an unfinished sentence, of a text whose other lines have stops.

    Lists of names, addresses and credits end so too: the last word must be in small letters, where there are such, and
    behind the last stop must stand more than a name.
    """
    wide = wide_count(line)
    if len(line) + _WIDE_CHARS * wide < _PROSE_CHARS or _ADDRESS.search(line):
        return False
    stops = list(_STOP.finditer(line))
    tail = line[stops[-1].end() :] if stops else line
    if wide > _PROSE_WIDE:
        hangs = wide_count(tail) >= _TAIL_WIDE and (wide_count(line[-1]) > 0 or line[-1] in _HANGING)
    else:
        hangs = line[-1] in _HANGING or _opens_quote(line) or _is_unfinished(tail.lstrip(CLOSERS).split())
    return hangs and _uses_stops(others, bool(stops))


def _is_unfinished(words: Sequence[str]) -> bool:
    """Whether the words behind a line's last stop are a part of a sentence, and no name or credit."""
    if len(words) < _TAIL_WORDS or words[0] in _DASHES or not (_is_written(words[-1]) or words[-1].isdecimal()):
        return False
    small = sum(_is_small(word.strip(_AROUND_WORDS)) for word in words)
    return _is_small(words[-1]) or (len(words) >= _LONG_TAIL_WORDS and small >= _SMALL_SHARE * len(words))


def _opens_quote(line: str) -> bool:
    """Whether a line opens a quote that it does not close."""
    if line.count('"') % 2 and "”" not in line:
        return True
    return any(line.count(one) > line.count(other) for one, other in _QUOTES)


def _is_small(word: str) -> bool:
    """Whether a word has letters and no capital; in scripts without capitals any word."""
    return _is_written(word) and not any(map(str.isupper, word))


def _is_written(word: str) -> bool:
    """Whether a word ends with a letter, or a sign that belongs to one, as vowels do in Indian scripts."""
    return unicodedata.category(word[-1:] or " ")[0] in "LM"


def _uses_stops(others: Sequence[str], within: bool) -> bool:
    """Whether the long lines of a text end with stops; where there are none, whether there is a stop `within`."""
    long = [line for line in others if len(line) + _WIDE_CHARS * wide_count(line) >= _PROSE_CHARS]
    return sum(map(_ends, long)) >= _STOPPED_SHARE * len(long) if long else within

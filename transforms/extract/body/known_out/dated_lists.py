"""Lists of other news, each a time or "more" with a linked headline, and readers' comments, each a name and a time.

Pages laid out by tables and line breaks set them like the story, in one cell with it, so that neither element nor class
tells them apart. Their order does: the same short line, with a day or a time, again and again. A list needs three such
lines that go on with a link, or three linked headlines whose teasers end with the same link; comments need two lines,
below a label that says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.extract.body.features.block_words import reads_as_prose
from transforms.extract.page.text_blocks import TextBlock
from transforms.text.dates.month_names import is_date_word

Flags = NDArray[np.bool_]

_ENTRIES: Final = 3
_MOST_ENTRIES: Final = 20
"""A page with more of them is for them: a calendar of events."""

_COMMENTS: Final = 2
_BETWEEN: Final = 3
"""So many blocks an entry has at most below its first line."""

_LINK_CHARS: Final = 15
_LINKED: Final = 0.9
_MORE_CHARS: Final = 25
_HEAD_CHARS: Final = 400
_NAME_CHARS: Final = 60
_NAME_WORDS: Final = 4
_LABEL_CHARS: Final = 40
_LABEL_BLOCKS: Final = 3
_STAMP_WORDS: Final = 8
_STAMP_CHARS: Final = 30
_TOKEN: Final = re.compile(r"\W*(\w+)")
_CLOCK: Final = re.compile(r"(?<!\d)(?:[01]?\d|2[0-3]):[0-5]\d(?!\d)")
_DAY: Final = re.compile(
    r"(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2})(?!\d)"
)
_FIGURE: Final = re.compile(r"\d")
_FIGURES: Final = re.compile(r"\d{1,4}")
_SMALL_WORDS: Final = frozenset("at um uhr o h de г год року в am pm pm мск kl klo à a las alle ore ч ob kell".split())
_COMMENTS_LABEL: Final = re.compile(
    r"\W*(?:(?:все(?:го)?|усього|всі)\s)?(?:комментари|коментар|обсуждени|обговоренн|отзыв|мнени|комент|comments?\b"
    r"|readers?['’]? comments|kommentare?\b|leserkommentare|commentaires?\b|réactions\b|comentarios?\b|comentários?\b"
    r"|commenti\b|reacties\b|komentarz|opinie\b|dyskusja\b|σχόλια|σχολια|komentáře|diskuse\b|hozzászólás|comentarii\b"
    r"|yorumlar|评论|網友|コメント|댓글)",
    re.IGNORECASE,
)


class _Entry(NamedTuple):
    """The first and the last block of an entry's head: its time, its linked headline or its name.

    `more` is the link with which its teaser ends, if that makes it an entry.
    """

    first: int
    last: int
    more: str = ""


def dated_lists(blocks: Sequence[TextBlock], chosen: Flags) -> Flags:
    """Which of the chosen blocks are entries of such lists. Nothing where no paragraph would be left. Linear."""
    listed = np.zeros(len(blocks), dtype=np.bool_)
    inside = np.flatnonzero(chosen)
    if not inside.size:
        return listed
    begin = max(0, int(inside[0]) - _LABEL_BLOCKS)
    near = blocks[begin : int(inside[-1]) + 1]
    stamps = [_stamp_end(block.text) if len(block.text) <= _HEAD_CHARS else 0 for block in near]
    news = [*_runs(_news(near, stamps), near, _ENTRIES), *_runs(_teased(near), near, _ENTRIES)]
    if sum(map(len, news)) <= _MOST_ENTRIES:
        for run in news:
            listed[begin + run[0].first : begin + _end_of(run, near)] = True
    labels = frozenset(number for number, block in enumerate(near) if _is_label(block))
    for run in _runs(_remarks(near, stamps), near, _COMMENTS) if labels else ():
        first = run[0].first
        label = next((one for one in range(first - 1, first - 1 - _LABEL_BLOCKS, -1) if one in labels), None)
        if label is not None:
            listed[begin + label : begin + _end_of(run, near)] = True
    listed &= chosen
    if not listed.any():
        return listed
    left = np.flatnonzero(chosen & ~listed).tolist()
    return listed if any(reads_as_prose(blocks[number]) for number in left) else np.zeros_like(listed)


def _stamp_end(text: str) -> int:
    """Where the day or time ends that a text begins with; 0 if it begins with none."""
    end, has_word, has_figures = 0, False, False
    if not _FIGURE.search(text, 0, _STAMP_CHARS):
        return 0
    for token in _tokens(text):
        word = token[1]
        if _FIGURES.fullmatch(word):
            has_figures = True
        elif is_date_word(word.casefold()):
            has_word = True
        elif word.casefold() not in _SMALL_WORDS or not end:
            break
        end = token.end()
    told = text[:end]
    return end if _CLOCK.search(told) or _DAY.search(told) or (has_word and has_figures) else 0


def _tokens(text: str) -> Iterator[re.Match[str]]:
    at = 0
    for _ in range(_STAMP_WORDS):
        token = _TOKEN.match(text, at)
        if token is None:
            return
        yield token
        at = token.end()


def _news(blocks: Sequence[TextBlock], stamps: Sequence[int]) -> Iterator[_Entry]:
    """The times with a linked headline behind them, in the same block or the next."""
    for number, (block, end) in enumerate(zip(blocks, stamps, strict=True)):
        if not end:
            continue
        if len(block.text) - end > _LINK_CHARS:
            if block.link_chars >= _LINK_CHARS:
                yield _Entry(number, number)
        elif number + 1 < len(blocks) and not stamps[number + 1] and _is_headline(blocks[number + 1]):
            yield _Entry(number, number + 1)


def _teased(blocks: Sequence[TextBlock]) -> Iterator[_Entry]:
    """The linked headlines above a teaser that ends with a short link."""
    for number, (block, below) in enumerate(pairwise(blocks)):
        if _is_headline(block) and below.links == 1 and 0 < below.link_chars <= min(_MORE_CHARS, len(below.text) // 2):
            yield _Entry(number, number, below.text[-below.link_chars :].casefold())


def _is_headline(block: TextBlock) -> bool:
    return len(block.text) <= _HEAD_CHARS and block.link_chars >= max(_LINK_CHARS, _LINKED * len(block.text))


def _remarks(blocks: Sequence[TextBlock], stamps: Sequence[int]) -> Iterator[_Entry]:
    """The short lines of a name and a day or time, in either order."""
    for number, (block, end) in enumerate(zip(blocks, stamps, strict=True)):
        if len(block.text) > _NAME_CHARS or reads_as_prose(block):
            continue
        words = block.text.split()
        starts = (0,) if end else range(1, min(len(words), _NAME_WORDS + 1))
        if any(_is_all_stamp(" ".join(words[start:])) for start in starts) or (
            end and len(block.text[end:].split()) <= _NAME_WORDS
        ):
            yield _Entry(number, number)


def _is_all_stamp(text: str) -> bool:
    end = _stamp_end(text)
    return end > 0 and not re.search(r"\w", text[end:])


def _runs(entries: Iterable[_Entry], blocks: Sequence[TextBlock], least: int) -> Iterator[list[_Entry]]:
    """The entries that stand close to each other and are set alike, where there are enough."""
    run: list[_Entry] = []
    for entry in entries:
        if run:
            is_near = entry.first - run[-1].last <= _BETWEEN + 1
            if not is_near or _key(entry, blocks) != _key(run[-1], blocks):
                if len(run) >= least:
                    yield run
                run = []
        run.append(entry)
    if len(run) >= least:
        yield run


def _key(entry: _Entry, blocks: Sequence[TextBlock]) -> tuple[str, str]:
    return blocks[entry.first].place.signature, entry.more


def _end_of(run: Sequence[_Entry], blocks: Sequence[TextBlock]) -> int:
    """The number behind the last block of a run: its last entry has what the one before has, if that is set alike."""
    before, last = run[-2], run[-1]
    end = last.last + 1
    for number in range(before.last + 1, last.first):
        if end == len(blocks) or blocks[end].place.signature != blocks[number].place.signature:
            break
        end += 1
    return end


def _is_label(block: TextBlock) -> bool:
    """Whether a block is a label of comments: "Comments (3)"."""
    return len(block.text) <= _LABEL_CHARS and _COMMENTS_LABEL.match(block.text) is not None

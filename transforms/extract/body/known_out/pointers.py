"""Lines in a text that point elsewhere: a label with a link, a label with lines of links below it, a linked headline in
capitals, a linked line between arrows, or a linked file with its kind and size.

"READ MORE: …", "Lesen Sie auch" and the like. That the page links what follows is the proof: the words alone may begin
a sentence of the story.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.extract.page.text_blocks import TextBlock
from transforms.text.phrases.pointer_labels import PointerLabel, pointer_label
from transforms.text.sentences import ends_sentence

_MOST_CHARS: Final = 250
_MOST_WORDS: Final = 30
"""A longer block is a paragraph, whatever it begins with and links to."""

_LINKED: Final = 0.9
_MOST_LINKS: Final = 5
_LEAST_ARROWS: Final = 2
_LEAST_SHOUTED: Final = 4
"""Words of a headline. Of 27 such lines in 1,035 pages two were in the gold text."""
_ARROWS: Final = "> »›→►▶", "< «‹←◄◀"
"""Those that open a frame and those that close it. One on each side would be quotation marks: »…«."""
_FILE: Final = re.compile(
    r"(?:pdf|docx?|xlsx?|pptx?|odt|rtf|epub|zip)[\s,|:;(–-]{0,4}\d{1,4}(?:[.,]\d{1,2})?\s?(?:[kmg]i?b|[kmg]o|bytes)\b"
    r"|\b\d{1,4}(?:[.,]\d{1,2})?\s?(?:[kmg]i?b|[kmg]o)[\s,|:;(–-]{1,4}(?:pdf|docx?|xlsx?|pptx?|odt|rtf|epub|zip)\b",
    re.IGNORECASE,
)
"""A file's kind and size, in either order: "PDF, 38 KB"."""
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


def points_elsewhere(blocks: Sequence[TextBlock], chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which of the chosen blocks only point elsewhere. Linear in the number of blocks.

    A label alone in its block takes the few lines below along that are links and nothing else. A longer list of links
    is rather the article's own, as is a linked heading: over these the label goes only if they are not chosen. A label
    that is a link itself ("Read more") belongs to what stands above. A line in capitals that is a link and nothing else
    needs no label, unless the page writes all its text so; nor does a linked line between arrows (">>> Order now <<<"),
    or the linked title of a file with its kind and size.
    """
    pointing = np.zeros(len(blocks), dtype=np.bool_)
    inside = np.flatnonzero(chosen)
    if not inside.size:
        return pointing
    begin, end = max(0, int(inside[0]) - 1), min(len(blocks), int(inside[-1]) + 1 + _MOST_LINKS)
    shouted = [number for number in inside.tolist() if _is_shouted(blocks[number])]
    if shouted and any(not blocks[number].text.isupper() for number in inside.tolist()):
        pointing[shouted] = True
    labels = [pointer_label(block.text) if _is_line(block) else None for block in blocks[begin:end]]
    for number, label in enumerate(labels, begin):
        block = blocks[number]
        pointing[number] |= _is_framed(block) or _is_file(block)
        if label is None or label.rest:
            pointing[number] |= _leads(label, block)
        elif not block.link_chars:
            below = blocks[number + 1 : number + 2 + _MOST_LINKS]
            links = len(list(takewhile(_is_link, below)))
            if 0 < links <= _MOST_LINKS:
                pointing[number : number + 1 + links] = True
            elif below and not chosen[number + 1]:
                pointing[number] = _is_linked(below[0])
    return pointing & chosen


def _is_line(block: TextBlock) -> bool:
    return len(block.text) <= _MOST_CHARS and len(block.text.split()) <= _MOST_WORDS


def _is_link(block: TextBlock) -> bool:
    """Whether a block is one line of links and nothing else, and no heading."""
    return _is_line(block) and block.place.tag not in _HEADINGS and _is_linked(block)


def _is_shouted(block: TextBlock) -> bool:
    return block.text.isupper() and _is_link(block) and len(block.text.split()) >= _LEAST_SHOUTED


def _is_framed(block: TextBlock) -> bool:
    """Whether a linked line stands between arrows: ">>> Order now <<<"."""
    opening, closing = _ARROWS
    if not block.link_chars or not _is_line(block) or block.text[0] not in opening:
        return False
    begin, end = len(block.text.lstrip(opening)), len(block.text.rstrip(closing))
    before, behind = block.text[: len(block.text) - begin], block.text[end:]
    return min(len(before.replace(" ", "")), len(behind.replace(" ", ""))) >= _LEAST_ARROWS


def _is_file(block: TextBlock) -> bool:
    """Whether a block is a linked file: all that stands before its kind and size is the link."""
    if not block.link_chars or not _is_line(block) or ends_sentence(block.text):
        return False
    told = _FILE.search(block.text)
    title = block.text[: told.start()].rstrip(" (|,:–-") if told is not None else ""
    return title != "" and block.link_chars >= _LINKED * len(title)


def _is_linked(block: TextBlock) -> bool:
    return block.link_chars >= _LINKED * len(block.text)


def _leads(label: PointerLabel | None, block: TextBlock) -> bool:
    """Whether what follows the label that a block begins with is linked.

    Words that a story uses as well must stand apart from it, by a colon or in capitals; so must a single word, by a
    colon or outside of the link. In a heading only a colon counts: "Related work". Where a script has no spaces, the
    end of the label is that of the words outside of the link (its `label` is None).
    """
    if not block.link_chars or not _is_line(block):
        return False
    outside = pointer_label(block.text[: len(block.text) - block.link_chars])
    is_outside = outside is not None and not outside.rest and outside.is_reading
    if label is None or block.link_chars < _LINKED * len(label.rest):
        return is_outside
    if label.parting or block.place.tag in _HEADINGS:
        return bool(label.parting)
    return is_outside or (label.words > 1 and (label.is_reading or label.stands_out))

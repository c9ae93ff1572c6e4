"""The seed: trafilatura's text of a page, and which of the page's blocks it covers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import trafilatura
from lxml.html import HtmlElement
from numpy.typing import NDArray

from transforms.extract.body.features.block_words import reads_as_prose
from transforms.extract.body.for_trafilatura import for_trafilatura, joiners_back
from transforms.extract.library import library_call
from transforms.extract.page.text_blocks import TextBlock

Floats = NDArray[np.float32]

COVERED = 0.5
"""A block of which so much stands in a text stands in it."""

TRUSTED_MAPPED = 0.7
"""A text of which less is found in the page's blocks comes from elsewhere: a script, or an element that is no text."""

_BRIEF_CHARS = 600
_SHORT_CHARS = 25
"""A shorter text may stand anywhere by chance, so it is looked for only close behind the last one found."""
_NEAR_CHARS = 400
_LEAST_CHARS = 4
_WINDOW_CHARS = 15


class Seed(NamedTuple):
    """A text of a page, the share of each block's characters that stand in it, and the share of it found in blocks."""

    text: str
    coverage: Floats
    mapped: float


def fast_seed(tree: HtmlElement, url: str, blocks: Sequence[TextBlock]) -> Seed:
    """Trafilatura's text of the page with these blocks by its fast mode, without comments and metadata. The tree stays
    as it is. Raises LibraryError for whatever trafilatura raises."""
    return seed_of(blocks, _trafilatura(tree, url, fast=True))


def slow_seed(tree: HtmlElement, url: str, blocks: Sequence[TextBlock]) -> Seed:
    """The same by its default mode, which compares with other extractors."""
    return seed_of(blocks, _trafilatura(tree, url, fast=False))


def is_trusted(seed: Seed, blocks: Sequence[TextBlock]) -> bool:
    """Whether a text is of some length and covers most of what reads as prose on the page, and nothing from elsewhere:
    then the default mode would not give another one."""
    if len(seed.text) < _BRIEF_CHARS or seed.mapped < TRUSTED_MAPPED:
        return False
    prose = np.array([len(block.text) if reads_as_prose(block) else 0 for block in blocks])
    return bool(2 * (prose * (seed.coverage >= COVERED)).sum() >= prose.sum())


def seed_of(blocks: Sequence[TextBlock], text: str) -> Seed:
    """A text as the seed of these blocks."""
    return Seed(text, *coverage([block.text for block in blocks], text))


def _trafilatura(tree: HtmlElement, url: str, *, fast: bool) -> str:
    readable, options = for_trafilatura(tree), {"include_comments": False, "with_metadata": False}
    with library_call("trafilatura"):  # it works on a copy of the tree
        document = trafilatura.bare_extraction(readable, url=url, fast=fast, **options)
    return joiners_back((document.text or "").strip()) if document is not None else ""


def coverage(texts: Sequence[str], seed: str) -> tuple[Floats, float]:
    """The share of each text that `seed` covers, and of the seed that was found. The texts stand in page order.

    White space does not count, nor do the signs that extractors put before list items and between table cells, nor
    signs that are not printed, which they drop. A text that is not there as a whole is looked for in windows of 15
    characters: extractors cut links and notes out of a paragraph. Linear in the number of texts, each searched by C
    code.
    """
    lines = [_squeezed(line.removeprefix("- ")) for line in seed.split("\n")]
    known = frozenset(lines)
    whole = "\n".join(filter(None, lines))
    total = len(whole) - whole.count("\n")
    shares = np.zeros(len(texts), dtype=np.float32)
    found, cursor = 0.0, 0
    for number, text in enumerate(texts):
        sought = _squeezed(text)
        if not sought:
            continue
        at = _found_at(whole, sought, cursor, sought in known)
        if at >= 0:
            shares[number] = 1.0
            cursor = max(cursor, at + len(sought))
        elif sought in known:
            shares[number] = 0.5  # a short line that stands in the text, but somewhere else
        elif len(sought) >= 2 * _WINDOW_CHARS:
            shares[number] = _windows_found(whole, sought)
        found += float(shares[number]) * len(sought)
    return shares, min(1.0, found / total) if total else 0.0


def _squeezed(text: str) -> str:
    squeezed = "".join(text.replace("|", "").split())
    return squeezed if squeezed.isprintable() else "".join(filter(str.isprintable, squeezed))


def _found_at(whole: str, sought: str, cursor: int, is_line: bool) -> int:
    if len(sought) >= _SHORT_CHARS:
        at = whole.find(sought, cursor)
        return at if at >= 0 else whole.find(sought)
    if is_line:
        return whole.find(sought, cursor)
    return whole.find(sought, cursor, cursor + _NEAR_CHARS + len(sought)) if len(sought) >= _LEAST_CHARS else -1


def _windows_found(whole: str, sought: str) -> float:
    windows = range(0, len(sought) - _WINDOW_CHARS + 1, _WINDOW_CHARS)
    return sum(sought[start : start + _WINDOW_CHARS] in whole for start in windows) / len(windows)

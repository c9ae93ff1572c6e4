"""Features of a whole page that tell its markup's age, the same for all of its blocks.

On pages laid out by tables and line breaks, without classes, another order of blocks means another thing than on pages
of today. No year is read: what counts is the share of the text that stands so, and what the page's head states.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from transforms.extract.body.features.block_table import Floats, Measures
from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.page.text_blocks import CELLS, Place, TextBlock, inherited

PAGE_AGE_NAMES: Final = ("page_in_cells", "page_after_breaks", "page_unnamed", "page_in_new_elements", "page_shared")

_NEW: Final = frozenset(("article", "aside", "figcaption", "figure", "footer", "header", "main", "nav", "section"))
"""Elements that HTML 5 brought."""

_FOR_SHARING: Final = ("og:", "twitter:", "article:")
"""How the names of meta elements begin that are there for those who share a page (since 2010)."""


_IN_CELL: Final = 1
_IN_NEW: Final = 2
"""What a place may be in, as bits: a cell of a table, an element that HTML 5 brought."""


def page_age(blocks: Sequence[TextBlock], page: Measures, facts: PageFacts) -> Floats:
    """A value for each of `PAGE_AGE_NAMES`: the shares of the page's text (0 to 1) in cells of tables, behind line
    breaks, in places without class or id of their own or next around them, and in elements that HTML 5 brought; and
    the logarithm of one more than the names of its meta elements for those who share it, with one for JSON-LD."""
    known: dict[int, int] = {}
    around = np.array([inherited(place, known, 0, _entered) for place in page.places], dtype=np.intp)
    unnamed = [not (place.names or holder.names) for place, holder in zip(page.places, page.holders, strict=True)]
    flags = np.array([
        (around & _IN_CELL) > 0,
        [block.after_break for block in blocks],
        unnamed,
        (around & _IN_NEW) > 0,
    ], dtype=np.float32)  # fmt: skip
    shares = flags @ page.size / max(1.0, float(page.size.sum()))
    shared = sum(name.startswith(_FOR_SHARING) for name in facts.meta) + bool(facts.structured)
    return np.append(shares, np.log1p(shared)).astype(np.float32)


def _entered(place: Place, outside: int) -> int:
    if place.tag in CELLS:
        return outside | _IN_CELL
    return outside | _IN_NEW if place.tag in _NEW else outside

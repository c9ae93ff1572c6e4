"""Features of a whole page that tell its markup's age, the same for all of its blocks.

On pages laid out by tables and line breaks, without classes, another order of blocks means another thing than on pages
of today. No year is read: what counts is the share of the text that stands so, and what the page's head states.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from transforms.extract.body.features.block_table import Floats, Measures
from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.page.text_blocks import Place, TextBlock, inherited

PAGE_AGE_NAMES: Final = ("page_in_cells", "page_after_breaks", "page_unnamed", "page_in_new_elements", "page_shared")

_CELLS: Final = frozenset(("td", "th"))
_NEW: Final = frozenset(("article", "aside", "figcaption", "figure", "footer", "header", "main", "nav", "section"))
"""Elements that HTML 5 brought."""

_FOR_SHARING: Final = ("og:", "twitter:", "article:")
"""How the names of meta elements begin that are there for those who share a page (since 2010)."""


class _Around(NamedTuple):
    """Whether a place is in a cell of a table, and in an element that HTML 5 brought."""

    cell: bool = False
    new: bool = False


def page_age(blocks: Sequence[TextBlock], page: Measures, facts: PageFacts) -> Floats:
    """A value for each of `PAGE_AGE_NAMES`: the shares of the page's text (0 to 1) in cells of tables, behind line
    breaks, in places without class or id of their own or next around them, and in elements that HTML 5 brought; and
    the logarithm of one more than the names of its meta elements for those who share it, with one for JSON-LD."""
    known: dict[int, _Around] = {}
    around = [inherited(block.place, known, _Around(), _entered) for block in blocks]
    unnamed = [not (place.names or holder.names) for place, holder in zip(page.places, page.holders, strict=True)]
    flags = np.array([
        [one.cell for one in around],
        [block.after_break for block in blocks],
        unnamed,
        [one.new for one in around],
    ], dtype=np.float32)  # fmt: skip
    shares = flags @ page.size / max(1.0, float(page.size.sum()))
    shared = sum(name.startswith(_FOR_SHARING) for name in facts.meta) + bool(facts.structured)
    return np.append(shares, np.log1p(shared)).astype(np.float32)


def _entered(place: Place, outside: _Around) -> _Around:
    if place.tag in _CELLS:
        return outside._replace(cell=True)
    return outside._replace(new=True) if place.tag in _NEW else outside

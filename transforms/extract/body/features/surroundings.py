"""Features of a text block that come from what stands above and around it: the headline, labels, stamps, prose.

A story begins behind its headline; a reader's comment stands behind a label such as "12 comments", between names and
times; a teaser of another story behind "Read more". Which words say so depends on the language, the order does not.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.extract.body.features.block_groups import GROUPS
from transforms.extract.body.features.block_table import Measures, Numbers, Table
from transforms.extract.body.features.block_words import OWN_NAMES, TEXT_CLASSES, Columns

Flags = NDArray[np.bool_]

_LABEL_WORDS: Final = 10
_STAMP_CHARS: Final = 80
_STAMP_DIGITS: Final = 4
_PROSE_CHARS: Final = 80
_AROUND: Final = 3
_FAR: Final = 40
_HEADLINE: Final = 0.6
_COLUMN: Final = {name: number for number, name in enumerate(OWN_NAMES)}
_LABELS: Final = [_COLUMN[f"text_{name}"] for name in TEXT_CLASSES]


def add_surroundings(table: Table, own: Columns, page: Measures, groups: Numbers) -> None:
    """Add where each block of the table's window stands among these. `own` are the blocks' columns by `OWN_NAMES`,
    `page` has the measures of all blocks of the page, `groups` the numbers of their groups (kinds × blocks)."""
    size, length, stops = page.size[table.window], page.length[table.window], page.stops[table.window]
    words, links, heading = (own[_COLUMN[name]] for name in ("words", "link_share", "heading"))
    labels = (own[_LABELS] > 0) & (words <= _LABEL_WORDS)
    stamps = (length <= _STAMP_CHARS) & (own[_COLUMN["digits"]] * length >= _STAMP_DIGITS)
    prose = (size >= _PROSE_CHARS) & (stops > 0) & (3 * links < 1)
    told = np.where(prose, size, 0.0)
    flags = np.concatenate((labels, stamps[None]))
    names = [*TEXT_CLASSES, "stamp"]
    table.add_judged([f"since_{name}" for name in names], _since(flags))
    table.add_judged([f"near_{name}" for name in names], _near(flags))
    table.add_judged([f"above_{name}s" for name in names], np.cumsum(flags, axis=1) - flags)
    table.add_judged([f"{name}_stamps" for name in GROUPS], _shares(groups[:, table.window], stamps))
    table.add_judged(
        ("since_prose", "until_prose", "prose_above", "prose_below"),
        np.concatenate((
            _since(prose[None]),
            _since(prose[None, ::-1])[:, ::-1],
            np.log1p(np.cumsum(told) - told)[None],
            np.log1p(told.sum() - np.cumsum(told))[None],
        )),
    )  # fmt: skip
    names_it = np.minimum(own[_COLUMN["in_headline"]], own[_COLUMN["of_headline"]])
    _add_headline(table, names_it, heading, told)


def _since(flags: Flags) -> Columns:
    """How many blocks stand between each block and the last one above it with a flag, at most _FAR."""
    count = flags.shape[1]
    numbers = np.arange(count)
    last = np.maximum.accumulate(np.where(flags, numbers, -_FAR), axis=1)
    above = np.concatenate((np.full((len(flags), 1), -_FAR), last[:, :-1]), axis=1)
    since: Columns = np.minimum(numbers - above, _FAR).astype(np.float64)
    return since


def _shares(groups: Numbers, flags: Flags) -> Columns:
    """The share of each block's group of each kind that has a flag: of a thread of comments, every second block is a
    time or a name."""
    every = groups.ravel()
    count, found = np.bincount(every), np.bincount(every, np.broadcast_to(flags, groups.shape).ravel())
    shares: Columns = found[groups] / count[groups]
    return shares


def _near(flags: Flags) -> Columns:
    """How many of the blocks around each have a flag."""
    count = flags.shape[1]
    total = np.zeros((len(flags), count + 1))
    np.cumsum(flags, axis=1, out=total[:, 1:])
    numbers = np.arange(count)
    first, last = np.maximum(numbers - _AROUND, 0), np.minimum(numbers + _AROUND + 1, count)
    near: Columns = total[:, last] - total[:, first] - flags
    return near


def _add_headline(table: Table, names_it: Columns, heading: Columns, told: Columns) -> None:
    """Add how far behind the page's headline each block stands, in blocks and in characters of prose."""
    likely = np.where(names_it >= _HEADLINE, 1.0 + ((heading > 0) & (heading <= 3)), 0.0)
    place = int(likely.argmax())
    numbers = np.arange(len(likely))
    before = np.cumsum(told) - told
    is_there = likely[place] > 0
    table.add_judged(
        ("after_headline", "prose_after_headline", "headline_found"),
        np.stack((
            np.clip(numbers - place, -_FAR, 2 * _FAR) if is_there else np.full(len(likely), -2 * _FAR),
            np.log1p(np.maximum(before - before[place], 0.0)) if is_there else np.full(len(likely), -1.0),
            np.full(len(likely), likely[place]),
        )),
    )  # fmt: skip

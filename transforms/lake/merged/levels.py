"""Decides which parts of a table of the state are merged, so that they stay few and a row is seldom written again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from schemas.fingerprint import FINGERPRINTS
from schemas.state import SEEN
from schemas.story import STORIES

MOST_SMALL: Final = 8
"""With this many small parts, those of single runs, they are merged. A look-up reads each of them whole …"""

SMALL_BYTES: Final = 1 << 25
"""… and so they are merged before that, when they are 32 MiB together."""


class Limits(NamedTuple):
    """How the merged parts of a table grow.

    A part is merged with all that are newer when it is at most `share` times as large as these together, and becomes
    no larger than `most_bytes`, so that merging takes some seconds at a time.
    """

    share: float = 1.0
    most_bytes: float = float("inf")


_OF_TABLES: Final = {
    SEEN.name: Limits(share=4.0, most_bytes=float("inf")),
    FINGERPRINTS.name: Limits(most_bytes=1 << 29),
    STORIES.name: Limits(most_bytes=1 << 25),
}
"""All of `seen` is merged each time that it has grown by a quarter, because merging is where old rows are dropped. A
part of fingerprints holds up to 300,000 articles; one of stories 60,000, because its index is made in memory (0.4 GB)
and a run looks only at the days around its articles."""


def limits_of(table: str) -> Limits:
    """The limits of a table, by its name."""
    return _OF_TABLES.get(table, Limits())


def is_due(small: Sequence[int], most_small: int = MOST_SMALL) -> bool:
    """Whether small parts of these sizes in bytes are to be merged."""
    return len(small) >= most_small or (len(small) > 1 and sum(small) >= SMALL_BYTES)


def merged_with(small_bytes: int, merged: Sequence[int], limits: Limits) -> int:
    """How many of the merged parts, whose sizes are given from the oldest on, the small ones are merged with.

    They are the newest ones, so that each merged part holds all rows from one run to another: those from the oldest on
    that is at most `share` times as large as all newer ones together, or none. So with `share` 1 each part that stays
    is larger than all newer ones together: n rows are in about log2(n) parts, and a row is written again about log2(n)
    times, as in a binary counter; then it is in a part of at least half of `most_bytes`.
    """
    together, count = small_bytes, 0
    for number, size in enumerate(reversed(merged), 1):
        if together + size > limits.most_bytes:
            break
        if size <= limits.share * together:
            count = number
        together += size
    return count

"""What a rebuild has made of its pages, before it is written: its sums, and why rows go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.run.rebuild.decide_range import DecidedRange
from schemas.failure import Failure
from transforms.lake.accounts import AccountsError
from transforms.lake.editions.rebuild.history import KeptHistory
from transforms.lake.editions.rebuild.range import Days, RebuildRange

COUNTS: Final = (
    "pages",
    "pages_failed",
    "pages_elsewhere",
    "articles",
    "same",
    "changed",
    "new",
    "gone",
    "kept_without_page",
    "kept_after_an_accident",
    "failures_mended",
)
"""What is counted of every rebuild; there are more for what changed, and why rows are gone."""

FOR_EVER_US: Final = 1 << 62
"""Later than all instants, in microseconds."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a rebuild has made of its pages, before it is written.

    `rows` are the articles that the lake has, `failed` the pages that gave none, `stay` the pages whose articles stay
    as they are, because something of ours failed.
    """

    rows: pa.Table
    failed: Mapping[str, Failure]
    stay: AbstractSet[str]
    decided: DecidedRange
    histories: Sequence[KeptHistory]
    days: Days
    """From the first day with pages."""


def ids_of(page_ids: Iterable[str]) -> pa.Array:
    """Ids of pages as an Arrow array, in order."""
    return pa.array(sorted(page_ids), pa.string())


def check_sum(of: RebuildRange, failed: Mapping[str, Failure], decided: DecidedRange) -> None:
    """Raise AccountsError unless each page has ended in exactly one way."""
    ends = decided.rows.num_rows, len(decided.ended), len(decided.lost), len(failed)
    if len(of.pages) != sum(ends):
        raise AccountsError(
            f"the rebuild does not add up: of {len(of.pages)} pages {ends[0]} are articles, {ends[1]} unchanged or "
            f"another page's article, {ends[2]} lost and {ends[3]} failures"
        )


def reasons_of(old: pa.Table, made: Made) -> dict[str, str]:
    """Why rows go, by page id."""
    rebuilt = frozenset(made.decided.rows.column("page_id").to_pylist())
    gone = (one for one in old.column("page_id").to_pylist() if one not in rebuilt)
    return {one: made.decided.ended.get(one) or made.failed[one].reason for one in gone}


def counts_of(of: RebuildRange, made: Made) -> dict[str, int]:
    """How many pages there are, what they ended in, and how many rows stay that no page was built for."""
    rows = made.rows.column("page_id")
    until = pc.less_equal(made.rows.column("fetched_at").cast(pa.int64()), made.days.until_us or FOR_EVER_US)
    without = pc.and_(until, pc.invert(pc.is_in(rows, value_set=ids_of(of.pages))))
    return {
        "pages": len(of.pages),
        "pages_elsewhere": of.elsewhere,
        "pages_failed": len(made.failed),
        **Counter(f"pages_failed_{failure.reason}" for failure in made.failed.values()),
        "articles": made.decided.rows.num_rows,
        "kept_without_page": pc.sum(without).as_py() or 0,
        "kept_after_an_accident": len(made.stay),
    }

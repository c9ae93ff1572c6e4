"""The articles that a dataset holds: wanted, in their newest revision, not withdrawn, without objections, each text
once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.dataset.newest import Revisions, row_keys
from transforms.dataset.objections import Objection, objections_in
from transforms.dataset.one_of_copies import OneOfCopies
from transforms.dataset.wanted import Mask, Wanted

SHORT: Final = (
    "article_id",
    "run_id",
    "revision",
    "canonical_url",
    "publisher_domain",
    "in_language",
    "countries",
    "topic",
    "page_kind",
    "word_count",
    "date_published",
    "fetched_at",
    "relation",
    "cluster_id",
    "duplicate_of",
    "usage_directives",
)
"""The columns by which articles are chosen: short, beside the text."""


class LeftOut(StrEnum):
    """Why an article of the days asked for is left out; the first reason counts."""

    OLDER = "older_revision"
    NOT_WANTED = "not_wanted"
    WITHDRAWN = "withdrawn"
    OBJECTS = "objects"
    COPY = "copy"


@dataclass(slots=True)
class Sums:
    """How many rows were read, and left out by reason; and those of withdrawn articles, and those that object, by kind,
    also where they are kept. An article may object in several ways."""

    read: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    objections: Counter[str] = field(default_factory=Counter)
    objecting: int = 0
    withdrawn: int = 0


@dataclass(frozen=True, slots=True)
class Chooser:
    """Chooses among the rows of days that are wanted.

    `revisions` are those of the whole lake; of a withdrawn article all are left out. `copies` says which copies are
    left out (None: none).
    """

    wanted: Wanted
    revisions: Revisions
    all_revisions: bool = False
    keeps_withdrawn: bool = False
    honours_objections: bool = True
    copies: OneOfCopies | None = None

    def among(self, rows: pa.Table, sums: Sums) -> Mask:
        """Which rows are chosen; all are counted."""
        sums.read += rows.num_rows
        chosen = np.ones(rows.num_rows, np.bool_)

        def leave_out(why: LeftOut, left_out: Mask) -> None:
            sums.left_out[why] += int(np.count_nonzero(chosen & left_out))
            np.logical_and(chosen, ~left_out, out=chosen)

        if not self.all_revisions:
            leave_out(LeftOut.OLDER, np.asarray(pc.is_in(row_keys(rows.column), self.revisions.older), dtype=np.bool_))
        leave_out(LeftOut.NOT_WANTED, ~self.wanted.among(rows))
        withdrawn = np.asarray(pc.is_in(rows.column("article_id"), self.revisions.withdrawn), dtype=np.bool_)
        sums.withdrawn += int(np.count_nonzero(chosen & withdrawn))
        if not self.keeps_withdrawn:
            leave_out(LeftOut.WITHDRAWN, withdrawn)
        objections = [objections_in(some) for some in rows.column("usage_directives").to_pylist()]
        sums.objections += _by_kind(objections, chosen)
        objects = np.array([bool(some) for some in objections], np.bool_)
        sums.objecting += int(np.count_nonzero(chosen & objects))
        if self.honours_objections:
            leave_out(LeftOut.OBJECTS, objects)
        if self.copies is not None:
            leave_out(LeftOut.COPY, self.copies.are_left_out(rows))
        return chosen


def _by_kind(objections: list[frozenset[Objection]], chosen: Mask) -> Counter[str]:
    return Counter(kind.value for place in np.flatnonzero(chosen).tolist() for kind in objections[place])

"""What was decided of each row, in arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

import numpy as np
import pyarrow as pa

from pipelines.commands.dedupe.rows_read import RowsRead
from pipelines.commands.dedupe.scratch_texts import ScratchTexts
from transforms.compare.copies.mark_copies import mark_copies
from transforms.compare.copies.stored.history import ListedHistory
from transforms.compare.copies.verdict import Outcome, Relation, Verdict
from transforms.compare.rounds import ONE_ROUND, PageRound, Rounds
from transforms.texts.text_row import Marks

_RELATIONS: Final = tuple(Relation)
_NOBODY: Final = -1


class Decided:
    """The relation of each row, the rows that it is a copy of and that name its cluster, and its similarity."""

    def __init__(self, read: RowsRead, texts: ScratchTexts) -> None:
        rounds = _rounds(read) if read.has_repeated_urls else ONE_ROUND
        self._read = read
        self._names = read.names()
        self._relation = np.zeros(read.count, np.uint8)
        self._of = np.full(read.count, _NOBODY, np.int64)
        self._cluster = np.full(read.count, _NOBODY, np.int64)
        self._similarity = np.full(read.count, np.nan)
        self._fill(mark_copies(texts, ListedHistory(), rounds))

    def _fill(self, verdicts: Iterable[Verdict]) -> None:
        """Take verdicts over. Articles with several rows are known by their first one in time."""
        verdicts = list(verdicts)
        firsts = {one.article_id: one for one in verdicts if one.outcome == Outcome.ARTICLE and one.revision == 1}

        def row_of(article_id: str) -> int:
            return int(firsts[article_id].page_id)

        for one in verdicts:
            row, first = int(one.page_id), firsts[one.article_id]
            is_again = one.outcome != Outcome.ARTICLE  # the same words as the revision before
            relation = Relation.EXACT if is_again else Relation(one.relation or Relation.ORIGINAL)
            of = one.article_id if is_again else one.duplicate_of
            self._relation[row] = 1 + _RELATIONS.index(relation)
            self._of[row] = _NOBODY if of is None else row_of(of)
            self._cluster[row] = row_of(one.cluster_id or first.cluster_id or one.article_id)
            if is_again or one.similarity is not None:
                self._similarity[row] = 1.0 if is_again else one.similarity

    def marks(self, start: int, rows: int) -> Marks:
        """The marks of some rows, counted over all files."""
        here = slice(start, start + rows)
        relations = pa.array([None, *map(str, _RELATIONS)], pa.string()).take(pa.array(self._relation[here]))
        similarity = self._similarity[here]
        numbers = None if self._names is not None else pa.array(np.arange(start, start + rows))
        return Marks(
            cluster_id=self._named(self._cluster[here]),
            relation=relations,
            duplicate_of=self._named(self._of[here]),
            similarity=pa.array(similarity, mask=np.isnan(similarity)),
            not_compared=self._read.reasons(start, rows),
            row_number=numbers,
        )

    def by_relation(self) -> Counter[str]:
        """How many rows have each relation."""
        counts = np.bincount(self._relation, minlength=len(_RELATIONS) + 1)[1:]
        return Counter({str(one): int(count) for one, count in zip(_RELATIONS, counts, strict=True) if count})

    def clusters(self) -> int:
        """How many clusters have more than one row."""
        _, sizes = np.unique(self._cluster[self._cluster != _NOBODY], return_counts=True)
        return int(np.count_nonzero(sizes > 1))

    def _named(self, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pa.Array:
        """The names of rows: their ids, or where rows have none, their numbers."""
        numbers = pa.array(rows, mask=rows == _NOBODY)
        if self._names is None:
            return numbers
        named = self._names.take(numbers)
        return named.combine_chunks() if isinstance(named, pa.ChunkedArray) else named


def _rounds(read: RowsRead) -> Rounds:
    """Each row comes after those with an earlier date, and of one date after those before it: a later row of one
    address is a revision of the earlier one, as a later capture of a page is."""
    ranks = read.in_order_of_time().tolist()
    return Rounds({f"{row:012d}": PageRound(rank) for row, rank in enumerate(ranks)})

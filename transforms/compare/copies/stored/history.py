"""The fingerprints of earlier runs, as copy detection asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from schemas.fingerprint import Fingerprint
from transforms.compare.copies.candidates import Postings, postings_of
from transforms.compare.copies.stored.key_filter import passing

KeyFilter = NDArray[np.bool_]


class History(Protocol):
    """Committed fingerprints within the horizon. Can be pickled; opens nothing before its first call in a worker.

    Answers depend only on what is committed, so all workers of a run get the same answer.
    """

    def parts(self) -> Sequence[str]:
        """Names of the parts that `scan` reads; each article revision is in one of them."""
        ...

    def scan(self, part: str, key_filter: KeyFilter) -> Iterable[Postings]:
        """A part's index entries whose keys pass the filter (`key_filter.passing`), one piece of the part at a time.

        May include former revisions of an article.
        """
        ...

    def by_article(self, article_ids: Sequence[str], with_shingles: bool = True) -> Iterable[Fingerprint]:
        """The latest revision of each of these articles that is known, `cluster_id` set. Ids must be distinct, sorted.

        Without `with_shingles` the fingerprints may lack keys and shingles.
        """
        ...


class ListedHistory:
    """A history in memory, for tests, benchmarks and (empty) first runs. Fingerprints are given oldest first."""

    def __init__(self, fingerprints: Iterable[Fingerprint] = ()) -> None:
        latest: dict[str, Fingerprint] = {}
        for one in fingerprints:
            if one.article_id not in latest or latest[one.article_id].revision < one.revision:
                latest[one.article_id] = one
        self._latest = latest

    def parts(self) -> Sequence[str]:
        """See `History`."""
        return ("memory",) if self._latest else ()

    def scan(self, part: str, key_filter: KeyFilter) -> Iterable[Postings]:
        """See `History`."""
        yield chosen(postings_of(list(self._latest.values())), key_filter)

    def by_article(self, article_ids: Sequence[str], with_shingles: bool = True) -> Iterable[Fingerprint]:
        """See `History`."""
        return [self._latest[article_id] for article_id in article_ids if article_id in self._latest]


def chosen(postings: Postings, key_filter: KeyFilter) -> Postings:
    """The entries whose keys pass the filter, with only the articles that they name."""
    hits = passing(postings.keys, key_filter)
    present, owners = np.unique(postings.owners[hits], return_inverse=True)
    ids = tuple(postings.article_ids[owner] for owner in present)
    return Postings(postings.keys[hits], owners, ids, postings.word_counts[present])

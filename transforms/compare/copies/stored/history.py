"""The fingerprints of earlier runs, as copy detection asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np

from schemas.fingerprint import Fingerprint
from transforms.compare.copies.candidates import Postings, postings_of
from transforms.compare.copies.stored.key_filter import Wanted


class History(Protocol):
    """Committed fingerprints within the horizon. Can be pickled; opens nothing before its first call in a worker.

    Answers depend only on what is committed, so all workers of a run get the same answer.
    """

    def parts(self) -> Sequence[str]:
        """Names of the parts that `sharing` reads; each article revision is in one of them."""
        ...

    def sharing(self, part: str, wanted: Wanted) -> Iterable[Postings]:
        """A part's index entries whose keys are wanted; may include former revisions of an article."""
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

    def sharing(self, part: str, wanted: Wanted) -> Iterable[Postings]:
        """See `History`."""
        yield chosen(postings_of(list(self._latest.values())), wanted)

    def by_article(self, article_ids: Sequence[str], with_shingles: bool = True) -> Iterable[Fingerprint]:
        """See `History`."""
        return [self._latest[article_id] for article_id in article_ids if article_id in self._latest]


def chosen(postings: Postings, wanted: Wanted) -> Postings:
    """The entries whose keys are wanted, with only the articles that they name."""
    hits = wanted.places_in(postings.keys)
    present, owners = np.unique(postings.owners[hits], return_inverse=True)
    ids = tuple(postings.article_ids[owner] for owner in present)
    return Postings(postings.keys[hits], owners, ids, postings.word_counts[present])

"""What earlier runs left to compare with, as this room asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from schemas.fingerprint import Fingerprint
from transforms.compare.copies.candidates import Postings, postings_of
from transforms.compare.copies.key_filter import passing

KeyFilter = NDArray[np.bool_]


class History(Protocol):
    """Committed fingerprints within the horizon. Picklable; opens nothing before its first call in a worker.

    Answers depend on what is committed and on nothing else: the same question gives the same answer in every worker of
    a run.
    """

    def parts(self) -> Sequence[str]:
        """Names of the parts that `scan` reads, each article revision in one of them."""
        ...

    def scan(self, part: str, key_filter: KeyFilter) -> Iterable[Postings]:
        """Index entries of a part whose keys pass the filter (`key_filter.passing`), a piece of the part at a time.

        May give former revisions of an article, too.
        """
        ...

    def by_article(self, article_ids: Sequence[str], with_shingles: bool = True) -> Iterable[Fingerprint]:
        """The latest revision of each of these articles that is known, `cluster_id` set. Ids are distinct, sorted.

        Without shingles, that field may be empty.
        """
        ...


class ListedHistory:
    """A history of fingerprints held in memory, oldest first: for tests, benchmarks, and (empty) for first runs."""

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
    """The entries that pass, with no more articles than they need."""
    hits = passing(postings.keys, key_filter)
    present, owners = np.unique(postings.owners[hits], return_inverse=True)
    ids = tuple(postings.article_ids[owner] for owner in present)
    return Postings(postings.keys[hits], owners, ids, postings.word_counts[present])

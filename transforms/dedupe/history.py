"""What earlier runs left to compare with, as this room asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np

from schemas.fingerprint import Fingerprint
from transforms.dedupe.candidates import Postings, postings_of
from transforms.text.shingles import Hashes


class History(Protocol):
    """Committed fingerprints within the horizon. Picklable; opens nothing before its first call in a worker.

    Both answers depend on what is committed and on nothing else: the same question gives the same answer in every
    worker of a run.
    """

    def by_article(self, article_ids: Sequence[str], with_shingles: bool = True) -> Iterable[Fingerprint]:
        """The latest revision of each of these articles that is known, `cluster_id` set. Ids are distinct, sorted.

        Without shingles, that field may be empty.
        """
        ...

    def by_keys(self, keys: Hashes) -> Postings:
        """Index entries of the stored articles that have any of these keys.

        `keys` are distinct, ascending, and lie in one shard, a range of the key space (`candidates.shards_of`): an
        index sorted by key answers with a slice. Asked once for each shard of a run. May answer with more (other
        keys, former revisions), and with less for a key that more than `candidates.HEADS` articles have: its
        longest, ties in the order of their ids.
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
        self._postings = postings_of(list(latest.values()))

    def by_article(self, article_ids: Sequence[str], with_shingles: bool = True) -> Iterable[Fingerprint]:
        """See `History`."""
        return [self._latest[article_id] for article_id in article_ids if article_id in self._latest]

    def by_keys(self, keys: Hashes) -> Postings:
        """See `History`."""
        everything = self._postings
        hits = np.isin(everything.keys, keys)
        present, owners = np.unique(everything.owners[hits], return_inverse=True)
        ids = tuple(everything.article_ids[owner] for owner in present)
        return Postings(everything.keys[hits], owners, ids, everything.word_counts[present])

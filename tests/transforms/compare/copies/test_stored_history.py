"""The history in Parquet parts answers as one held in memory does."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from schemas.fingerprint import FINGERPRINTS
from schemas.run import new_run_id
from tests.transforms.compare.copies.texts import NOON_US, fingerprint, part, story
from transforms.compare.copies.candidates import joined
from transforms.compare.copies.fingerprint import from_bytes
from transforms.compare.copies.stored.history import ListedHistory
from transforms.compare.copies.stored.key_filter import filter_of, opened, passing
from transforms.compare.copies.stored.stored_history import StoredHistory
from transforms.lake.files.parts import PartReader, PartWriter
from transforms.lake.files.storage import Storage

OLD = [replace(fingerprint(f"a{number:04}", story(number, 60)), cluster_id=f"a{number:04}") for number in range(1_200)]
NEWER = [replace(fingerprint("a0007", story(5_000, 60)), revision=2, cluster_id="a0007"), replace(OLD[3], revision=1)]


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> StoredHistory:
    storage = Storage(str(tmp_path_factory.mktemp("lake")))
    parts = [
        PartWriter(storage, new_run_id(NOON_US + number, None)).write(FINGERPRINTS, rows, "00000").path
        for number, rows in enumerate((OLD[:700], OLD[700:], NEWER))
    ]
    return StoredHistory(PartReader(storage), parts)


def test_the_latest_revision_of_known_articles_is_found_and_unknown_ones_are_not(stored: StoredHistory) -> None:
    ids = ["a0000", "a0007", "a0699", "a0700", "a1199", "nobody"]
    listed = ListedHistory([*OLD, *NEWER])
    assert list(stored.by_article(ids)) == list(listed.by_article(ids))
    assert [one.revision for one in stored.by_article(["a0007"])] == [2]
    assert list(stored.by_article([])) == []


def test_without_shingles_everything_else_is_there(stored: StoredHistory) -> None:
    (slim,) = stored.by_article(["a0042"], with_shingles=False)
    assert slim == replace(OLD[42], keys=b"", shingles=b"")


def test_a_scan_gives_the_entries_that_share_keys_with_a_run_and_few_others(stored: StoredHistory) -> None:
    run = [fingerprint("new", part(story(42, 60), 0, 50)), fingerprint("other", story(9_999))]
    keys = from_bytes(b"".join(one.keys for one in run))
    found = joined([piece for name in stored.parts() for piece in stored.scan(name, opened(filter_of(keys)))])
    shared = np.intersect1d(from_bytes(OLD[42].keys), keys)
    mine = found.owners == found.article_ids.index("a0042")
    assert np.isin(shared, found.keys[mine]).all()
    assert found.keys.size < 40, "of some 14,000 stored keys"


def test_a_pickled_history_reads_on(stored: StoredHistory) -> None:
    assert list(stored.by_article(["a0001"]))
    again = pickle.loads(pickle.dumps(stored))
    assert list(again.by_article(["a0001"])) == [OLD[1]]
    assert again.parts() == stored.parts()


def test_a_lake_without_parts_has_no_history(tmp_path: Path) -> None:
    empty = StoredHistory(PartReader(Storage(str(tmp_path))), ())
    assert list(empty.by_article(["a0001"])) == []
    assert list(empty.parts()) == []


def test_a_filter_passes_its_own_keys_and_few_others() -> None:
    chance = np.random.default_rng(1)
    own, strange = (chance.integers(0, 1 << 64, size, dtype=np.uint64) for size in (5_000, 100_000))
    key_filter = opened(filter_of(own))
    assert passing(own, key_filter).all()
    assert passing(strange, key_filter).mean() < 0.001
    assert not passing(own, opened(filter_of(own[:0]))).any()

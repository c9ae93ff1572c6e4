"""The history in Parquet parts answers as one held in memory does."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import attrgetter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.run.lost_state.rebuild_state import INDEXES
from schemas.fingerprint import FINGERPRINTS, Fingerprint
from schemas.run import new_run_id
from tests.transforms.compare.copies.texts import NOON_US, fingerprint, part, story
from transforms.compare.copies.candidates import Postings, joined
from transforms.compare.copies.fingerprint import from_bytes
from transforms.compare.copies.mark_copies import ListedTexts, mark_copies
from transforms.compare.copies.stored.history import ListedHistory
from transforms.compare.copies.stored.key_filter import Wanted
from transforms.compare.copies.stored.stored_history import StoredHistory
from transforms.lake.files.layout import run_of
from transforms.lake.files.parts import PartReader, PartWriter
from transforms.lake.files.storage import Storage
from transforms.lake.merged.merge_parts import merge_parts

OLD = [replace(fingerprint(f"a{number:04}", story(number, 60)), cluster_id=f"a{number:04}") for number in range(1_200)]
NEWER = [replace(fingerprint("a0007", story(5_000, 60)), revision=2, cluster_id="a0007"), replace(OLD[3], revision=1)]


@pytest.fixture(scope="module", params=[0, 2, 3], ids=["parts of runs", "the older ones merged", "merged"])
def stored(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> StoredHistory:
    storage = Storage(str(tmp_path_factory.mktemp("lake")))
    return history_of(storage, [OLD[:700], OLD[700:], NEWER], merged=request.param)


def history_of(
    storage: Storage, runs: Sequence[Sequence[Fingerprint]], merged: int, since_us: int = 0
) -> StoredHistory:
    """The history that some runs have left, of which the first ones are merged."""
    parts = [
        PartWriter(storage, new_run_id(NOON_US + number, None)).write(FINGERPRINTS, rows, "00000").path
        for number, rows in enumerate(runs)
    ]
    if merged:
        run_id = run_of(parts[merged - 1]) or ""
        index = INDEXES[FINGERPRINTS.name]
        parts = [merge_parts(storage, FINGERPRINTS, parts[:merged], run_id, index=index).path, *parts[merged:]]
    return StoredHistory(PartReader(storage), parts, since_us)


def test_the_latest_revision_of_known_articles_is_found_and_unknown_ones_are_not(stored: StoredHistory) -> None:
    ids = ["a0000", "a0007", "a0699", "a0700", "a1199", "nobody"]
    listed = ListedHistory([*OLD, *NEWER])
    assert list(stored.by_article(ids)) == list(listed.by_article(ids))
    assert [one.revision for one in stored.by_article(["a0007"])] == [2]
    assert list(stored.by_article([])) == []


def test_without_shingles_everything_else_is_there(stored: StoredHistory) -> None:
    (slim,) = stored.by_article(["a0042"], with_shingles=False)
    assert slim == replace(OLD[42], keys=b"", shingles=b"")


def test_the_entries_that_share_keys_with_a_run_are_found_and_no_others(stored: StoredHistory) -> None:
    run = [fingerprint("new", part(story(42, 60), 0, 50)), fingerprint("other", story(9_999))]
    keys = from_bytes(b"".join(one.keys for one in run))
    found = joined([piece for name in stored.parts() for piece in stored.sharing(name, Wanted(keys))])
    assert found.article_ids == ("a0042",)
    assert sorted(found.keys) == sorted(np.intersect1d(from_bytes(OLD[42].keys), keys))
    assert found.word_counts.tolist() == [OLD[42].word_count]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_copies_and_revisions_are_those_that_a_plain_scan_of_the_whole_history_finds(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Each text is that of a number, or a part of it; an article may come back in a later run as a revision."""
    texts = st.tuples(st.integers(0, 12), st.integers(0, 8), st.sampled_from([8, 20, 60]))
    drawn = st.lists(st.lists(texts, max_size=6), min_size=1, max_size=6)
    runs, new = data.draw(drawn), data.draw(st.lists(texts, max_size=6))
    merged = data.draw(st.integers(0, len(runs)))
    since_us = NOON_US + data.draw(st.integers(-1, len(runs))) * 1_000_000
    revisions: Counter[str] = Counter()
    stored: list[list[Fingerprint]] = []
    for number, rows in enumerate(runs):
        made = {one.article_id: one for one in map(_drawn, rows)}
        stored.append([])
        for name, one in made.items():
            revisions[name] += 1
            at_us = NOON_US + number * 1_000_000
            stored[-1].append(replace(one, revision=revisions[name], cluster_id=name, fetched_at_us=at_us))
    history = history_of(Storage(str(tmp_path_factory.mktemp("lake"))), stored, merged, since_us)
    listed = Scanned([one for rows in stored for one in rows if one.fetched_at_us >= since_us])
    run = list({one.article_id: replace(one, page_id=one.article_id) for one in map(_drawn, new)}.values())
    by_page = attrgetter("page_id")
    found = sorted(mark_copies(ListedTexts(run), history), key=by_page)
    assert found == sorted(mark_copies(ListedTexts(run), listed), key=by_page)


def _drawn(text: tuple[int, int, int]) -> Fingerprint:
    number, article, words = text
    return fingerprint(f"a{article}", part(story(number, 60), 0, words))


class Scanned(ListedHistory):
    """All revisions of all articles, each of which a plain scan looks at."""

    def __init__(self, fingerprints: Sequence[Fingerprint]) -> None:
        super().__init__(fingerprints)
        self._all = fingerprints

    def sharing(self, _: str, wanted: Wanted) -> Iterator[Postings]:
        for one in self._all:
            found = [key for key in from_bytes(one.keys) if key in wanted.keys]
            owners = np.zeros(len(found), np.int64)
            yield Postings(np.array(found, np.uint64), owners, (one.article_id,), np.array([one.word_count]))


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
    wanted = Wanted(own)
    assert wanted.key_filter.mean() < 0.001
    assert wanted.places_in(np.concatenate((strange, own, strange))).tolist() == list(range(100_000, 105_000))
    assert not Wanted(own[:0]).places_in(own).size

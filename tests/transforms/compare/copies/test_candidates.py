from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from tests.transforms.compare.copies.texts import fingerprint, part, story
from transforms.compare.copies import candidates
from transforms.compare.copies.candidates import (
    HEADS,
    VIEW,
    Pairs,
    Postings,
    Sight,
    candidate_pairs,
    joined,
    postings_of,
    split_by_range,
    views,
)

NOTHING = postings_of([])


def pairs_by_range(fingerprints: list, earlier: list, ranges: int) -> list[Pairs]:
    stored = dict(split_by_range(postings_of(earlier), ranges))
    run = split_by_range(postings_of(fingerprints), ranges)
    return [candidate_pairs(entries, stored.get(shard, NOTHING)) for shard, entries in run]


def test_ranges_cover_the_key_space() -> None:
    keys = np.array([0, 2**62, 2**63, 2**64 - 1], dtype=np.uint64)
    entries = Postings(keys, np.zeros(4, dtype=np.int64), ("a",), np.array([9]))
    assert [(number, some.keys.tolist()) for number, some in split_by_range(entries, 4)] == [
        (number, [key]) for number, key in enumerate(keys.tolist())
    ]
    assert [number for number, _ in split_by_range(entries, 1)] == [0]


def test_views_name_copies_and_not_strangers_whatever_the_number_of_ranges() -> None:
    texts = [
        fingerprint("whole", story(1)),
        fingerprint("teaser", part(story(1), 0, 70)),
        fingerprint("else", story(2)),
    ]
    expected = {"teaser": Sight("whole", ["whole"]), "whole": Sight("whole", ["teaser"])}
    for ranges in (1, 3, 16):
        pairs = pairs_by_range(texts, [], ranges)
        assert views(pairs) == expected
        assert views(reversed(pairs)) == expected


def test_earlier_texts_are_seen_but_see_nothing() -> None:
    new, old = fingerprint("new", story(1)), fingerprint("old", story(1) + " more")
    assert views(pairs_by_range([new], [old], 16)) == {"new": Sight("old", ["old"])}
    assert views(pairs_by_range([new], [fingerprint("new", story(1))], 1)) == {}


def test_in_a_crowd_everyone_sees_the_longest_and_nobody_sees_everyone() -> None:
    crowd = [fingerprint(f"t{number:03}", f"{story(1)} {story(number + 10, 2 * number)}") for number in range(100)]
    seen = views(pairs_by_range(crowd, [], 4))
    assert len(seen) == 100
    assert all(HEADS - 1 <= len(others) <= VIEW for _, others in seen.values())
    assert all("t099" in others for member, (_, others) in seen.items() if member != "t099")


def test_meetings_are_counted_in_pieces_of_whatever_size(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = postings_of(
        [fingerprint(f"t{number:02}", f"{story(1)} {story(number % 7 + 10, 40)}") for number in range(12)]
    )
    old = postings_of([fingerprint(f"o{number:02}", part(story(1), 0, 60)) for number in range(9)])
    whole = candidate_pairs(crowd, old)
    counted = {(member, head): both for member, head, *both in zip(*whole[:4], strict=True)}
    keys = [set(crowd.keys[crowd.owners == number].tolist()) for number in range(12)]
    assert all(shared == len(keys[member] & keys[head]) for (member, head), (shared, _) in counted.items() if head < 12)
    for at_once in (1, 50, 1_000):
        monkeypatch.setattr(candidates, "MEETINGS_AT_ONCE", at_once)
        pieces = candidate_pairs(crowd, old)
        assert all(np.array_equal(one, other) for one, other in zip(pieces[:4], whole[:4], strict=True))


def test_a_crowd_of_copies_takes_no_memory_for_each_meeting() -> None:
    texts, keys = 2_000, 100
    one = np.random.default_rng(1).integers(0, 2**63, keys).astype(np.uint64)
    owners = np.repeat(np.arange(texts), keys)
    crowd = Postings(np.tile(one, texts), owners, tuple(f"{n:04}" for n in range(texts)), np.full(texts, 300))
    tracemalloc.start()
    pairs = candidate_pairs(crowd, NOTHING)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (pairs.members.size, set(pairs.shared.tolist())) == (texts * HEADS - HEADS, {keys})
    assert peak < 100e6, "4.8 million meetings took 250 MB when all were held at once"


def test_texts_without_words_have_no_keys_and_meet_nobody() -> None:
    empty = [fingerprint("a", ""), fingerprint("b", " … ")]
    assert views(pairs_by_range(empty, [], 2)) == {}
    assert views([candidate_pairs(joined([postings_of(empty)]), NOTHING)]) == {}
    assert views([]) == {}

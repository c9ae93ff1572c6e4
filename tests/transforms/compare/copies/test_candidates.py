from __future__ import annotations

import numpy as np

from tests.transforms.compare.copies.texts import fingerprint, part, story
from transforms.compare.copies.candidates import (
    HEADS,
    VIEW,
    Pairs,
    Sight,
    candidate_pairs,
    joined,
    postings_of,
    shards_of,
    split_by_shard,
    views,
)

NOTHING = postings_of([])


def pairs_by_shard(fingerprints: list, earlier: list, shards: int) -> list[Pairs]:
    stored = dict(split_by_shard(postings_of(earlier), shards))
    run = split_by_shard(postings_of(fingerprints), shards)
    return [candidate_pairs(entries, stored.get(shard, NOTHING)) for shard, entries in run]


def test_shards_are_ranges_of_the_key_space_and_cover_it() -> None:
    keys = np.array([0, 2**62, 2**63, 2**64 - 1], dtype=np.uint64)
    assert shards_of(keys, 4).tolist() == [0, 1, 2, 3]
    assert shards_of(keys, 1).tolist() == [0, 0, 0, 0]


def test_views_name_copies_and_not_strangers_whatever_the_number_of_shards() -> None:
    texts = [
        fingerprint("whole", story(1)),
        fingerprint("teaser", part(story(1), 0, 70)),
        fingerprint("else", story(2)),
    ]
    expected = {"teaser": Sight("whole", ["whole"]), "whole": Sight("whole", ["teaser"])}
    for shards in (1, 3, 16):
        pairs = pairs_by_shard(texts, [], shards)
        assert views(pairs) == expected
        assert views(reversed(pairs)) == expected


def test_earlier_texts_are_seen_but_see_nothing() -> None:
    new, old = fingerprint("new", story(1)), fingerprint("old", story(1) + " more")
    assert views(pairs_by_shard([new], [old], 16)) == {"new": Sight("old", ["old"])}
    assert views(pairs_by_shard([new], [fingerprint("new", story(1))], 1)) == {}


def test_in_a_crowd_everyone_sees_the_longest_and_nobody_sees_everyone() -> None:
    crowd = [fingerprint(f"t{number:03}", f"{story(1)} {story(number + 10, 2 * number)}") for number in range(100)]
    seen = views(pairs_by_shard(crowd, [], 4))
    assert len(seen) == 100
    assert all(HEADS - 1 <= len(others) <= VIEW for _, others in seen.values())
    assert all("t099" in others for member, (_, others) in seen.items() if member != "t099")


def test_texts_without_words_have_no_keys_and_meet_nobody() -> None:
    empty = [fingerprint("a", ""), fingerprint("b", " … ")]
    assert views(pairs_by_shard(empty, [], 2)) == {}
    assert views([candidate_pairs(joined([postings_of(empty)]), NOTHING)]) == {}
    assert views([]) == {}

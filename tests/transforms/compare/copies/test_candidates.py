from __future__ import annotations

import numpy as np

from tests.transforms.compare.copies.texts import fingerprint, part, story
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


def test_texts_without_words_have_no_keys_and_meet_nobody() -> None:
    empty = [fingerprint("a", ""), fingerprint("b", " … ")]
    assert views(pairs_by_range(empty, [], 2)) == {}
    assert views([candidate_pairs(joined([postings_of(empty)]), NOTHING)]) == {}
    assert views([]) == {}

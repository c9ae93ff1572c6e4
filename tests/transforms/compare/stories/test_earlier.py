"""New articles are compared with the few earlier ones that matter, and the stories are as if with all."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.run import new_run_id
from schemas.story import STORIES, Sketch
from transforms.common.clock import DAY_US
from transforms.compare.stories import group, telling
from transforms.compare.stories.earlier import Earlier, Piece, earlier_of
from transforms.compare.stories.group import group_stories
from transforms.compare.stories.sketch_index import index_of, story_index
from transforms.compare.stories.story_history import StoryHistory
from transforms.compare.stories.telling import Near, telling_terms
from transforms.compare.stories.weigh import Frequencies, frequencies_of, vectors_of
from transforms.lake.files.layout import run_of
from transforms.lake.files.parts import PartReader, PartWriter
from transforms.lake.files.storage import Storage
from transforms.lake.merged.merge_parts import merge_parts

NOON_US = 1_772_452_800_000_000


def invented(name: str, chance: random.Random, words: int, story_id: str | None = None) -> Sketch:
    terms = sorted({int(words ** chance.random()) for _ in range(40)})
    return Sketch(
        page_id=f"page of {name}",
        article_id=name,
        partition="2026-03-02",
        language="en",
        published_us=NOON_US + chance.randrange(4 * DAY_US) if chance.random() < 0.9 else None,
        word_count=300,
        passage_count=12,
        terms=np.array(terms, dtype="<u4").tobytes(),
        counts=bytes(chance.randrange(1, 5) for _ in terms),
        passages=bytes(chance.randrange(1, 5) for _ in terms),
        figures=np.array([chance.randrange(9) for _ in range(chance.choice((0, 20)))], dtype="<u4").tobytes(),
        story_id=story_id,
    )


def all_near(_: object, earlier: Earlier, frequencies: Frequencies) -> Near:
    """All earlier sketches, in place of those that may matter, each of whose telling terms is found by itself."""
    sketches = everything(earlier)
    listed = np.zeros(frequencies.terms.size, dtype=np.int64)
    for vector in vectors_of(sketches, frequencies):
        listed[telling_terms(vector, frequencies.articles)] += 1
    return Near(sketches, listed)


def everything(earlier: Earlier) -> list[Sketch]:
    """All earlier sketches."""
    found = [one for piece in earlier.pieces for one in piece.index.sketches(np.flatnonzero(piece.flags))]
    return sorted(found, key=lambda one: one.article_id)


@settings(max_examples=60)
@given(st.integers(), st.sampled_from([60, 600, 6_000]), st.sampled_from([(200, 10), (12, 4)]))
def test_the_few_that_are_perhaps_near_give_the_stories_that_all_give(
    seed: int, words: int, crowd: tuple[int, int]
) -> None:
    chance = random.Random(seed)
    stored = [invented(f"old{n}", chance, words, chance.choice(("s1", "s2", f"s{n}", None))) for n in range(60)]
    new = [invented(f"new{n}", chance, words) for n in range(8)]
    earlier = Earlier((*earlier_of(stored[:25]).pieces, *earlier_of(stored[25:]).pieces))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(telling, "CROWDED", crowd[0])
        patch.setattr(telling, "RARE", crowd[1])
        told = group_stories(new, earlier)
        patch.setattr(group, "perhaps_near", all_near)
        patch.setattr(group, "with_stories", lambda _, earlier: everything(earlier))
        assert told == group_stories(new, earlier)


def test_an_index_gives_its_sketches_back_without_those_that_have_no_terms() -> None:
    chance = random.Random(1)
    stored = [invented(f"old{n}", chance, 600, f"s{n}") for n in range(5)]
    copy = Sketch("page", "copy", "2026-03-02", "en", NOON_US, 9, 1, b"", b"", b"", b"", story_id="s1")
    index = index_of(STORIES.as_given([stored[0], copy, *stored[1:]]), "en")
    expected = [replace(one, page_id="", partition="") for one in sorted(stored, key=lambda one: one.published_us or 0)]
    assert index.sketches(np.arange(5)) == expected
    assert index.sketches(np.array([3, 1])) == [expected[3], expected[1]]
    told = [one for one in expected if one.story_id in ("s1", "s4")]
    assert index.of_stories(["s1", "s4"], np.ones(5, np.bool_)) == told
    assert index.nbytes > 5 * 40 * 6


@pytest.mark.parametrize("rest", [3, 10], ids=["most rows", "few rows"])
def test_frequencies_of_some_rows_are_those_of_an_index_of_these_rows_alone(rest: int) -> None:
    chance = random.Random(2)
    stored = [invented(f"old{n}", chance, 200) for n in range(30)]
    index = index_of(STORIES.as_given(stored), "en")
    flags = np.arange(30) % rest < 2
    some = frequencies_of([], Earlier((Piece(index, flags),)))
    alone = frequencies_of([], earlier_of(index.sketches(np.flatnonzero(flags))))
    held = np.isin(some.terms, alone.terms)
    assert (some.articles[held] == alone.articles).all()
    assert (some.articles[~held] == 0).all()
    assert some.rarity[held] == pytest.approx(alone.rarity)


def test_stories_are_those_of_one_index_in_memory_however_the_parts_are_merged(tmp_path: Path) -> None:
    chance = random.Random(3)
    stored = [invented(f"old{n}", chance, 600, f"s{n // 3}") for n in range(90)]
    stored = [replace(one, fetched_at_us=NOON_US, language=chance.choice(("en", "en", "de"))) for one in stored]
    new = [invented(f"new{n}", chance, 600) for n in range(20)]
    expected = group_stories(new, earlier_of([one for one in stored if one.language == "en" and one.published_us]))
    assert len(set(expected.values()) & {one.story_id for one in stored}) == 3, "new articles join stories"
    storage = Storage(str(tmp_path))
    writers = [PartWriter(storage, new_run_id(NOON_US + number, None)) for number in range(9)]
    parts = [writer.write(STORIES, stored[n * 10 : n * 10 + 10], "0").path for n, writer in enumerate(writers)]
    for count in (0, 4, 5):
        if count:
            run_id = run_of(parts[count - 1]) or ""
            parts = [merge_parts(storage, STORIES, parts[:count], run_id, index=story_index).path, *parts[count:]]
        recent = StoryHistory(PartReader(storage), parts).recent("en", NOON_US - DAY_US, NOON_US + 9 * DAY_US)
        assert group_stories(new, recent) == expected

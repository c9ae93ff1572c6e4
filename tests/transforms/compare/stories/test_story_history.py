"""Which sketches of earlier runs a run sees, read from parts or kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from schemas.run import new_run_id
from schemas.story import STORIES, Sketch
from tests.transforms.compare.stories.reports_and_stories import BUDGET, FERRY, NOON_US, sketch
from transforms.common.clock import DAY_US
from transforms.compare.stories.sketch_index import story_index
from transforms.compare.stories.story_history import StoryHistory
from transforms.lake.files.layout import run_of
from transforms.lake.files.parts import PartReader, PartWriter
from transforms.lake.files.storage import Storage
from transforms.lake.kept import KEPT
from transforms.lake.merged.merge_parts import merge_parts


def row(name: str, day: float | None, fetched: float | None, language: str = "en", empty: bool = False) -> Sketch:
    made = sketch(name, *(BUDGET if empty else FERRY[0]), day=day, story_id=f"story of {name}", language=language)
    fetched_us = None if fetched is None else NOON_US + round(fetched * DAY_US)
    slim = {"terms": b"", "counts": b"", "passages": b"", "figures": b""} if empty else {}
    return replace(made, fetched_at_us=fetched_us, **slim)


ROWS = [
    row("today", 0, 0),
    row("long ago", -20, 0),
    row("undated", None, 0),
    row("German", 0, 0, language="de"),
    row("a copy", 0, 0, empty=True),
    row("fetched early", 0, -40),
    row("of an old version", 0, None),
]


@pytest.fixture(params=[0, 1 << 20, -1], ids=["read", "kept", "merged"])
def lake(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Storage, tuple[str, ...]]]:
    KEPT.resize(max(0, request.param))
    storage = Storage(str(tmp_path))
    writers = [PartWriter(storage, new_run_id(NOON_US + number, None)) for number in range(2)]
    parts = [writer.write(STORIES, rows, "0") for writer, rows in zip(writers, (ROWS[:4], ROWS[4:]), strict=True)]
    paths = tuple(part.path for part in parts)
    if request.param < 0:
        KEPT.resize(0)
        run_id = run_of(paths[-1]) or ""
        paths = (merge_parts(storage, STORIES, paths, run_id, index=story_index).path,)
    yield storage, paths
    KEPT.resize(0)


def names(history: StoryHistory, language: str = "en", days: float = 15) -> set[str]:
    earlier = history.recent(language, NOON_US - round(days * DAY_US), NOON_US + DAY_US)
    rows = (one for piece in earlier.pieces for one in piece.index.sketches(np.flatnonzero(piece.flags)))
    return {one.article_id for one in rows}


def test_recent_sketches_are_those_of_a_language_with_terms_in_the_days_and_the_horizon(
    lake: tuple[Storage, tuple[str, ...]],
) -> None:
    storage, parts = lake
    for _ in range(2):
        history = StoryHistory(PartReader(storage), parts, NOON_US - 30 * DAY_US)
        assert names(history) == {"today", "of an old version"}
        assert names(history, days=25) == {"today", "of an old version", "long ago"}
        assert names(history, language="de") == {"German"}
        assert names(history, language="fr") == set()
        assert names(StoryHistory(PartReader(storage), parts)) == {"today", "of an old version", "fetched early"}


def test_stories_of_articles_are_known_within_the_horizon_in_any_language_and_of_copies(
    lake: tuple[Storage, tuple[str, ...]],
) -> None:
    storage, parts = lake
    wanted = ["today", "German", "a copy", "fetched early", "of an old version", "nobody"]
    for _ in range(2):
        told = StoryHistory(PartReader(storage), parts, NOON_US - 30 * DAY_US).stories(wanted)
        assert told == {name: f"story of {name}" for name in ("today", "German", "a copy", "of an old version")}
        assert StoryHistory(PartReader(storage), parts).stories(["fetched early"]).keys() == {"fetched early"}
        assert StoryHistory(PartReader(storage), parts).stories([]) == {}


def test_what_is_kept_answers_without_the_files(lake: tuple[Storage, tuple[str, ...]], tmp_path: Path) -> None:
    storage, parts = lake
    before = names(StoryHistory(PartReader(storage), parts))
    for part in parts:
        (tmp_path / part).unlink()
        (tmp_path / part).with_suffix(".index").unlink(missing_ok=True)
    if KEPT.nbytes:
        assert names(StoryHistory(PartReader(storage), parts)) == before
    else:
        with pytest.raises(Exception, match="is missing"):
            names(StoryHistory(PartReader(storage), parts))

"""Stories of a run: originals are grouped, copies and revisions follow, and what later runs need is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import pytest

from schemas.run import new_run_id
from schemas.story import STORIES, Sketch
from tests.transforms.compare.stories.reports_and_stories import BUDGET, FERRY, NOON_US, sketch
from transforms.compare.stories.story_history import StoryHistory
from transforms.compare.stories.tell_stories import StoryArticle, stored_sketches, tell_stories
from transforms.lake.files.parts import PartReader, PartWriter
from transforms.lake.files.storage import Storage


class ListedSketches:
    """`RunSketches` held in memory."""

    def __init__(self, sketches: Iterable[Sketch]) -> None:
        self._by_page = {one.page_id: one for one in sketches}

    def languages(self) -> Mapping[str, str]:
        return {page_id: one.language for page_id, one in self._by_page.items()}

    def sketches(self, page_ids: Sequence[str]) -> list[Sketch]:
        return [self._by_page[page_id] for page_id in page_ids]


def place(one: Sketch, of: str | None = None) -> StoryArticle:
    return StoryArticle(one.page_id, one.article_id, of)


def check(
    sketches: list[Sketch],
    places: list[StoryArticle],
    told: dict[str, str],
    stored: Callable[[list[Sketch]], None] | None = None,
    history: StoryHistory | None = None,
) -> None:
    given = ListedSketches(sketches)
    stories = tell_stories(places, given, history or StoryHistory())
    assert {page_id.removeprefix("page of "): story_id for page_id, story_id in stories.items()} == told
    if stored is not None:
        stored(list(stored_sketches(places, stories, given, at_once=2)))


FIRST, SECOND, THIRD = (sketch(f"f{n}", *text) for n, text in enumerate(FERRY))
COPY = sketch("copy", *FERRY[0], language="de")
OTHER = sketch("other", *BUDGET)
DROPPED = sketch("dropped", *FERRY[1])


def test_copies_tell_the_story_of_their_original_in_whatever_language_they_seem_to_be() -> None:
    def matches(rows: list[Sketch]) -> None:
        assert {(one.article_id, one.story_id, bool(one.terms)) for one in rows} == {
            ("f0", "f0", True),
            ("f1", "f0", True),
            ("copy", "f0", False),
            ("other", "other", True),
        }

    check(
        [FIRST, SECOND, COPY, OTHER, DROPPED],
        [place(FIRST), place(SECOND), place(COPY, of="f0"), place(OTHER)],
        {"f0": "f0", "f1": "f0", "copy": "f0", "other": "other"},
        matches,
    )


@pytest.fixture
def history(tmp_path: Path) -> StoryHistory:
    storage = Storage(str(tmp_path))
    rows = [sketch("f0", *FERRY[0], story_id="s"), sketch("old", *FERRY[0], day=-40, story_id="o")]
    part = PartWriter(storage, new_run_id(NOON_US, None)).write(STORIES, rows, "00000")
    return StoryHistory(PartReader(storage), (part.path,))


def test_articles_of_a_later_run_join_stories_of_earlier_ones_and_a_revision_keeps_its_own(
    history: StoryHistory,
) -> None:
    revised = sketch("old", *BUDGET)
    unknown = sketch("unknown", *BUDGET)

    def matches(rows: list[Sketch]) -> None:
        assert {one.article_id for one in rows} == {"f1", "copy", "unknown"}

    check(
        [SECOND, COPY, revised, unknown],
        [place(SECOND), place(COPY, of="f0"), place(revised, of="old"), place(unknown, of="forgotten")],
        {"f1": "s", "copy": "s", "old": "o", "unknown": "forgotten"},
        matches,
        history,
    )


def test_no_articles_give_no_stories() -> None:
    check([DROPPED], [], {}, lambda rows: pytest.fail(f"stored {rows}") if rows else None)


def test_sketches_come_back_from_arrow() -> None:
    rows = [FIRST, sketch("old", *FERRY[0], day=None, story_id="o")]
    assert STORIES.from_arrow(STORIES.to_arrow(rows)) == rows

"""Stories of a run: originals are grouped, copies and revisions follow, and what later runs need is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from schemas.run import new_run_id
from schemas.story import STORIES, Sketch
from tests.transforms.compare.stories.reports_and_stories import BUDGET, FERRY, NOON_US, sketch
from transforms.common.clock import DAY_US
from transforms.compare.stories.sketch_index import story_index
from transforms.compare.stories.story_history import StoryHistory
from transforms.compare.stories.tell_stories import StoryArticle, stored_sketches, tell_stories
from transforms.lake.files.parts import PartReader, PartWriter
from transforms.lake.files.storage import Storage
from transforms.lake.merged.merge_parts import merge_parts


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


VECTOR = bytes(range(1, 97)) * 4


def across(name: str, day: float, text: tuple[str, str] = FERRY[0], story_id: str | None = None) -> Sketch:
    """A sketch with a vector, all vectors being alike; the name begins with the language."""
    made = sketch(name, *text, day=day, language=name[:2], story_id=story_id)
    return replace(made, vector=VECTOR, marks=b"")


def test_stories_with_vectors_join_across_languages_and_others_as_before() -> None:
    english, german, copy = across("en", 0.5), across("de", 0.0), across("fr", 0.2)
    undated = replace(across("en2", 0.6, FERRY[1]), published_us=None)  # of the story that its language tells
    plain = [replace(one, vector=None, marks=None) for one in (english, german)]

    def matches(rows: list[Sketch]) -> None:
        assert {(one.article_id, one.vector, one.marks) for one in rows} == {
            ("en", VECTOR, b""),
            ("de", VECTOR, b""),
            ("fr", None, None),
        }

    places = [place(english), place(german), place(copy, of="en")]
    check([english, german, copy], places, {"en": "de", "de": "de", "fr": "de"}, matches)
    check(
        [english, german, undated],
        list(map(place, (english, german, undated))),
        dict.fromkeys(("en", "de", "en2"), "de"),
    )
    check(plain, list(map(place, plain)), {"en": "en", "de": "de"})


@pytest.mark.parametrize("merges", [False, True])
def test_a_run_joins_the_stories_of_earlier_runs_in_other_languages(tmp_path: Path, merges: bool) -> None:
    storage = Storage(str(tmp_path))
    stored = [
        across("en", 0, story_id="in English"),
        replace(across("fr", -1, story_id="in French"), fetched_at_us=NOON_US - 40 * DAY_US),  # beyond the horizon
        replace(across("es", -1, story_id="in Spanish"), vector=None, marks=None),  # of a run without the option
        across("pt", -4, story_id="in Portuguese"),
    ]
    run_id = new_run_id(NOON_US, None)
    paths = [PartWriter(storage, run_id).write(STORIES, stored, "00000").path]
    if merges:
        paths = [merge_parts(storage, STORIES, paths, run_id, index=story_index).path]
    history = StoryHistory(PartReader(storage), paths, NOON_US - 30 * DAY_US)
    german, other = across("de", 0.5), across("en other", 0.6, BUDGET)
    check([german], [place(german)], {"de": "in English"}, history=history)
    # What its own language tells of an article is not told again by others, and others may join that.
    second = across("en second", 0.4, FERRY[1])
    told = {"de": "in English", "en second": "in English"}
    check([german, second], [place(german), place(second)], told, history=history)
    check([other], [place(other)], {"en other": "en other"}, history=history)

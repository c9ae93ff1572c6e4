"""Which articles of a run tell one story."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

from schemas.story import Sketch
from transforms.compare.stories.group import REACH_US, group_stories
from transforms.compare.stories.story_history import StoryHistory


class StoryArticle(NamedTuple):
    """An article to write, built from the page `page_id`. It tells the story of the article `of`, its original."""

    page_id: str
    article_id: str
    of: str | None


class RunSketches(Protocol):
    """The sketches of a run's drafts. What is asked for is read, and nothing else."""

    def languages(self) -> Mapping[str, str]:
        """The language of each draft, by page_id."""
        ...

    def sketches(self, page_ids: Sequence[str]) -> list[Sketch]:
        """Some of them, in any order."""
        ...


def tell_stories(places: Iterable[StoryArticle], sketches: RunSketches, history: StoryHistory) -> dict[str, str]:
    """The story_id of each article to write, by page_id.

    Copies and revisions tell the story of their original. Stories depend on the set of articles and on `history` alone.
    They are told within one language, whose originals are held in memory with those of the days before from `history`:
    some 2 KB each. Stories of earlier runs stand: a new article joins one or begins one.
    """
    language_of = sketches.languages()
    originals: dict[str, list[StoryArticle]] = {}
    followers = []
    for place in places:
        if place.of is None:
            originals.setdefault(language_of[place.page_id], []).append(place)
        else:
            followers.append((place, place.of))
    stories: dict[str, str] = {}
    told: dict[str, str] = {}
    for language in sorted(originals):
        of_articles = _of_language(language, sketches.sketches([one.page_id for one in originals[language]]), history)
        stories.update(of_articles)
        told.update((one.page_id, of_articles[one.article_id]) for one in originals[language])
    known = history.stories({of for _, of in followers} - stories.keys())
    for place, of in followers:
        # One whose story was forgotten begins it anew under its name.
        told[place.page_id] = stories.get(of) or known.get(of) or of
    return told


def stored_sketches(
    places: Sequence[StoryArticle], told: Mapping[str, str], sketches: RunSketches, at_once: int = 1_000
) -> Iterator[Sketch]:
    """The sketches that later runs need: an original's whole, a copy's without terms of its own.

    Of a revision none is kept: the first one's is there, and stands.
    """
    kept = [place for place in places if place.of != place.article_id]
    for start in range(0, len(kept), at_once):
        some = {place.page_id: place for place in kept[start : start + at_once]}
        for sketch in sketches.sketches(list(some)):
            is_copy = some[sketch.page_id].of is not None
            slim = replace(sketch, terms=b"", counts=b"", passages=b"", figures=b"") if is_copy else sketch
            yield replace(slim, story_id=told[sketch.page_id])


def _of_language(language: str, sketches: Sequence[Sketch], history: StoryHistory) -> dict[str, str]:
    """The story of each original of a language, by article id."""
    dates = [one.published_us for one in sketches if one.published_us is not None]
    earlier = history.recent(language, min(dates) - REACH_US, max(dates) + REACH_US) if dates else []
    return group_stories(sketches, earlier)

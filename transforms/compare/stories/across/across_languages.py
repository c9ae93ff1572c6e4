"""Collects the originals of a run, language by language, and tells which of their stories join across languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from schemas.story import Sketch
from transforms.compare.stories.across.join_languages import Order, join_languages
from transforms.compare.stories.across.nearness import DAYS_APART_US, traces_of
from transforms.compare.stories.sketch import without_terms


class TraceHistory(Protocol):
    """The originals of earlier runs."""

    def traced(self, first_us: int, last_us: int) -> list[Sketch]:
        """The sketches with vectors published between two instants, in all languages; without terms."""
        ...


class AcrossLanguages:
    """The traces of a run's originals. Those whose sketches have no vector take no part."""

    def __init__(self) -> None:
        self._traced: list[Sketch] = []
        self._order: dict[str, Order] = {}
        self._stories: dict[str, str] = {}

    def add(self, sketches: Sequence[Sketch], stories: Mapping[str, str]) -> None:
        """Add the originals of a language, with the story of each as its language alone tells it."""
        if all(one.vector is None for one in sketches):
            return
        self._stories.update(stories)
        for one in sketches:
            self._order[one.article_id] = (one.published_us is None, one.published_us or 0, one.article_id)
            if one.vector is not None:
                self._traced.append(replace(without_terms(one), story_id=stories[one.article_id]))

    def told(self, history: TraceHistory) -> dict[str, str]:
        """The story of each original that has joined one in another language, by article id."""
        dates = [one.published_us for one in self._traced if one.published_us is not None]
        if not dates:
            return {}
        earlier = history.traced(min(dates) - DAYS_APART_US, max(dates) + DAYS_APART_US)
        begun_here = self._order.keys() - {one.story_id for one in earlier}
        begun = {story: self._order[story] for story in self._stories.values() if story in begun_here}
        new = [one for one in self._traced if one.story_id in begun]
        known = [one for one in self._traced if one.story_id not in begun]
        joined = join_languages(traces_of(new), traces_of([*earlier, *known]), begun)
        return {article_id: joined[story] for article_id, story in self._stories.items() if story in joined}

"""The sketches of earlier articles that new articles are compared with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from schemas.story import STORIES, Sketch
from transforms.common.arrays import Numbers
from transforms.compare.stories.sketch_index import Flags, SketchIndex, index_of


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of an index: those whose flag is set."""

    index: SketchIndex
    flags: Flags

    def frequencies(self) -> tuple[Numbers, Numbers]:
        """For each distinct term of the index the passages and the articles, among these rows, that hold it."""
        return self.index.frequencies(self.flags)


class Earlier(NamedTuple):
    """The sketches that new articles are compared with."""

    pieces: tuple[Piece, ...] = ()

    @property
    def passage_count(self) -> int:
        """The passages of all texts."""
        return sum(int(piece.index.whole("passage_count")[piece.flags].sum()) for piece in self.pieces)


NONE_EARLIER: Final = Earlier()


def earlier_of(sketches: Iterable[Sketch]) -> Earlier:
    """Sketches of one language that are in memory."""
    given = list(sketches)
    if not given:
        return NONE_EARLIER
    index = index_of(STORIES.as_given(given), given[0].language)
    return Earlier((Piece(index, np.ones(index.published_us.size, dtype=np.bool_)),))


def with_stories(sketches: Sequence[Sketch], earlier: Earlier) -> list[Sketch]:
    """Some of the earlier sketches and all others of their stories, by article id."""
    stories = sorted({one.story_id for one in sketches if one.story_id is not None})
    found = [one for one in sketches if one.story_id is None]
    for piece in earlier.pieces if stories else ():
        found += piece.index.of_stories(stories, piece.flags)
    return sorted(found, key=lambda one: one.article_id)

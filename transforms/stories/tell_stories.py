"""Which articles of a run tell one story: the rules of this room, grouped by Beam."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

import apache_beam as beam
from apache_beam.pvalue import PCollection, TaggedOutput

from schemas.story import Sketch
from transforms.stories.group import REACH_US, tell_stories
from transforms.stories.history import StoryHistory

SHARDS: Final = 8


class Place(NamedTuple):
    """An article to write, built from the page `page_id`. It tells the story of the article `of`, its original."""

    page_id: str
    article_id: str
    of: str | None


class Told(NamedTuple):
    """The story of the article that page `page_id` gave."""

    page_id: str
    partition: str
    story_id: str


class Stories(NamedTuple):
    """The story of each article to write, and the sketches to store for later runs."""

    told: PCollection[Told]
    sketches: PCollection[Sketch]


class TellStories(beam.PTransform[Mapping[str, PCollection[Any]], Stories]):
    """A story for each of `places`, from the `sketches` of all drafts (others than those of `places` are left out).

    Bounded input, the drafts of one run. Copies and revisions tell the story of their original. Stories depend on the
    set of articles and on `history` alone, not on order, bundles or workers. They are told within one language, whose
    articles of a run are held in memory by one worker, with those of the days before from `history`: some 2 KB each.
    Stories of earlier runs stand: a new article joins one or begins one.
    """

    def __init__(self, history: StoryHistory) -> None:
        super().__init__()
        self._history = history

    def expand(self, drafts: Mapping[str, PCollection[Any]]) -> Stories:
        """`drafts` are ``sketches`` (Sketch) and ``places`` (Place)."""
        sorted_out = (
            {name: records | f"By_{name}" >> beam.Map(_by_page) for name, records in drafts.items()}
            | "GroupByPage" >> beam.CoGroupByKey()
            | "SortOut" >> beam.ParDo(_SortOutFn()).with_outputs("followers", main="originals")
        )
        originals = (
            sorted_out.originals | "GroupByLanguage" >> beam.GroupByKey() | "Tell" >> beam.ParDo(_TellFn(self._history))
        )
        told = (
            {"originals": originals, "followers": sorted_out.followers}
            | "GroupByOriginal" >> beam.CoGroupByKey()
            | "Follow" >> beam.ParDo(_FollowFn(self._history)).with_outputs("sketches", main="told")
        )
        return Stories(told=told.told, sketches=told.sketches)


def _shard_of(name: str) -> int:
    return zlib.crc32(name.encode()) % SHARDS


def _by_page(record: Sketch | Place) -> tuple[int, Sketch | Place]:
    return _shard_of(record.page_id), record


class _SortOutFn(beam.DoFn):
    """Sketches of originals by language; those of copies and revisions by the shard of the article they follow."""

    def process(self, shard: tuple[int, Mapping[str, Iterable[Any]]]) -> Iterator[Any]:
        sketches = {one.page_id: one for one in shard[1]["sketches"]}
        for place in shard[1]["places"]:
            sketch = sketches[place.page_id]
            if place.of is None:
                yield sketch.language, sketch
            else:
                yield TaggedOutput("followers", (_shard_of(place.of), (place, sketch)))


class _TellFn(beam.DoFn):
    """The originals of a language, `story_id` set, by the shard of their id."""

    def __init__(self, history: StoryHistory) -> None:
        self._history = history

    def process(self, group: tuple[str, Iterable[Sketch]]) -> Iterator[tuple[int, Sketch]]:
        language, sketches = group[0], list(group[1])
        dates = [one.published_us for one in sketches if one.published_us is not None]
        earlier = self._history.recent(language, min(dates) - REACH_US, max(dates) + REACH_US) if dates else []
        stories = tell_stories(sketches, earlier)
        for one in sketches:
            yield _shard_of(one.article_id), replace(one, story_id=stories[one.article_id])


class _FollowFn(beam.DoFn):
    """Each article with its story: originals have theirs, copies and revisions take that of whom they follow."""

    def __init__(self, history: StoryHistory) -> None:
        self._history = history

    def process(self, shard: tuple[int, Mapping[str, Iterable[Any]]]) -> Iterator[Any]:
        stories = {}
        for original in shard[1]["originals"]:
            stories[original.article_id] = original.story_id
            yield Told(original.page_id, original.partition, original.story_id)
            yield TaggedOutput("sketches", original)
        followers = list(shard[1]["followers"])
        known = self._history.stories({place.of for place, _ in followers} - stories.keys())
        for place, sketch in followers:
            # One whose story was forgotten begins it anew under its name.
            story_id = stories.get(place.of) or known.get(place.of) or place.of
            yield Told(place.page_id, sketch.partition, story_id)
            if place.of != place.article_id:  # a revision's first row is there, and stands
                slim = replace(sketch, story_id=story_id, terms=b"", counts=b"", passages=b"", figures=b"")
                yield TaggedOutput("sketches", slim)

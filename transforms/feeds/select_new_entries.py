"""The Beam shell around `select_new`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.pvalue import TaggedOutput

from schemas.feed import FeedEntry
from schemas.state import Seen
from transforms.feeds.select_new import SelectOutcome, relisted, select_new

SeenLookup = Callable[[Sequence[str]], Mapping[str, Seen]]
"""URL keys of one shard to what is remembered of them; unknown keys are left out. Pickles, and reads the lake."""

MAX_SHARDS = 256


class SelectedEntries(NamedTuple):
    """The entries to fetch, one a page; one outcome for each entry that came in; and known ones to remember anew."""

    entries: beam.PCollection[FeedEntry]
    outcomes: beam.PCollection[SelectOutcome]
    relisted: beam.PCollection[Seen]


class SelectNewEntries(beam.PTransform[beam.PCollection[FeedEntry], SelectedEntries]):
    """Of listed and pending entries together, those to fetch: one a page, and only pages new or edited.

    Deterministic whatever the order of arrival; a retry gives the same. Entries are grouped once, by the first byte of
    their `url_key` modulo `shards` (1 to 256), and `seen` is asked once a shard for all its keys. In a stream, each
    window selects for itself. Entries that are known and still listed at `now_us` are remembered anew once in a while.
    """

    def __init__(self, seen: SeenLookup, shards: int, now_us: int = 0) -> None:
        super().__init__()
        if not 1 <= shards <= MAX_SHARDS:
            raise ValueError(
                f"{shards} shards: give 1 to {MAX_SHARDS}, entries are shared out by one byte of their key"
            )
        self._seen = seen
        self._shards = shards
        self._now_us = now_us

    def expand(self, entries: beam.PCollection[FeedEntry]) -> SelectedEntries:
        outputs = (
            entries
            | "KeyByShard" >> beam.Map(_with_shard, self._shards).with_output_types(tuple[int, FeedEntry])
            | "GroupByShard" >> beam.GroupByKey()
            | "Select"
            >> beam.ParDo(_SelectFn(self._seen, self._now_us)).with_outputs("outcomes", "relisted", main="entries")
        )
        return SelectedEntries(entries=outputs.entries, outcomes=outputs.outcomes, relisted=outputs.relisted)


def _with_shard(entry: FeedEntry, shards: int) -> tuple[int, FeedEntry]:
    return int(entry.url_key[:2], 16) % shards, entry


class _SelectFn(beam.DoFn):
    def __init__(self, seen: SeenLookup, now_us: int) -> None:
        self._seen = seen
        self._now_us = now_us

    def process(
        self, element: tuple[int, Iterable[FeedEntry]]
    ) -> Iterator[
        FeedEntry | TaggedOutput[Literal["outcomes"], SelectOutcome] | TaggedOutput[Literal["relisted"], Seen]
    ]:
        entries = list(element[1])
        seen = self._seen(sorted({entry.url_key for entry in entries}))
        for entry, outcome in select_new(entries, seen):
            Metrics.counter("feeds", f"entries_{outcome.outcome}").inc()
            yield TaggedOutput("outcomes", outcome)
            if outcome.outcome == "fetch":
                yield entry
        for known in relisted(entries, seen, self._now_us):
            yield TaggedOutput("relisted", known)

"""The Beam transform around `select_new`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.pvalue import PCollection, TaggedOutput

from schemas.feed import FEED_POLLS, FeedEntry, Origin
from schemas.run import Run, Step, StepTime, Tally
from schemas.run_shard import RunShard
from schemas.state import SEEN, Seen
from transforms.common.blocks import Blocks
from transforms.common.clock import Clock, Now
from transforms.feeds.polling.entry_rules import rule_against
from transforms.feeds.polling.fold_polls import NewEntries
from transforms.feeds.polling.select_new import SelectOutcome, first_in_turn, relisted, select_new
from transforms.web.chosen.feed_settings import NO_CHOICES, FeedChoices
from transforms.web.forgotten import ForgottenLookup, nothing_forgotten
from transforms.web.politeness.shards import shard_key, shard_of_url

SeenLookup = Callable[[Run, Sequence[str]], Mapping[str, Seen]]
"""Takes a run and URL keys, returns what the lake remembers of them; leaves unknown keys out. Can be pickled."""


class SelectedEntries(NamedTuple):
    """The entries to fetch, one for each page, by the shard of their host; rows by `Run.place`; counts and times by
    run id.

    `rows` are of the tables `seen` (entries noted again as listed) and `feed_polls` (`NewEntries`, for `fold_polls`).
    """

    entries: PCollection[tuple[str, RunShard]]
    rows: PCollection[tuple[str, Sequence[Any]]]
    facts: PCollection[tuple[str, Tally | StepTime]]


class SelectNewEntries(beam.PTransform[PCollection[tuple[str, RunShard]], SelectedEntries]):
    """The entries to fetch among a run's listed and pending entries: one for each page, only new or edited pages.

    Takes entries keyed by `shard_key`, all that name one page under one key; `seen` is called once for each key. The
    entries to fetch are keyed by host, over `shards`. Entries whose address is `forgotten`, and those that a rule of
    `choices` drops, are only counted: nothing is remembered of them.
    Deterministic, whatever the order of arrival; a retry gives the same. Known entries that are still listed are noted
    again once in a while, at the start time of the run.

    Of each key at most `max_pages` entries are fetched and the others are `deferred`; so it limits the whole run only
    if all of its entries come under one key.
    """

    def __init__(
        self,
        seen: SeenLookup,
        shards: int,
        max_pages: int | None = None,
        forgotten: ForgottenLookup = nothing_forgotten,
        choices: FeedChoices = NO_CHOICES,
        clock: Now | None = None,
    ) -> None:
        super().__init__()
        if shards < 1:
            raise ValueError(f"shards is {shards}: give the number of workers, at least 1")
        if max_pages is not None and max_pages < 0:
            raise ValueError(f"max_pages is {max_pages}: give 0 or more, or leave it out to fetch everything")
        self.fn = _SelectFn(seen, shards, max_pages, forgotten, choices, clock or Clock())

    def expand(self, entries: PCollection[tuple[str, RunShard]]) -> SelectedEntries:
        outputs = (
            entries
            | "GroupByShard" >> beam.GroupByKey()
            | "Select" >> beam.ParDo(self.fn).with_outputs("rows", "facts", main="entries")
        )
        return SelectedEntries(outputs.entries, outputs.rows, outputs.facts)


_Output: TypeAlias = (
    tuple[str, RunShard]
    | TaggedOutput[Literal["rows"], tuple[str, Sequence[Any]]]
    | TaggedOutput[Literal["facts"], tuple[str, Tally | StepTime]]
)


class _SelectFn(beam.DoFn):
    def __init__(
        self,
        seen: SeenLookup,
        shards: int,
        max_pages: int | None,
        forgotten: ForgottenLookup,
        choices: FeedChoices,
        clock: Now,
    ) -> None:
        self._clock = clock
        self._seen = seen
        self._shards = shards
        self._max_pages = max_pages
        self._forgotten = forgotten
        self._choices = choices

    def process(self, element: tuple[str, Iterable[RunShard]]) -> Iterator[_Output]:
        began_us = self._clock.now_us()
        shard = RunShard.joined(element[1])
        run = shard.run
        forgotten = self._forgotten(run)
        usable = [entry for entry in shard.entries if not forgotten or not forgotten.holds(entry.url)]
        seen = self._seen(run, sorted({entry.url_key for entry in usable}))
        counts: Counter[SelectOutcome] = Counter()
        if len(usable) < len(shard.entries):
            counts[SelectOutcome.FORGOTTEN] = len(shard.entries) - len(usable)
        new: Counter[str] = Counter()
        wanted = []
        rules = self._against(usable)
        if rules:
            counts[SelectOutcome.DROPPED] = len(rules)
        for rule, n in Counter(rules.values()).items():
            yield TaggedOutput("facts", (run.run_id, (f"entries_dropped.{rule}", n)))
        kept = [entry for at, entry in enumerate(usable) if at not in rules]
        for entry, outcome in select_new(kept, seen):
            counts[outcome] += 1
            if outcome is SelectOutcome.FETCH:
                wanted.append(entry)
                if entry.origin == Origin.LISTED:
                    new[entry.feed_url] += 1
        fetched, deferred = first_in_turn(wanted, self._max_pages)
        for key, entries in self._by_host(run, fetched):
            yield key, RunShard(run, entries=entries)
        for key, entries in self._by_host(run, deferred):
            yield key, RunShard(run, deferred=entries)
        again = list(relisted(usable, seen, run.started_at_us))
        if again:
            yield TaggedOutput("rows", (run.place(SEEN.name), again))
        if new:
            yield TaggedOutput("rows", (run.place(FEED_POLLS.name), [NewEntries(*of_feed) for of_feed in new.items()]))
        for outcome, n in counts.items():
            Metrics.counter("feeds", f"entries_{outcome}").inc(n)
            yield TaggedOutput("facts", (run.run_id, (f"entries.{outcome}", n)))
        yield TaggedOutput("facts", (run.run_id, StepTime.between(Step.SELECT, began_us, self._clock.now_us())))

    def _against(self, entries: Sequence[FeedEntry]) -> dict[int, str]:
        """The rule against each entry that one drops, by the entry's place."""
        if not self._choices.judge_entries:
            return {}
        chosen = {url: self._choices.of(url) for url in {entry.feed_url for entry in entries}}
        found = ((at, rule_against(entry, chosen[entry.feed_url])) for at, entry in enumerate(entries))
        return {at: rule for at, rule in found if rule is not None}

    def _by_host(self, run: Run, entries: list[FeedEntry]) -> Iterator[tuple[str, tuple[FeedEntry, ...]]]:
        blocks = Blocks[FeedEntry](lambda entry: entry.content_bytes)
        for entry in entries:
            yield from blocks.add(shard_key(run.run_id, shard_of_url(entry.url, self._shards)), entry)
        yield from blocks.rest()

"""Acquires pages: from feeds to stored pages, the half of a run that talks to the network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any, Literal, NamedTuple, TypeAlias

import apache_beam as beam
from apache_beam.pvalue import PCollection, TaggedOutput

from pipelines.run.build_articles import revisiting_of
from pipelines.run.revisits.due import FindRevisits
from pipelines.run.settings import IngestSettings
from schemas.failure import Failure
from schemas.feed import FeedEntry
from schemas.page import PAGES, Page
from schemas.revisit import Withdrawal
from schemas.run import FilePart, Run, StepTime, Tally
from schemas.run_shard import RunShard
from schemas.table import day_of
from transforms.common.blocks import Blocks
from transforms.common.clock import Clock
from transforms.feeds.polling.poll_feeds import PollFeeds, RunFeeds
from transforms.feeds.polling.select_new_entries import SelectNewEntries
from transforms.lake.feed_orders import orders_of
from transforms.lake.files.parts import PartWriter, writer_of
from transforms.lake.forget.record import forgotten_of
from transforms.lake.state import cursors_of, hosts_of, seen_of, state_of
from transforms.pages.fetch_pages import FetchPages, Flushing
from transforms.web.politeness.polite import open_polite_client
from transforms.web.politeness.shards import shard_key, shard_of_page


class AcquiredPages(NamedTuple):
    """Files of stored pages, adopted ones too, each with its run; and the rows, counts and failures of polling and
    fetching.

    `rows`, keyed by `Run.place`, are of the tables `feed_polls` (with `NewEntries`, to be written through
    `fold_polls`), `feed_cursors`, `hosts`, `pending`, `seen` and `revisits`; `facts` and `failures` are keyed by run
    id. `withdrawn` are the articles that were found withdrawn, as `FetchedPages` has them.
    """

    pages: PCollection[tuple[Run, FilePart]]
    rows: PCollection[tuple[str, Sequence[Any]]]
    facts: PCollection[tuple[str, Tally | StepTime]]
    failures: PCollection[tuple[str, Failure]]
    withdrawn: PCollection[tuple[Run, str, tuple[Withdrawal, ...]]]


@dataclass(frozen=True, slots=True)
class LakePageStore:
    """Stores fetched pages as parts of the `pages` table, one part for each day of fetch."""

    writer: PartWriter
    check: Callable[[], None]
    """Raises unless the run still holds the lake, and this step is still the one that does its work."""

    def write(self, pages: Sequence[Page], chunk: str) -> list[FilePart]:
        """The parts in which the pages are stored; they are safe when this returns."""
        days = sorted({day_of(page.fetched_at_us) for page in pages})
        return [
            self.writer.write(PAGES, [page for page in pages if day_of(page.fetched_at_us) == day], chunk, day)
            for day in days
        ]


def check_lake(run: Run) -> None:
    """Raise LockLostError or LakeGoneError unless the run still holds the lake."""
    writer_of(run).check_lock()


def page_store_of(run: Run, check: Callable[[Run], None] = check_lake) -> LakePageStore:
    """The page store of a run, for any of its workers."""
    return LakePageStore(writer_of(run), partial(check, run))


class AcquirePages(beam.PTransform[PCollection[RunFeeds], AcquiredPages]):
    """Stored pages of the new entries in each run's feeds: polls feeds, selects entries, fetches and stores pages.

    Serves any number of runs, each with its own lake. Not repeatable: pages that it stored stay in the lake, and a
    later run goes on from there. All its other output (polls, cursors, entries left for the next run) takes effect only
    when the run is committed.
    """

    def __init__(self, settings: IngestSettings, clock: Clock) -> None:
        super().__init__()
        self._settings = settings
        self._clock = clock

    def expand(self, feeds: PCollection[RunFeeds]) -> AcquiredPages:
        settings, clock = self._settings, self._clock
        # `max_pages` limits the whole run, so with it all entries are selected together.
        entry_shards = settings.shards if settings.max_pages is None else 1
        polled = feeds | "PollFeeds" >> polling(settings, clock, entry_shards)
        pending = feeds | "ReadPending" >> beam.FlatMap(pending_entries, entry_shards).with_outputs(
            "facts", main="entries"
        )
        selected = (
            (polled.entries, pending.entries)
            | "AllEntries" >> beam.Flatten()
            | "SelectNewEntries" >> selecting(settings, clock)
        )
        # Adopted files come out of the fetching step: a Flatten behind it would hold every file back to its end.
        adopted = feeds | "AdoptedPages" >> beam.FlatMap(adopted_pages, settings.shards)
        work, rows = [selected.entries, polled.memories, adopted], [polled.rows, selected.rows]
        facts = [polled.facts, pending.facts, selected.facts]
        if settings.revisit_us:
            find = FindRevisits(settings)
            runs = feeds | "Runs" >> beam.Map(attrgetter("run"))
            due = runs | "FindRevisits" >> beam.FlatMap(find).with_outputs("rows", "facts", main="work")
            work, rows, facts = [*work, due.work], [*rows, due.rows], [*facts, due.facts]
        fetched = work | "WorkOfShards" >> beam.Flatten() | "FetchPages" >> fetching(settings, clock)
        return AcquiredPages(
            pages=fetched.pages,
            rows=[*rows, fetched.rows] | "Rows" >> beam.Flatten(),
            facts=[*facts, fetched.facts] | "Facts" >> beam.Flatten(),
            failures=(polled.failures, fetched.failures) | "Failures" >> beam.Flatten(),
            withdrawn=fetched.withdrawn,
        )


def polling(
    settings: IngestSettings, clock: Clock, entry_shards: int, check: Callable[[Run], None] = check_lake
) -> PollFeeds:
    """The step that polls the feeds of runs; entries come out over `entry_shards`. `check` raises to end it."""
    return PollFeeds(
        connect=partial(open_polite_client, settings.http, settings.guard, clock),
        cursors=cursors_of,
        hosts=hosts_of,
        check=check,
        sandbox=settings.sandbox,
        clock=clock,
        shards=settings.shards,
        settings=settings.polling,
        max_poll_s=settings.max_poll_s,
        entry_shards=entry_shards,
        forgotten=forgotten_of,
        orders=orders_of,
    )


def selecting(settings: IngestSettings, clock: Clock) -> SelectNewEntries:
    """The step that selects which entries are fetched."""
    return SelectNewEntries(seen_of, settings.shards, settings.max_pages, forgotten_of, settings.feeds, clock)


def fetching(settings: IngestSettings, clock: Clock, check: Callable[[Run], None] = check_lake) -> FetchPages:
    """The step that fetches pages and stores them in the run's lake. `check` raises to end it."""
    return FetchPages(
        http=settings.http,
        guard=settings.guard,
        store=partial(page_store_of, check=check),
        hosts=hosts_of,
        clock=clock,
        flushing=Flushing(after_s=settings.page_flush_s),
        max_run_s=settings.max_run_s,
        forgotten=forgotten_of,
        revisiting=revisiting_of(settings),
    )


def adopted_pages(feeds: RunFeeds, shards: int) -> Iterator[tuple[str, RunShard]]:
    """The page files of runs that died, dealt out to the shards."""
    for number, part in enumerate(feeds.adopted):
        yield shard_key(feeds.run.run_id, number % shards), RunShard(feeds.run, adopted=(part,))


_Pending: TypeAlias = tuple[str, RunShard] | TaggedOutput[Literal["facts"], tuple[str, Tally]]


def pending_entries(feeds: RunFeeds, shards: int) -> Iterator[_Pending]:
    """The entries that earlier runs left over, by the shard of their page, and their number."""
    run = feeds.run
    entries = state_of(run).pending()
    blocks = Blocks[FeedEntry](lambda entry: entry.content_bytes)
    for entry in entries:
        for key, full in blocks.add(shard_key(run.run_id, shard_of_page(entry, shards)), entry):
            yield key, RunShard(run, entries=full)
    for key, rest in blocks.rest():
        yield key, RunShard(run, entries=rest)
    if entries:
        yield TaggedOutput("facts", (run.run_id, ("entries.pending", len(entries))))

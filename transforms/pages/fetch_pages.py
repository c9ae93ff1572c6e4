"""Fetches the pages of feed entries, politely and from many hosts at a time, and stores them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.pvalue import PCollection, TaggedOutput

from schemas.failure import Failure
from schemas.feed import PENDING, FeedEntry
from schemas.host import HOSTS, HostMemory
from schemas.page import Page
from schemas.revisit import REVISITS, DueRevisit, Withdrawal
from schemas.run import FilePart, Run, Step, StepTime, Tally
from schemas.run_shard import RunShard
from schemas.state import SEEN
from transforms.common.blocks import Block, Blocks
from transforms.common.clock import Clock
from transforms.common.progress import Progress
from transforms.pages.entry_end import DeferredEntry
from transforms.pages.haul import Flushing, Haul, PageStore, Stored, tallies_of
from transforms.pages.own_thread import in_own_thread
from transforms.pages.revisit.revisit_end import Looked
from transforms.sandbox import Sandbox, SandboxPool
from transforms.web.forgotten import ForgottenLookup, nothing_forgotten
from transforms.web.http.guard import AddressGuard
from transforms.web.politeness.memory import HostLookup, for_next_run, unknown_hosts
from transforms.web.politeness.polite import open_polite_client
from transforms.web.politeness.shards import shard_name
from transforms.web.settings import HttpSettings
from transforms.web.urls import lane_of

__all__ = ["FetchPages", "FetchedPages", "Flushing", "PageStore"]

OpenStore = Callable[[Run], PageStore]
"""Opens the store of a run's pages. Can be pickled."""


@dataclass(frozen=True, slots=True)
class Revisiting:
    """How pages that are asked for again are looked at: by a function of a page, in worker processes. Can be pickled.

    `look` returns `Looked`, raises ReasonedError where the page holds no article, and BugError for a bug.
    """

    look: Callable[[Page], Looked]
    sandbox: Sandbox


class FetchedPages(NamedTuple):
    """The files of stored and adopted pages, each with its run; rows by `Run.place`; counts, times and failures by
    run id.

    Each entry counts as one outcome; an entry that is tried again also has a failure. `rows` are of the tables
    `pending` (entries for a later run), `hosts` (what is known of hosts at the end), `seen` (entries that failed for
    good) and `revisits` (what is remembered of those that were made). `withdrawn` are the articles that were found
    withdrawn, with their run and the shard that found them.
    """

    pages: PCollection[tuple[Run, FilePart]]
    rows: PCollection[tuple[str, Sequence[Any]]]
    facts: PCollection[tuple[str, Tally | StepTime]]
    failures: PCollection[tuple[str, Failure]]
    withdrawn: PCollection[tuple[Run, str, tuple[Withdrawal, ...]]]


@dataclass(frozen=True, slots=True)
class _Settings:
    http: HttpSettings
    guard: AddressGuard
    store: OpenStore
    hosts: HostLookup
    clock: Clock
    flushing: Flushing
    max_run_s: float | None
    forgotten: ForgottenLookup
    revisiting: Revisiting | None


class FetchPages(beam.PTransform[PCollection[tuple[str, RunShard]], FetchedPages]):
    """Stored pages of entries; an entry without a page becomes a failure with a reason, or is left for a later run.

    Takes, keyed by `shard_key`, entries to fetch, entries that a limit defers, revisits, what polling learned of hosts,
    and adopted page files, which it passes on first; all of a registrable domain must be under one key. `hosts` looks
    up what earlier runs know of hosts. Not repeatable, as the network is not: a retried bundle fetches again and
    replaces what it had stored. The pages themselves go only to `store`.

    Requests go on, in a thread of their own, while later steps in the same worker handle the files stored so far. A
    worker takes its keys one after another, so there should be as many keys as workers. No request starts later than
    `max_run_s` after the run began; entries not fetched by then are deferred. None leads to a `forgotten` address: an
    entry that is redirected there is a failure.

    A page that is asked for again (`revisiting`; None: none is) comes behind all entries of its host, and not in this
    run where a limit defers entries. Only a page with other words than before is stored.
    """

    def __init__(
        self,
        http: HttpSettings,
        guard: AddressGuard,
        store: OpenStore,
        clock: Clock,
        hosts: HostLookup = unknown_hosts,
        flushing: Flushing | None = None,
        max_run_s: float | None = None,
        forgotten: ForgottenLookup = nothing_forgotten,
        revisiting: Revisiting | None = None,
    ) -> None:
        super().__init__()
        flushing = flushing or Flushing()
        self.fn = _FetchFn(_Settings(http, guard, store, hosts, clock, flushing, max_run_s, forgotten, revisiting))

    def expand(self, shards: PCollection[tuple[str, RunShard]]) -> FetchedPages:
        outputs = (
            shards
            | "GroupByHostShard" >> beam.GroupByKey()
            | "Fetch" >> beam.ParDo(self.fn).with_outputs("rows", "facts", "failures", "withdrawn", main="pages")
        )
        return FetchedPages(outputs.pages, outputs.rows, outputs.facts, outputs.failures, outputs.withdrawn)


_Output: TypeAlias = (
    tuple[Run, FilePart]
    | TaggedOutput[Literal["rows"], tuple[str, Sequence[Any]]]
    | TaggedOutput[Literal["facts"], tuple[str, Tally | StepTime]]
    | TaggedOutput[Literal["failures"], tuple[str, Failure]]
    | TaggedOutput[Literal["withdrawn"], tuple[Run, str, tuple[Withdrawal, ...]]]
)


class _FetchFn(beam.DoFn):
    def __init__(self, settings: _Settings) -> None:
        self._settings = settings
        self._page_ms = Metrics.distribution("pages", "page_ms")
        self._body_bytes = Metrics.distribution("pages", "body_bytes")
        self._pool: SandboxPool | None = None

    def setup(self) -> None:
        if self._settings.revisiting is not None:
            self._pool = self._settings.revisiting.sandbox.open()

    def teardown(self) -> None:
        if self._pool is not None:
            self._pool.close()

    def process(self, element: tuple[str, Iterable[RunShard]]) -> Iterator[_Output]:
        given, shard = self._settings, RunShard.joined(element[1])
        run, began_us, fetched_bytes = shard.run, given.clock.now_us(), 0
        haul = Haul(run, given.store(run), shard_name(element[0]), given.clock, given.flushing)
        for entry in shard.deferred:
            haul.end(DeferredEntry(entry, "beyond max_pages"))
        memories = list(shard.memories)
        revisits = _revisits_of(shard, haul)
        if shard.entries or revisits:
            hosts = {lane_of(entry.url) for entry in shard.entries} | {lane_of(due.url) for due in revisits}
            memories = [*given.hosts(run, sorted(hosts)), *memories]
            with closing(self._fetch(haul, shard, revisits, memories, element[0])) as stored:
                for files, page_ms, body_bytes in stored:
                    for ms, size_bytes in zip(page_ms, body_bytes, strict=True):
                        self._page_ms.update(ms)
                        self._body_bytes.update(size_bytes)
                    fetched_bytes += sum(body_bytes)
                    for file in files:
                        Metrics.counter("pages", "stored_pages").inc(file.rows)
                        Metrics.counter("pages", "stored_bytes").inc(file.size_bytes)
                        yield run, file
        else:
            for file in shard.adopted:
                yield run, file
        yield from _outputs(run, haul, memories, shard_name(element[0]))
        if shard.entries:
            took = StepTime.between(Step.FETCH, began_us, given.clock.now_us())
            for fact in (("bytes.pages", fetched_bytes), took):
                yield TaggedOutput("facts", (run.run_id, fact))

    def _fetch(
        self, haul: Haul, shard: RunShard, revisits: Sequence[DueRevisit], memories: list[HostMemory], key: str
    ) -> Generator[Stored, None, None]:
        """The files of a shard as they are stored; at the end `memories` holds what is known of its hosts."""
        given, progress = self._settings, Progress("pages", key, len(shard.entries) + len(revisits))
        deadline_us = shard.run.until_us(given.max_run_s)

        async def fetch(give: Callable[[Stored], None]) -> None:
            give(Stored(list(shard.adopted), [], []))
            async with open_polite_client(
                given.http, given.guard, given.clock, memories, deadline_us, forgotten=given.forgotten(shard.run)
            ) as client:
                memories[:] = await haul.fetch(shard.entries, client, progress, give, revisits, self._look)

        return in_own_thread(fetch, f"fetch {key}")

    async def _look(self, page: Page) -> Looked:
        revisiting = self._settings.revisiting
        assert revisiting is not None, "a step without revisits gets none"
        assert self._pool is not None, "the pool is opened in setup"
        looked: Looked = await asyncio.wrap_future(self._pool.submit(revisiting.look, page))
        return looked


def _revisits_of(shard: RunShard, haul: Haul) -> Sequence[DueRevisit]:
    """The revisits to make. None while new pages wait for their turn; and none of what is fetched anyway."""
    if shard.deferred:
        haul.defer_revisits(shard.revisits, "new pages come first")
        return ()
    fetched = {entry.url_key for entry in shard.entries}
    haul.defer_revisits((due for due in shard.revisits if due.row.url_key in fetched), "it is fetched as an entry")
    return [due for due in shard.revisits if due.row.url_key not in fetched]


def _outputs(run: Run, haul: Haul, memories: Sequence[HostMemory], shard: str) -> Iterator[_Output]:
    pending = Blocks[FeedEntry](lambda entry: entry.content_bytes)
    place = run.place(PENDING.name)
    for entry in haul.pending:
        for full in pending.add(place, entry):
            yield TaggedOutput("rows", full)
    for rest in pending.rest():
        yield TaggedOutput("rows", rest)
    if memories:
        yield TaggedOutput("rows", (run.place(HOSTS.name), Block(map(for_next_run, memories))))
    if haul.seen:
        yield TaggedOutput("rows", (run.place(SEEN.name), Block(haul.seen)))
    if haul.revisits:
        yield TaggedOutput("rows", (run.place(REVISITS.name), Block(haul.revisits)))
    if haul.withdrawn:
        yield TaggedOutput("withdrawn", (run, shard, tuple(haul.withdrawn)))
    for failure in haul.failures:
        Metrics.counter("pages", f"failures_{failure.reason}").inc()
        yield TaggedOutput("failures", (run.run_id, failure))
    for outcome, n in haul.counts.items():
        Metrics.counter("pages", f"entries_{outcome}").inc(n)
    for outcome, n in haul.revisit_counts.items():
        Metrics.counter("pages", f"revisits_{outcome}").inc(n)
    for tally in tallies_of(haul.counts, haul.revisit_counts):
        yield TaggedOutput("facts", (run.run_id, tally))

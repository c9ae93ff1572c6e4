"""Feed entries to stored pages, politely, from many hosts at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from hashlib import blake2b
from time import monotonic
from typing import Any, NamedTuple, Protocol

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.pvalue import AsSingleton, PCollection, TaggedOutput

from schemas.failure import Failure
from schemas.feed import FeedEntry
from schemas.host import HostMemory
from schemas.page import Page
from transforms.pages.fetch_entries import fetch_entries, fetch_order, lane_of
from transforms.pages.settle import DeferredEntry, FetchOutcome, FetchResult, settle
from transforms.text.clock import Clock
from transforms.text.progress import Progress
from transforms.web.guard import AddressGuard
from transforms.web.memory import HostLookup, unknown_hosts
from transforms.web.polite import open_polite_client
from transforms.web.settings import MIB, HttpSettings
from transforms.web.urls import domain_of_host

__all__ = ["FetchOutcome", "FetchPages", "FetchedPages", "PageStore"]


class PageStore(Protocol):
    """Where fetched pages are put. Pickles; its `write` is called in a thread, once at a time a worker."""

    def write(self, pages: Sequence[Page], chunk: str) -> list[Any]:
        """Store `pages` whole under a name made of `chunk`, the same name replacing; return what describes them."""
        ...


class FetchedPages(NamedTuple):
    """What became of the entries. Each has one outcome; one that is tried again also has its failure."""

    pages: PCollection[Any]
    failures: PCollection[Failure]
    pending: PCollection[FeedEntry]
    outcomes: PCollection[FetchOutcome]
    memories: PCollection[HostMemory]


@dataclass(frozen=True, slots=True)
class _Settings:
    http: HttpSettings
    guard: AddressGuard
    store: PageStore
    hosts: HostLookup
    clock: Clock
    run_id: str
    page_flush_bytes: int
    page_flush_s: float
    deadline_us: int | None


class FetchPages(beam.PTransform[PCollection[Any], FetchedPages]):
    """Stored pages of `entries`; a failure with a reason, or an entry left for a later run, for each that gave none.

    Input: a mapping with `entries` (PCollection[FeedEntry]) and `memories` (PCollection[HostMemory], what polling
    learned of the hosts; `hosts` is asked for those of the entries). `memories` of the output is what is known of all
    these hosts in the end. Bounded; not repeatable, as the network is not: a retried bundle fetches again and replaces
    what it had stored. The pages themselves go to `store` and nowhere else; its descriptions are the output `pages`.

    A registrable domain belongs to one of `shards`; a worker takes its shards one after another, so `shards` is the
    number of workers. Pages are stored whenever `page_flush_bytes` of them have come, or at the first result after
    `page_flush_s` seconds. At most `max_pages` entries are tried: those left over first, then the newest. A shard
    starts no request from `deadline_us` on. What neither limit lets through is deferred.
    """

    def __init__(
        self,
        http: HttpSettings,
        guard: AddressGuard,
        store: PageStore,
        clock: Clock,
        run_id: str,
        shards: int,
        page_flush_bytes: int = 32 * MIB,
        page_flush_s: float = 60.0,
        max_pages: int | None = None,
        deadline_us: int | None = None,
        hosts: HostLookup = unknown_hosts,
    ) -> None:
        super().__init__()
        if shards < 1:
            raise ValueError(f"shards is {shards}: give the number of workers, at least 1")
        if max_pages is not None and max_pages < 0:
            raise ValueError(f"max_pages is {max_pages}: give 0 or more, or leave it out to fetch everything")
        self._settings = _Settings(
            http, guard, store, hosts, clock, run_id, page_flush_bytes, page_flush_s, deadline_us
        )
        self._shards = shards
        self._max_pages = max_pages

    def expand(self, inputs: Mapping[str, PCollection[Any]]) -> FetchedPages:
        entries, memories = inputs["entries"], inputs["memories"]
        chosen = None
        if self._max_pages is not None:
            chosen = AsSingleton(
                entries
                | "Order" >> beam.Map(fetch_order)
                | "First" >> beam.combiners.Top.Smallest(self._max_pages)
                | "Keys" >> beam.Map(_keys)
            )
        outputs = (
            {
                "entries": entries | "EntriesByShard" >> beam.Map(_entry_by_shard, self._shards),
                "memories": memories | "MemoriesByShard" >> beam.Map(_memory_by_shard, self._shards),
            }
            | "Join" >> beam.CoGroupByKey()
            | "Fetch"
            >> beam.ParDo(_FetchFn(self._settings), chosen).with_outputs(
                "failures", "pending", "outcomes", "memories", main="pages"
            )
        )
        return FetchedPages(outputs.pages, outputs.failures, outputs.pending, outputs.outcomes, outputs.memories)


class _FetchFn(beam.DoFn):
    def __init__(self, settings: _Settings) -> None:
        self._settings = settings

    def process(
        self, element: tuple[int, dict[str, Iterable[Any]]], chosen: frozenset[str] | None = None
    ) -> Iterator[Any]:
        shard, groups = element
        entries = list(groups["entries"])
        taken = entries if chosen is None else [entry for entry in entries if entry.url_key in chosen]
        haul = _Haul(self._settings, shard, len(taken))
        if chosen is not None:
            for entry in entries:
                if entry.url_key not in chosen:
                    haul.settle(DeferredEntry(entry, "beyond max_pages"))
        memories = list(groups["memories"])
        if taken:
            earlier = self._settings.hosts(sorted({lane_of(entry) for entry in taken}))
            memories = asyncio.run(haul.fetch(taken, [*earlier, *memories]))
        # Only now, so that nothing downstream can hold up the loop while requests are under way.
        yield from haul.outputs
        for memory in memories:
            yield TaggedOutput("memories", memory)


class _Haul:
    """The outputs of one shard as they gather: stored chunks, failures, entries for later."""

    def __init__(self, settings: _Settings, shard: int, total: int) -> None:
        self.outputs: list[Any] = []
        self._settings = settings
        self._shard = shard
        self._progress = Progress("pages", shard, total)
        self._began_us = settings.clock.now_us()
        self._chunks = 0
        self._pages: list[Page] = []
        self._pages_bytes = 0
        self._first_page_s = 0.0
        self._page_ms = Metrics.distribution("pages", "page_ms")
        self._body_bytes = Metrics.distribution("pages", "body_bytes")

    async def fetch(self, entries: list[FeedEntry], memories: list[HostMemory]) -> list[HostMemory]:
        """Fetch all entries; what is known of their hosts, and of those of `memories`, in the end."""
        given = self._settings
        async with (
            open_polite_client(given.http, given.guard, given.clock, memories, given.deadline_us) as client,
            aclosing(fetch_entries(entries, client, given.clock, given.run_id)) as results,
        ):
            async for result in results:
                self.settle(result)
                self._progress.step()
                if isinstance(result, Page):
                    self._keep(result)
                if self._pages_bytes >= given.page_flush_bytes or self._waited_s() >= given.page_flush_s:
                    await self._flush()
            learned = client.memories()
        await self._flush()
        return learned

    def settle(self, result: FetchResult) -> None:
        settled = settle(result, self._settings.run_id, self._began_us)
        Metrics.counter("pages", f"entries_{settled.outcome.outcome}").inc()
        self.outputs.append(TaggedOutput("outcomes", settled.outcome))
        if settled.failure is not None:
            Metrics.counter("pages", f"failures_{settled.failure.reason}").inc()
            self.outputs.append(TaggedOutput("failures", settled.failure))
        if settled.pending is not None:
            self.outputs.append(TaggedOutput("pending", settled.pending))

    def _keep(self, page: Page) -> None:
        if not self._pages:
            self._first_page_s = monotonic()
        self._pages.append(page)
        self._pages_bytes += len(page.body) + len(page.entry_content_html or "")
        self._page_ms.update(page.elapsed_ms or 0)
        self._body_bytes.update(len(page.body))

    def _waited_s(self) -> float:
        return monotonic() - self._first_page_s if self._pages else 0.0

    async def _flush(self) -> None:
        if self._pages:
            chunk = f"{self._shard:05d}-{self._chunks:04d}"
            pages, self._pages, self._pages_bytes = self._pages, [], 0
            self._chunks += 1
            # In a thread: requests go on while a file is written.
            self.outputs += await asyncio.to_thread(self._settings.store.write, pages, chunk)


def _keys(first: list[tuple[bool, int, int, str]]) -> frozenset[str]:
    return frozenset(key for *_, key in first)


def _entry_by_shard(entry: FeedEntry, shards: int) -> tuple[int, FeedEntry]:
    return _shard(lane_of(entry), shards), entry


def _memory_by_shard(memory: HostMemory, shards: int) -> tuple[int, HostMemory]:
    return _shard(memory.host, shards), memory


def _shard(host: str, shards: int) -> int:
    """All hosts of a registrable domain go together: one that says 429 speaks for the others."""
    return int.from_bytes(blake2b(domain_of_host(host).encode(), digest_size=8).digest(), "big") % shards

"""Fetches one shard's entries, stores their pages, and collects the other rows and counts. Plain asyncio."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from time import monotonic
from typing import NamedTuple, Protocol

from schemas.failure import Failure
from schemas.feed import FeedEntry
from schemas.host import HostMemory
from schemas.page import Page
from schemas.revisit import DueRevisit, Revisit, Withdrawal
from schemas.run import FilePart, Run
from schemas.state import Seen
from transforms.common.clock import Now
from transforms.common.progress import Progress
from transforms.common.watch import Watch
from transforms.pages.entry_end import EntryFailure, FetchOutcome, FetchResult, end_of_entry
from transforms.pages.fetch_entries import fetch_entries
from transforms.pages.revisit.ask_again import Look
from transforms.pages.revisit.revisit_end import Revisited, RevisitOutcome, failure_of, row_after, withdrawal_of
from transforms.web.http.fetcher import PageFetcher
from transforms.web.settings import MIB

FIRST_FLUSH_BYTES = 2 * MIB


class PageStore(Protocol):
    """The store of fetched pages. A worker calls `write` in a thread, one call at a time."""

    def write(self, pages: Sequence[Page], chunk: str) -> list[FilePart]:
        """The files in which `pages` are stored, named by `chunk`; a file of the same name is replaced."""
        ...

    def check(self) -> None:
        """Raise if the run may no longer write here, and so has no reason to ask hosts."""
        ...


class HostsClient(PageFetcher, Protocol):
    """A client that also tells what it learned of hosts."""

    def memories(self) -> list[HostMemory]: ...


class Stored(NamedTuple):
    """Files that were stored, with the answer time and the body size of each page in them."""

    files: list[FilePart]
    page_ms: list[int]
    body_bytes: list[int]


@dataclass(frozen=True, slots=True)
class Flushing:
    """When pages are stored: after `at_bytes` of pages, or at the first result after `after_s` seconds.

    The first file is small, so that building begins early; each further file is twice as large, up to `at_bytes`.
    """

    at_bytes: int = 16 * MIB
    after_s: float = 60.0

    def is_due(self, chunk: int, gathered_bytes: int, waited_s: float) -> bool:
        """Whether file number `chunk`, counted from 0, is to be stored now."""
        at_bytes = min(self.at_bytes, FIRST_FLUSH_BYTES << min(chunk, 16))
        return gathered_bytes >= at_bytes or waited_s >= self.after_s


class Haul:
    """The outcomes of one shard's entries and revisits: rows for later runs, failures and counts. Pages go to `store`.

    `name` is the shard's name, with which the names of its files begin.
    """

    def __init__(self, run: Run, store: PageStore, name: str, clock: Now, flushing: Flushing) -> None:
        self.pending: list[FeedEntry] = []
        self.failures: list[Failure] = []
        self.seen: list[Seen] = []
        self.counts: Counter[str] = Counter()
        self.revisits: list[Revisit] = []
        self.withdrawn: list[Withdrawal] = []
        self.revisit_counts: Counter[str] = Counter()
        self._run = run
        self._store = store
        self._name = name
        self._clock = clock
        self._flushing = flushing
        self._began_us = clock.now_us()
        self._chunks = 0
        self._pages: list[Page] = []
        self._pages_bytes = 0
        self._first_page_s = 0.0

    async def fetch(
        self,
        entries: Sequence[FeedEntry],
        client: HostsClient,
        progress: Progress,
        give: Callable[[Stored], None],
        revisits: Sequence[DueRevisit] = (),
        look: Look | None = None,
    ) -> list[HostMemory]:
        """What is known of hosts at the end. Fetches all entries, then makes the revisits of each host, and passes each
        stored file to `give` at once."""
        watch = Watch(self._store.check)
        await watch.look()
        asked = fetch_entries(entries, client, self._clock, self._run.run_id, revisits=revisits, look=look)
        async with aclosing(asked) as results:
            async for result in results:
                if isinstance(result, Revisited):
                    self.end_revisit(result)
                else:
                    self.end(result)
                progress.step()
                await watch.look()
                page = result.page if isinstance(result, Revisited) else result
                if isinstance(page, Page):
                    self._keep(page)
                waited_s = monotonic() - self._first_page_s
                if self._pages and self._flushing.is_due(self._chunks, self._pages_bytes, waited_s):
                    give(await self._flush())
        if self._pages:
            give(await self._flush())
        return client.memories()

    def end(self, result: FetchResult) -> None:
        """Record the outcome of one entry; a page's bytes are kept by `_keep`."""
        end = end_of_entry(result, self._run.run_id, self._began_us)
        self.counts[end.outcome] += 1
        if end.failure is not None:
            self.failures.append(end.failure)
        if end.pending is not None:
            self.pending.append(end.pending)
        if isinstance(result, EntryFailure) and end.outcome is FetchOutcome.FAILED:
            # Fetched again only when the feed says that it was edited.
            self.seen.append(Seen(result.entry.url_key, result.entry.updated_us, self._run.started_at_us))

    def end_revisit(self, revisited: Revisited) -> None:
        """Record the outcome of one revisit; a page's bytes are kept by `_keep`."""
        self.revisit_counts[revisited.outcome] += 1
        if (failure := failure_of(revisited, self._run.run_id)) is not None:
            self.failures.append(failure)
        if (row := row_after(revisited)) is not None:
            self.revisits.append(row)
        if (withdrawal := withdrawal_of(revisited)) is not None:
            self.withdrawn.append(withdrawal)

    def defer_revisits(self, revisits: Iterable[DueRevisit], why: str) -> None:
        """Record that these revisits are not made in this run."""
        for due in revisits:
            self.end_revisit(Revisited(due, RevisitOutcome.DEFERRED, self._began_us, why=why))

    def _keep(self, page: Page) -> None:
        if not self._pages:
            self._first_page_s = monotonic()
        self._pages.append(page)
        self._pages_bytes += len(page.body) + len(page.entry_content_html or "")

    async def _flush(self) -> Stored:
        chunk = f"{self._name}-{self._chunks:04d}"
        pages, self._pages, self._pages_bytes = self._pages, [], 0
        self._chunks += 1
        # In a thread: requests go on while a file is written.
        files = await asyncio.to_thread(self._store.write, pages, chunk)
        return Stored(files, [page.elapsed_ms or 0 for page in pages], [len(page.body) for page in pages])


def tallies_of(counts: Counter[str], revisits: Counter[str]) -> Iterable[tuple[str, int]]:
    """The tallies of a run, from the numbers of fetches and of revisits by outcome."""
    for outcome, n in counts.items():
        yield f"fetches.{outcome}", n
    for outcome, n in revisits.items():
        yield f"revisits.{outcome}", n
    if offline := counts[FetchOutcome.OFFLINE] + revisits[RevisitOutcome.OFFLINE]:
        yield "attention.network_down", offline

"""Fetching for the tests of this room: a store in a folder, and what the steps before give."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from schemas.feed import FeedEntry
from schemas.host import HostMemory
from schemas.page import Page
from schemas.run import FilePart, Run
from schemas.run_shard import RunShard
from tests.transforms.pages.entries import entry
from tests.web_server import Answer, WebServer
from transforms.common.clock import Clock
from transforms.pages.fetch_pages import FetchPages, Flushing
from transforms.web.http.client import HttpSettings, Limits
from transforms.web.http.guard import AddressGuard
from transforms.web.politeness.shards import shard_key, shard_of_host, shard_of_url

HTTP = HttpSettings(
    contact="desk@newsbeam.example", host_delay_s=0.0, retry_base_s=0.01, limits=Limits(connect_s=2, total_s=5)
)
PAGE = Answer(200, b"<html><p>The river rose.</p></html>", {"Content-Type": "text/html; charset=utf-8"})


RUN = Run("run-1", Clock().now_us(), "lake")


@dataclass(frozen=True)
class FolderStore:
    """Writes each chunk as a file of its own, below the run's name."""

    folder: str
    run_id: str

    def check(self) -> None:
        pass

    def write(self, pages: Sequence[Page], chunk: str) -> list[FilePart]:
        path = f"{self.run_id}-{chunk}"
        Path(self.folder, path).write_bytes(pickle.dumps(list(pages)))
        return [FilePart("pages", path, len(pages), 0)]


@dataclass(frozen=True)
class FolderStores:
    folder: str

    def __call__(self, run: Run) -> FolderStore:
        return FolderStore(self.folder, run.run_id)


def transform(folder: Path, **options: Any) -> FetchPages:
    given: dict[str, Any] = {"http": HTTP, "store": FolderStores(str(folder)), "clock": Clock()} | options
    return FetchPages(guard=AddressGuard(("127.0.0.0/8",)), **given)


@dataclass
class Given:
    """What the steps before give: entries, memories and adopted files of a run, over some shards."""

    entries: Sequence[FeedEntry] = ()
    memories: Sequence[HostMemory] = ()
    deferred: Sequence[FeedEntry] = ()
    adopted: Sequence[FilePart] = ()
    shards: int = 1
    run: Run = RUN

    def keyed(self) -> Iterator[tuple[str, RunShard]]:
        for one in self.entries:
            yield self._key(shard_of_url(one.url, self.shards)), RunShard(self.run, entries=(one,))
        for one in self.deferred:
            yield self._key(shard_of_url(one.url, self.shards)), RunShard(self.run, deferred=(one,))
        for memory in self.memories:
            yield self._key(shard_of_host(memory.host, self.shards)), RunShard(self.run, memories=(memory,))
        for number, part in enumerate(self.adopted):
            yield self._key(number % self.shards), RunShard(self.run, adopted=(part,))

    def _key(self, shard: int) -> str:
        return shard_key(self.run.run_id, shard)


def fetching() -> list[str]:
    """The names of threads that fetch."""
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("fetch ")]


def process(folder: Path, given: Given, **options: Any) -> Any:
    """The outputs of one shard, as they come."""
    shards = [shard for _, shard in given.keyed()]
    return transform(folder, **options).fn.process(("run-1/00000", shards))


def processed(folder: Path, given: Given, **options: Any) -> list[Any]:
    return list(process(folder, given, **options))


AT_ONCE = Flushing(after_s=0.0)


def two_hosts(web: WebServer, slow_s: float) -> Given:
    web.on("/quick", PAGE)
    web.on("/slow", replace(PAGE, delay_s=slow_s))
    return Given([entry(web.url("/quick")), entry(web.url("/slow", "127.0.0.2"))])

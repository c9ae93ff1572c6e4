"""The fetching part of the hosts benchmark: `FetchPages` in Beam's local runner, without storing the pages."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import apache_beam as beam
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from schemas.feed import FeedEntry
from schemas.page import Page
from schemas.run import FilePart, Run
from schemas.run_shard import RunShard
from schemas.state import Seen
from transforms.common.clock import Clock
from transforms.pages.fetch_pages import FetchPages
from transforms.web.http.guard import AddressGuard
from transforms.web.politeness.shards import shard_key
from transforms.web.settings import HttpSettings
from transforms.web.urls import url_key

_OUTCOMES: list[tuple[str, str]] = []
"""The url_key and the outcome of each entry."""


class _Nowhere:
    def __call__(self, run: Run) -> _Nowhere:
        return self

    def write(self, pages: Sequence[Page], chunk: str) -> list[FilePart]:
        _OUTCOMES.extend((page.url_key, "page") for page in pages)
        return []


def fetch_hosts(port: int, run_s: float, host_delay_s: float, names: Sequence[str], pages: int) -> dict[str, Any]:
    """The wall seconds of the run, and for each host how many entries had each outcome."""
    hosts = {}
    entries = []
    for name in names:
        for number in range(pages):
            url = f"http://{name}:{port}/page/{number}.html"
            hosts[url_key(url)] = name
            entries.append(FeedEntry(f"http://{name}:{port}/feed", url, url, url_key(url)))
    started_s = time.monotonic()
    run = Run("run", Clock().now_us(), "nowhere")
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        fetched = (
            pipeline
            | beam.Create([(shard_key(run.run_id, 0), RunShard(run, entries=tuple(entries)))])
            | FetchPages(
                http=HttpSettings(host_delay_s=host_delay_s),
                guard=AddressGuard(("127.0.0.0/8",)),
                store=_Nowhere(),
                clock=Clock(),
                max_run_s=run_s,
            )
        )
        _ = fetched.rows | beam.Map(_note)
    wall_s = time.monotonic() - started_s
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for key, outcome in _OUTCOMES:
        counts[hosts[key]][outcome] += 1
    return {"wall_s": wall_s, "outcomes": counts}


def _note(rows: tuple[str, Iterable[Any]]) -> None:
    for row in rows[1]:
        if isinstance(row, FeedEntry):
            _OUTCOMES.append((row.url_key, "retry" if row.attempts else "deferred"))
        elif isinstance(row, Seen):
            _OUTCOMES.append((row.url_key, "failed"))

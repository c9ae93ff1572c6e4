"""The fetcher of the hosts benchmark: `FetchPages` in Beam's local runner, pages stored nowhere."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from schemas.feed import FeedEntry
from schemas.host import HostMemory
from schemas.page import Page
from transforms.pages.fetch_pages import FetchOutcome, FetchPages
from transforms.text.clock import Clock
from transforms.web.guard import AddressGuard
from transforms.web.settings import HttpSettings
from transforms.web.urls import url_key

_OUTCOMES: list[FetchOutcome] = []


@dataclass(frozen=True)
class _Nowhere:
    def write(self, pages: Sequence[Page], chunk: str) -> list[Any]:
        return []


def fetch_hosts(port: int, run_s: float, host_delay_s: float, names: Sequence[str], pages: int) -> dict[str, Any]:
    """Wall seconds, and the number of each outcome by host."""
    hosts = {}
    entries = []
    for name in names:
        for number in range(pages):
            url = f"http://{name}:{port}/page/{number}.html"
            hosts[url_key(url)] = name
            entries.append(FeedEntry(f"http://{name}:{port}/feed", url, url, url_key(url)))
    started_s = time.monotonic()
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        listed = pipeline | "Entries" >> beam.Create(entries)
        known = pipeline | "Memories" >> beam.Create([]).with_output_types(HostMemory)
        fetched: Any = {"entries": listed, "memories": known} | FetchPages(
            http=HttpSettings(host_delay_s=host_delay_s),
            guard=AddressGuard(("127.0.0.0/8",)),
            store=_Nowhere(),
            clock=Clock(),
            run_id="run",
            shards=1,
            deadline_us=Clock().now_us() + round(run_s * 1_000_000),
        )
        _ = fetched.outcomes | beam.Map(_note)
    wall_s = time.monotonic() - started_s
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for outcome in _OUTCOMES:
        counts[hosts[outcome.url_key]][outcome.outcome] += 1
    return {"wall_s": wall_s, "outcomes": counts}


def _note(outcome: FetchOutcome) -> None:
    _OUTCOMES.append(outcome)

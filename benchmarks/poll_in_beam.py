"""The whole `PollFeeds` transform in Beam's local runner, as a poller of the polling benchmark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import apache_beam as beam
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from benchmarks.poll_tools import RunCursors, connect
from benchmarks.polling_job import Job
from schemas.feed import FeedCursor, FeedSpec
from schemas.run import Run
from transforms.common.clock import Clock
from transforms.feeds.polling.poll_feeds import PollFeeds, RunFeeds
from transforms.sandbox import Sandbox

_NOTED: dict[str, str] = {}


def poll_in_beam(job: Job) -> dict[str, str]:
    """Poll every feed once. Returns a line about how far apart the next polls are."""
    run = Run("run", Clock().now_us(), "nowhere")
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        polled = (
            pipeline
            | beam.Create([RunFeeds(run, tuple(FeedSpec(url) for url in job.urls))])
            | PollFeeds(
                connect=connect(job),
                cursors=RunCursors(job.is_first),
                sandbox=Sandbox(preload=("transforms.feeds.parsing.parse_feed",)),
                clock=Clock(),
                shards=1,
            )
        )
        _ = polled.rows | beam.FlatMap(_next_polls) | beam.CombineGlobally(_together) | beam.Map(_note)
    return dict(_NOTED)


def _next_polls(rows: tuple[str, Sequence[Any]]) -> Iterable[list[int]]:
    yield [row.next_poll_at_us // 1_000_000 for row in rows[1] if isinstance(row, FeedCursor)]


def _together(seconds: Iterable[list[int]]) -> list[int]:
    return [second for some in seconds for second in some]


def _note(seconds: list[int]) -> None:
    minutes = Counter(second // 60 for second in seconds)
    apart_min = (max(seconds) - min(seconds)) / 60
    _NOTED["due"] = f"spread over {apart_min:.1f} min, at most {max(minutes.values())} of {len(seconds)} in one minute"

"""The whole `PollFeeds` transform in Beam's local runner, as a poller of the polling benchmark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import apache_beam as beam
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from benchmarks.poll_tools import Cursors, connect
from benchmarks.polling_job import Job
from schemas.feed import FeedSpec
from transforms.feeds.poll_feeds import PollFeeds
from transforms.sandbox import Sandbox
from transforms.text.clock import Clock

_NOTED: dict[str, str] = {}


def poll_in_beam(job: Job) -> dict[str, str]:
    """Poll every feed once; gives how far the next polls lie apart."""
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        polled = (
            pipeline
            | beam.Create([FeedSpec(url) for url in job.urls])
            | PollFeeds(
                connect=connect(job),
                cursors=Cursors(job.is_first),
                sandbox=Sandbox(preload=("transforms.feeds.parse_feed",)),
                clock=Clock(),
                run_id="run",
                shards=1,
            )
        )
        _ = polled.cursors | beam.CombineGlobally(_next_polls) | beam.Map(_note)
    return dict(_NOTED)


def _next_polls(cursors: Iterable[Any]) -> list[int]:
    """A combiner: cursors, or lists of what it gave before, to the seconds of their next polls."""
    return [
        second for one in cursors for second in (one if isinstance(one, list) else [one.next_poll_at_us // 1_000_000])
    ]


def _note(seconds: list[int]) -> None:
    minutes = Counter(second // 60 for second in seconds)
    apart_min = (max(seconds) - min(seconds)) / 60
    _NOTED["due"] = f"spread over {apart_min:.1f} min, at most {max(minutes.values())} of {len(seconds)} in one minute"

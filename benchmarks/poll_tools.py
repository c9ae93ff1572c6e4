"""The arguments that `poll_feeds` and `PollFeeds` get in the polling benchmark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from benchmarks.polling_job import OLD, Job
from schemas.feed import FeedCursor
from schemas.run import Run
from transforms.common.clock import Clock
from transforms.web.http.guard import AddressGuard
from transforms.web.politeness.polite import open_polite_client
from transforms.web.settings import HttpSettings

CONNECTIONS = 64


@dataclass(frozen=True)
class Cursors:
    """The cursors of feeds that were polled once, long ago; none if `is_first`."""

    is_first: bool

    def __call__(self, urls: Sequence[str]) -> dict[str, FeedCursor]:
        if self.is_first:
            return {}
        return {url: FeedCursor(url, validator_url=url, etag=OLD) for url in urls}


@dataclass(frozen=True)
class RunCursors:
    """`Cursors` in the form that a pipeline step needs; equal for every run."""

    is_first: bool

    def __call__(self, run: Run, urls: Sequence[str]) -> dict[str, FeedCursor]:
        return Cursors(self.is_first)(urls)


def connect(job: Job) -> Any:
    """A function that opens the polite client. Pickles."""
    settings = HttpSettings(host_delay_s=job.host_delay_s, max_connections=CONNECTIONS)
    return partial(open_polite_client, settings, AddressGuard(("127.0.0.0/8",)), Clock())

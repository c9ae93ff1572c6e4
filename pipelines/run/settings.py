"""What runs are told: plain values that every worker gets a copy of."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from transforms.feeds.polling.cursor import PollSettings
from transforms.sandbox import Sandbox
from transforms.web.guard import AddressGuard
from transforms.web.settings import HttpSettings

PRELOAD = ("pipelines.run.preload",)

_LEAST_POLLING_S = 60.0


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """The user's choices for runs.

    `shards` is how many groups of hosts are polled and fetched side by side, each in one event loop: one for every
    worker that the runner has. No request starts later than `max_run_s` seconds after the run, and none to a feed in
    the second half of that time (after a minute, where that is longer): a slow host with many feeds must not use up the
    time for pages. What does not fit is deferred.
    """

    http: HttpSettings = field(default_factory=HttpSettings)
    guard: AddressGuard = field(default_factory=AddressGuard)
    polling: PollSettings = field(default_factory=PollSettings)
    sandbox: Sandbox = field(default_factory=partial(Sandbox, preload=PRELOAD))
    shards: int = 1
    max_pages: int | None = None
    max_run_s: float | None = None
    page_flush_s: float = 60.0
    copies_horizon_days: int = 30

    @property
    def max_poll_s(self) -> float | None:
        """How many seconds after the run's start no feed is asked any more; None without a limit."""
        return None if self.max_run_s is None else max(self.max_run_s / 2, min(self.max_run_s, _LEAST_POLLING_S))

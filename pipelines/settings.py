"""What a run is told, and what it finds: plain values that every worker gets a copy of."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from transforms.feeds.cursor import PollSettings
from transforms.lake.parts import PartWriter
from transforms.lake.state import StateBefore
from transforms.sandbox import Sandbox
from transforms.text.clock import Clock
from transforms.web.guard import AddressGuard
from transforms.web.settings import HttpSettings

PRELOAD = ("pipelines.preload",)

_LEAST_POLLING_S = 60.0


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """The user's choices for one run.

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
        """How long after the start of the run feeds may still be asked; None without a limit."""
        limit_s = self.max_run_s
        return None if limit_s is None else max(limit_s / 2, min(limit_s, _LEAST_POLLING_S))


@dataclass(frozen=True, slots=True)
class RunContext:
    """One run under way: its name and clock, its settings, the state it found and the way to the lake."""

    run_id: str
    started_at_us: int
    clock: Clock
    settings: IngestSettings
    state: StateBefore
    writer: PartWriter

    @property
    def deadline_us(self) -> int | None:
        """The instant from which on no request is started; None without a limit."""
        limit_s = self.settings.max_run_s
        return None if limit_s is None else self.started_at_us + round(limit_s * 1_000_000)

    @property
    def poll_deadline_us(self) -> int | None:
        """The instant from which on no feed is asked; None without a limit."""
        limit_s = self.settings.max_poll_s
        return None if limit_s is None else self.started_at_us + round(limit_s * 1_000_000)

"""The ticks of a stream in one process, as hubs change them: a push is a tick that comes early."""

from __future__ import annotations

import argparse
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.given.network import network_settings
from pipelines.push.look import look
from pipelines.push.push_desk import PushDesk
from pipelines.push.push_options import push_options
from pipelines.read_feeds import read_feeds
from pipelines.run.run_errors import logged_reason
from pipelines.telemetry.totals import Totals
from transforms.common.clock import Clock
from transforms.lake.files.storage import Storage

_LOG = logging.getLogger("newsbeam.stream")

_LEAST_S = 5.0
"""The least time from the start of a run to one that comes early; and as long as a run took, the stream rests."""
_LOOK_S = 0.25


class PushedTicks:
    """What a stream asks its desk before, after and between runs; without a desk every tick comes when it is time."""

    def __init__(self, desk: PushDesk | None, storage: Storage, clock: Clock) -> None:
        self._desk = desk
        self._storage = storage
        self._clock = clock
        self._taken: frozenset[str] = frozenset()
        self._began_us = 0

    def begin(self) -> frozenset[str]:
        """The feeds to be asked in the run that begins because of pushes."""
        self._began_us = self._clock.now_us()
        self._taken = frozenset() if self._desk is None else self._desk.take()
        return self._taken

    def end(self, given: argparse.Namespace, *, is_committed: bool) -> None:
        """Tell the desk that the run with these options has ended, and what there is to subscribe to now."""
        if self._desk is None:
            return
        looked = None
        if is_committed:
            try:
                looked = look(given, self._storage, self._clock.now_us())
            except Exception as error:
                logged_reason(_LOG, "the subscriptions stay as they are for now", error)
        self._desk.told(self._taken, self._began_us, looked)
        self._taken = frozenset()

    def take_figures(self, totals: Totals) -> None:
        """Set the metrics of subscriptions and pushes to what they are now; without a desk there are none."""
        if self._desk is not None:
            self._desk.take_figures(totals)

    def wait(self, stop: threading.Event, pause_s: float, took_s: float, failures: int) -> None:
        """Wait until the next tick is due, `stop` is set, or a push asks for one; not for pushes after a failure."""
        if self._desk is None:
            stop.wait(pause_s)
            return
        now_s = time.monotonic()
        ends_s, soonest_s = now_s + pause_s, now_s + max(_LEAST_S - took_s, min(took_s, pause_s))
        while (left_s := ends_s - time.monotonic()) > 0:
            if stop.wait(min(left_s, _LOOK_S)):
                return
            if not failures and time.monotonic() >= soonest_s and self._desk.is_due():
                return


@contextmanager
def pushed_ticks(given: argparse.Namespace, clock: Clock) -> Iterator[PushedTicks]:
    """The ticks of a stream, with a desk in the block if that was asked for.

    Raises UsageError for a mistake in the options, and if nobody can listen where they say.
    """
    options, storage = push_options(given), Storage(given.output)
    if options is None:
        yield PushedTicks(None, storage, clock)
        return
    http, guard = network_settings(given, [spec.url for spec in read_feeds(given.feeds)])
    desk = PushDesk(options, storage, http, guard, clock)
    try:
        yield PushedTicks(desk, storage, clock)
    finally:
        desk.close()

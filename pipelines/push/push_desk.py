"""The desk of a stream that hubs tell of news: it listens, subscribes, and says which feeds to poll now.

One thread with an event loop of its own serves the hubs, so that a run under way neither waits for them nor keeps them
waiting. The stream's own thread looks at the desk between runs. What is decided of subscriptions, and of polls because
of pushes, stands in `transforms.feeds.push`.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Collection
from contextlib import suppress
from typing import Final

from pipelines.checks import UsageError
from pipelines.given.listen_address import why_not_listening
from pipelines.push.look import Looked
from pipelines.push.push_options import PushOptions
from pipelines.run.run_errors import logged_reason
from pipelines.telemetry.names import PUSH_OUTCOMES
from pipelines.telemetry.totals import Totals
from schemas.subscription import Subscription
from transforms.common.clock import SECOND_US, Clock
from transforms.feeds.push.ask_hub import ask_hub
from transforms.feeds.push.callback import CallbackServer
from transforms.feeds.push.push_turns import PushTurns
from transforms.feeds.push.subscription_book import SubscriptionBook
from transforms.lake.files.storage import Storage
from transforms.lake.push.subscription_file import file_of, read_subscriptions, write_subscriptions
from transforms.web.http.client import HttpClient
from transforms.web.http.guard import AddressGuard
from transforms.web.settings import HttpSettings

_LOG = logging.getLogger("newsbeam.stream")

_LOOK_S: Final = 0.5
"""How often the desk looks whether a hub is to be asked, and whether there is something to write."""
_HUBS_AT_ONCE: Final = 8
_STOP_S: Final = 10.0


class PushDesk:
    """Subscriptions of a stream. Begins to listen when it is made; raises UsageError if it cannot.

    Everything of subscriptions happens in the desk's own thread. `take`, `told`, `is_due` and `close` are for the
    stream's.
    """

    def __init__(
        self, options: PushOptions, storage: Storage, http: HttpSettings, guard: AddressGuard, clock: Clock
    ) -> None:
        self._options = options
        self._storage = storage
        self._http = http
        self._guard = guard
        self._clock = clock
        self._path = file_of(options.base)
        self._book = SubscriptionBook(options.key, read_subscriptions(storage, self._path))
        self._turns = PushTurns()
        self._pushes = dict.fromkeys(PUSH_OUTCOMES, 0)
        self._lock = threading.Lock()
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._listens: threading.Event = threading.Event()
        self._trouble: BaseException | None = None
        self.port = 0
        self._thread = threading.Thread(target=self._serve, name="websub", daemon=True)
        self._thread.start()
        self._listens.wait()
        if self._trouble is not None:
            if not isinstance(self._trouble, OSError | UnicodeError):
                raise self._trouble
            why = why_not_listening(self._trouble)
            raise UsageError(f"--websub_listen: cannot listen on {options.listen}: {why}") from self._trouble

    # For the stream's thread.

    def is_due(self) -> bool:
        """Whether a feed waits for a poll because of a push."""
        with self._lock:
            return self._turns.is_due(time.monotonic())

    def take(self) -> frozenset[str]:
        """The feeds to poll in the run that begins now."""
        with self._lock:
            return self._turns.take(time.monotonic())

    def told(self, taken: Collection[str], began_us: int, looked: Looked | None) -> None:
        """Note that a run has ended, which began at this instant, and what was found then in the lake; None if the run
        was not committed.
        """
        cursors = looked.cursors if looked is not None else {}
        with self._lock:
            self._turns.run_ended(taken, cursors, began_us, self._clock.now_us(), time.monotonic())
            if looked is not None:
                self._turns.keep(looked.wanted)
        if looked is not None:
            reconcile = self._book.reconcile
            with suppress(RuntimeError):  # the desk has ended by itself
                self._loop.call_soon_threadsafe(reconcile, looked.wanted, looked.forgotten, self._clock.now_us())

    def take_figures(self, totals: Totals) -> None:
        """Set the metrics of subscriptions and pushes to what they are now. Any thread may call it."""
        states = self._book.states(self._clock.now_us())
        totals.set("newsbeam_subscriptions", [((str(state),), n) for state, n in states.items()])
        totals.set("newsbeam_pushes_total", [((outcome,), n) for outcome, n in self._pushes.items()])

    def close(self) -> None:
        """Stop listening, and write what is to be kept. Subscriptions stay: the stream may start again."""
        with suppress(RuntimeError):  # it has ended by itself
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(_STOP_S)
        if self._book.is_changed:
            self._write()

    # For the server, in the desk's thread.

    def asked_back(self, token: str, mode: str, topic: str, lease: str | None) -> bool:
        """See `Desk`."""
        asked = self._book.asked_back(token, mode, topic, lease, self._clock.now_us())
        if asked is None:
            return False
        is_right, one, after = asked
        if not is_right:
            _LOG.warning("a hub has asked back what was not asked of it", extra={"feed": one.feed_url, "mode": mode})
            return False
        said = {"feed": one.feed_url, "hub": one.hub_url}
        match mode:
            case "subscribe" if after is not None:
                lease_s = ((after.lease_until_us or 0) - self._clock.now_us()) // SECOND_US
                _LOG.info("subscribed to a feed", extra=said | {"lease_s": lease_s})
            case "unsubscribe":
                _LOG.info("unsubscribed from a feed", extra=said)
            case _:
                _LOG.warning("a hub has denied a subscription; the feed is polled as ever", extra=said)
        return True

    def secret_of(self, token: str) -> str | None:
        """See `Desk`."""
        return self._book.secret_of(token)

    def is_over(self, token: str) -> bool:
        """See `Desk`."""
        return self._book.is_over(token)

    def pushed(self, token: str, *, is_right: bool) -> None:
        """See `Desk`."""
        one = self._book.get(token)
        if one is None or not is_right:  # None: it was ended while the push came in
            self._pushes["refused"] += 1
            return
        with self._lock:
            is_new = self._turns.push(one.feed_url, time.monotonic())
        self._pushes["poll" if is_new else "merged"] += 1
        if is_new:  # a flood is one line
            _LOG.info("a hub tells of news", extra={"feed": one.feed_url})

    # The rest, in the desk's thread.

    def _serve(self) -> None:
        try:
            self._loop.run_until_complete(self._serve_hubs())
        except Exception as error:
            if self._listens.is_set():
                logged_reason(_LOG, "no more is heard of hubs; the feeds are polled as ever", error)
            else:
                self._trouble = error
        finally:
            self._listens.set()
            self._loop.close()

    async def _serve_hubs(self) -> None:
        server = CallbackServer(self._options.path, self)
        self.port = await server.start(*self._options.listen)
        _LOG.info("listening for hubs", extra={"address": str(self._options.listen._replace(port=self.port))})
        try:
            async with HttpClient(self._http, self._guard, self._clock) as client:
                self._listens.set()
                await self._ask_hubs(client)
        finally:
            await server.stop()

    async def _ask_hubs(self, client: HttpClient) -> None:
        lanes: dict[str, asyncio.Task[None]] = {}
        places = asyncio.Semaphore(_HUBS_AT_ONCE)
        try:
            while not self._stop.is_set():
                for host, tokens in self._due().items():
                    if host not in lanes:
                        lanes[host] = asyncio.create_task(self._lane(client, host, tokens, places))
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stop.wait(), _LOOK_S)
                for host in [host for host, task in lanes.items() if task.done()]:
                    if (bug := lanes.pop(host).exception()) is not None:  # one hub's, which is asked again later
                        logged_reason(_LOG, "a hub could not be asked", bug)
                if self._book.is_changed:
                    await asyncio.to_thread(self._write)
        finally:
            for task in lanes.values():
                task.cancel()
            await asyncio.gather(*lanes.values(), return_exceptions=True)

    def _due(self) -> dict[str, list[str]]:
        now_us = self._clock.now_us()
        for one in self._book.give_up(now_us):
            _LOG.info("a hub has not asked back", extra={"feed": one.feed_url, "hub": one.hub_url})
        return self._book.due(now_us)

    async def _lane(self, client: HttpClient, host: str, tokens: list[str], places: asyncio.Semaphore) -> None:
        """Ask one hub, one request at a time with the pause that its host gets; not on after it did not answer."""
        async with places:
            for at, token in enumerate(tokens):
                asked = self._book.begin(token, self._clock.now_us())
                if asked is None:
                    continue
                secret = self._options.key.secret_of(asked)
                answer = await ask_hub(client, asked, f"{self._options.base}/{token}", secret)
                if not answer.is_taken:
                    self._log_refusal(self._book.refused(token, asked, answer, self._clock.now_us()), answer.why)
                    if not answer.has_answered or answer.retry_after_s is not None:
                        self._book.put_off(tokens[at + 1 :], token)
                        return
                await asyncio.sleep(self._http.delay_of(host))

    def _log_refusal(self, failed: Subscription | None, why: str) -> None:
        if failed is not None:
            extra = {"feed": failed.feed_url, "hub": failed.hub_url, "reason": why, "failures": failed.failures}
            _LOG.warning("a hub did not take a request; the feed is polled as ever", extra=extra)

    def _write(self) -> None:
        """Write the subscriptions; a lake that cannot be written now is tried again at the next look."""
        self._book.is_changed = False
        try:
            write_subscriptions(self._storage, self._path, self._book.all)
        except Exception as error:
            self._book.is_changed = True
            logged_reason(_LOG, "the subscriptions could not be kept", error)

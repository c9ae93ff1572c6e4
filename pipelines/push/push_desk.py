"""The desk of a stream that hubs tell of news: it listens, subscribes, and says which feeds to poll now.

One thread with an event loop of its own serves the hubs, so that a run under way neither waits for them nor keeps them
waiting. The stream's own thread looks at the desk between runs.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import Final

from pipelines.checks import UsageError
from pipelines.given.listen_address import why_not_listening
from pipelines.push.look import Looked
from pipelines.push.push_options import PushOptions
from pipelines.run.run_errors import logged_reason
from schemas.subscription import Subscription, SubscriptionState
from transforms.common.clock import SECOND_US, Clock
from transforms.feeds.push.ask_hub import HubAnswer, ask_hub, may_know
from transforms.feeds.push.callback import CallbackServer
from transforms.feeds.push.push_turns import PushTurns
from transforms.feeds.push.subscriptions import (
    answered,
    begun,
    failed,
    given_up,
    is_to_be_asked,
    put_off,
    reconciled,
)
from transforms.lake.files.storage import Storage
from transforms.lake.push.subscription_file import (
    file_of,
    read_subscriptions,
    without_forgotten,
    write_subscriptions,
)
from transforms.web.http.client import HttpClient
from transforms.web.http.guard import AddressGuard
from transforms.web.settings import HttpSettings
from transforms.web.urls import host_of

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
        self._by_token: dict[str, Subscription] = {}
        self._is_changed = False
        self._turns = PushTurns()
        self._lock = threading.Lock()
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._listens: threading.Event = threading.Event()
        self._trouble: BaseException | None = None
        self.port = 0
        kept = read_subscriptions(storage, self._path)
        self._keep(one for one in kept if one.key_id == options.key.key_id and may_know(one.hub_url))
        self._thread = threading.Thread(target=self._serve, name="websub", daemon=True)
        self._thread.start()
        self._listens.wait()
        if self._trouble is not None:
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
        was not committed. A feed that was taken and not asked waits for another run, unless its server asked for a
        pause: then its next poll finds the news.
        """
        now_s, now_us = time.monotonic(), self._clock.now_us()
        with self._lock:
            for url in taken:
                cursor = looked.cursors.get(url) if looked is not None else None
                if cursor is not None and (cursor.last_polled_at_us or 0) >= began_us:
                    has_news = (cursor.last_news_at_us or 0) >= began_us
                    self._turns.polled(url, now_s, has_news=has_news)
                elif cursor is None or (cursor.asked_until_us or 0) <= now_us:
                    self._turns.put_back(url, now_s)
            if looked is not None:
                self._turns.keep(looked.wanted)
        if looked is not None:
            with suppress(RuntimeError):  # the desk has ended by itself
                self._loop.call_soon_threadsafe(self._reconcile, looked)

    def close(self) -> None:
        """Stop listening, and write what is to be kept. Subscriptions stay: the stream may start again."""
        with suppress(RuntimeError):  # it has ended by itself
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(_STOP_S)
        if self._is_changed:
            self._write()

    # For the server, in the desk's thread.

    def asked_back(self, token: str, mode: str, topic: str, lease: str | None) -> bool:
        """See `Desk`."""
        one = self._by_token.get(token)
        if one is None:
            return False
        is_right, after = answered(one, mode, topic, lease, self._clock.now_us())
        if not is_right:
            _LOG.warning("a hub has asked back what was not asked of it", extra={"feed": one.feed_url, "mode": mode})
            return False
        self._put(token, after)
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
        one = self._by_token.get(token)
        if one is None or one.state is SubscriptionState.LEAVING or one.asked_at_us is None:
            return None
        return self._options.key.secret_of(one)

    def is_over(self, token: str) -> bool:
        """See `Desk`."""
        one = self._by_token.get(token)
        return one is not None and one.state is SubscriptionState.LEAVING

    def pushed(self, token: str) -> None:
        """See `Desk`."""
        feed_url = self._by_token[token].feed_url
        with self._lock:
            is_new = self._turns.push(feed_url, time.monotonic())
        if is_new:  # a flood is one line
            _LOG.info("a hub tells of news", extra={"feed": feed_url})

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
                if self._is_changed:
                    await asyncio.to_thread(self._write)
        finally:
            for task in lanes.values():
                task.cancel()
            await asyncio.gather(*lanes.values(), return_exceptions=True)

    def _due(self) -> dict[str, list[str]]:
        """The subscriptions of which the hub is to be asked, by the hub's host; gives up those that wait in vain."""
        now_us, found = self._clock.now_us(), defaultdict(list)
        for token, one in list(self._by_token.items()):
            after = given_up(one, now_us)
            if after is not one:
                _LOG.info("a hub has not asked back", extra={"feed": one.feed_url, "hub": one.hub_url})
                self._put(token, after)
            if is_to_be_asked(after, now_us):
                found[host_of(after.hub_url)].append(token)
        return found

    async def _lane(self, client: HttpClient, host: str, tokens: list[str], places: asyncio.Semaphore) -> None:
        """Ask one hub, one request at a time with the pause that its host gets; not on after it did not answer."""
        async with places:
            for at, token in enumerate(tokens):
                one = self._by_token.get(token)
                if one is None or not is_to_be_asked(one, self._clock.now_us()):
                    continue
                asked = begun(one, self._clock.now_us())
                self._put(token, asked)
                if asked is None:
                    continue
                key = self._options.key
                answer = await ask_hub(client, asked, f"{self._options.base}/{token}", key.secret_of(asked))
                self._took(token, asked, answer)
                if not answer.is_taken and (not answer.has_answered or answer.retry_after_s is not None):
                    self._put_off(tokens[at + 1 :], self._by_token.get(token))
                    return
                await asyncio.sleep(self._http.delay_of(host))

    def _took(self, token: str, asked: Subscription, answer: HubAnswer) -> None:
        now = self._by_token.get(token)
        if answer.is_taken or now is None or now.asked_at_us != asked.asked_at_us or not now.is_pending:
            return  # the hub has asked back meanwhile, or the feed is no longer wanted
        after = failed(now, self._clock.now_us(), answer.retry_after_s)
        extra = {"feed": now.feed_url, "hub": now.hub_url, "reason": answer.why, "failures": after.failures}
        _LOG.warning("a hub did not take a request; the feed is polled as ever", extra=extra)
        self._put(token, after)

    def _put_off(self, tokens: Iterable[str], like: Subscription | None) -> None:
        for token in tokens:
            if like is not None and (one := self._by_token.get(token)) is not None:
                self._put(token, put_off(one, like.next_us))

    def _reconcile(self, looked: Looked) -> None:
        known = list(self._by_token.values())
        left = without_forgotten(known, looked.forgotten)
        after = reconciled(left, looked.wanted, self._options.key.key_id, self._clock.now_us())
        if after != known:
            self._keep(after)
            self._is_changed = True

    def _keep(self, subscriptions: Iterable[Subscription]) -> None:
        self._by_token = {self._options.key.token_of(one): one for one in subscriptions}

    def _put(self, token: str, one: Subscription | None) -> None:
        if one is None:
            self._by_token.pop(token, None)
        else:
            self._by_token[token] = one
        self._is_changed = True

    def _write(self) -> None:
        """Write the subscriptions; a lake that cannot be written now is tried again at the next look."""
        self._is_changed = False
        try:
            write_subscriptions(self._storage, self._path, list(self._by_token.values()))
        except Exception as error:
            self._is_changed = True
            logged_reason(_LOG, "the subscriptions could not be kept", error)

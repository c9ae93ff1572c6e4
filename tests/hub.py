"""A small WebSub hub on loopback for tests, as the specification has it: it verifies, signs, and keeps leases."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiohttp import ClientError, ClientSession, ClientTimeout, web

_PATIENCE = ClientTimeout(total=10)


@dataclass
class Subscriber:
    """One subscription at the hub."""

    callback: str
    topic: str
    secret: str
    lease_s: int
    until_s: float


@dataclass
class Hub:
    """How it behaves, what it was asked, and who is subscribed.

    `answers` are statuses in place of 202, used up one by one; `location` goes with a redirect. `lease_s` is the lease
    that it grants, "" none; `verify_after_s` its delay. `challenges` are the answers to its verifications.
    """

    lease_s: int | str | None = None
    verify_after_s: float = 0.0
    verifies: bool = True
    answers: list[int] = field(default_factory=list)
    location: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    algorithm: str = "sha256"
    asked: list[dict[str, str]] = field(default_factory=list)
    asked_s: list[float] = field(default_factory=list)
    challenges: list[tuple[str, int, bool]] = field(default_factory=list)
    pushes: list[int] = field(default_factory=list)
    subscribers: dict[tuple[str, str], Subscriber] = field(default_factory=dict)
    port: int = 0
    loop: asyncio.AbstractEventLoop | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hub"

    async def serve(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append({**form, "path": request.path})
        self.asked_s.append(time.monotonic())
        status = self.answers.pop(0) if self.answers else 202
        if status == 202 and self.verifies:
            task = asyncio.create_task(self._verify(form))
            task.add_done_callback(lambda done: done.exception())
        headers = {**self.headers, **({"Location": self.location} if 300 <= status < 400 else {})}
        return web.Response(status=status, headers=headers)

    async def _verify(self, form: dict[str, str]) -> None:
        await asyncio.sleep(self.verify_after_s)
        mode, topic, callback = form["hub.mode"], form["hub.topic"], form["hub.callback"]
        granted = int(form.get("hub.lease_seconds", 0)) if self.lease_s is None else self.lease_s
        lease = {"hub.lease_seconds": str(granted)} if mode == "subscribe" and granted != "" else {}
        if await self.verify(callback, mode, topic, lease):
            if mode == "subscribe":
                kept_s = int(granted or 0)
                self.subscribers[callback, topic] = Subscriber(
                    callback, topic, form["hub.secret"], kept_s, time.monotonic() + kept_s
                )
            else:
                self.subscribers.pop((callback, topic), None)

    async def verify(self, callback: str, mode: str, topic: str, more: dict[str, str]) -> bool:
        """Whether the subscriber returns the challenge."""
        challenge = secrets.token_urlsafe(32)
        query = {"hub.mode": mode, "hub.topic": topic, "hub.challenge": challenge, **more}
        async with (
            ClientSession(timeout=_PATIENCE) as session,
            session.get(callback, params=query, allow_redirects=False) as answer,
        ):
            is_right = answer.status // 100 == 2 and await answer.text() == challenge
            self.challenges.append((mode, answer.status, is_right))
            return is_right

    def publish(self, topic: str, body: bytes) -> list[int]:
        """The statuses with which subscribers took the new content of a topic."""
        found = [one for (_, of), one in self.subscribers.items() if of == topic and one.until_s > time.monotonic()]
        return [self.push(one, body) for one in found]

    def push(self, to: Subscriber, body: bytes, signature: str | None = None) -> int:
        """The status of one push, signed by the hub unless a signature is given ("": none)."""
        if signature is None:
            digest = hmac.new(to.secret.encode(), body, getattr(hashlib, self.algorithm)).hexdigest()
            signature = f"{self.algorithm}={digest}"
        headers = {"Link": f'<{self.url}>; rel="hub", <{to.topic}>; rel="self"', "Content-Type": "application/rss+xml"}
        headers |= {"X-Hub-Signature": signature} if signature else {}
        return self.run(self._push(to.callback, body, headers))

    async def _push(self, callback: str, body: bytes, headers: dict[str, str]) -> int:
        async with ClientSession(timeout=_PATIENCE) as session:
            try:
                async with session.post(callback, data=body, headers=headers) as answer:
                    status = answer.status
            except ClientError:
                status = 0
        self.pushes.append(status)
        return status

    def run(self, coroutine):  # type: ignore[no-untyped-def]
        """The result of a coroutine in the hub's loop."""
        assert self.loop is not None
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(20)


@contextmanager
def running_hub(hub: Hub | None = None) -> Iterator[Hub]:
    """A hub in a thread of its own."""
    hub = hub or Hub()
    ready, stop = threading.Event(), asyncio.Event()
    hub.loop = asyncio.new_event_loop()

    async def main() -> None:
        app = web.Application()
        app.router.add_post("/{any:.*}", hub.serve)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        hub.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        ready.set()
        await stop.wait()
        await runner.cleanup()

    thread = threading.Thread(target=hub.loop.run_until_complete, args=(main(),), daemon=True)
    thread.start()
    assert ready.wait(5)
    try:
        yield hub
    finally:
        hub.loop.call_soon_threadsafe(stop.set)
        thread.join(5)
        hub.loop.close()

"""The real ``newsbeam stream`` and a hub on loopback: what a publisher publishes is a row in seconds, though the feed's
interval is an hour; and what a hub, or who pretends to be one, can do to it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.committed_rows import committed_rows
from tests.conftest import COMMAND
from tests.hub import Hub, running_hub
from tests.web_server import Answer, Asked, WebServer, running_server

pytestmark = [pytest.mark.stream, pytest.mark.timeout(300)]

KEY = "0123456789abcdef" * 4
WORDS = "the council of the river town has met again to speak of the bridge that was closed in spring".split()


def page(name: str) -> bytes:
    turns = [" ".join(WORDS[at:] + WORDS[:at]) for at in range(12)]
    text = "".join(f"<p>Part {at} of {name}: {turn}, and {turn}.</p>" for at, turn in enumerate(turns))
    return (
        f"<html><head><title>{name}</title></head><body><article><h1>{name}</h1>{text}</article></body></html>".encode()
    )


class Press:
    """A publisher whose feed says that it is fresh for an hour and names a hub."""

    def __init__(self, web: WebServer, hub: Hub) -> None:
        self.web, self.hub = web, hub
        self.stories = ["one"]
        web.on("/feed", self.feed)
        self.publish("one")

    def publish(self, name: str) -> list[int]:
        self.stories = list(dict.fromkeys([*self.stories, name]))
        self.web.on(f"/{name}", Answer(200, page(name), {"Content-Type": "text/html"}))
        return self.hub.publish(self.web.url("/feed"), self.document)

    @property
    def document(self) -> bytes:
        items = "".join(f"<item><title>{one}</title><link>/{one}</link></item>" for one in self.stories)
        links = f'<a:link rel="hub" href="{self.hub.url}"/><a:link rel="self" href="{self.web.url("/feed")}"/>'
        ns = 'xmlns:a="http://www.w3.org/2005/Atom"'
        return f'<rss version="2.0" {ns}><channel><title>P</title>{links}{items}</channel></rss>'.encode()

    def feed(self, asked: Asked) -> Answer:
        headers = {"ETag": f'"{len(self.stories)}"', "Cache-Control": "max-age=3600"}
        known = asked.headers.get("if-none-match")
        if known == headers["ETag"].encode():
            return Answer(304, headers=headers)
        return Answer(200, self.document, headers)

    @property
    def polls(self) -> list[Asked]:
        return [asked for asked in self.web.log if asked.path == "/feed"]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Stream:
    """``newsbeam stream`` over the press, with a tick of an hour."""

    def __init__(self, folder: Path, press: Press) -> None:
        self.folder, self.press = folder, press
        self.lake = folder / "lake"
        self.feeds = folder / "feeds.txt"
        self.feeds.write_text(press.web.url("/feed") + "\n")
        self.port = free_port()

    def arguments(self, *more: str) -> list[str]:
        base = f"http://127.0.0.1:{self.port}/websub/"
        given = [
            "stream",
            "--feeds",
            str(self.feeds),
            "--output",
            str(self.lake),
            "--tick",
            "1h",
            "--host_delay",
            "0.01",
        ]
        given += ["--allow_networks", "127.0.0.0/8", "--poll_interval", "60", "--log_format", "json"]
        return [*given, "--websub", base, "--websub_listen", f"127.0.0.1:{self.port}", *more]

    @contextmanager
    def running(self, *more: str, ends_by: int = signal.SIGTERM) -> Iterator[subprocess.Popen[str]]:
        log = (self.folder / "stream.log").open("a")
        environ = {**os.environ, "WEBSUB_KEY": KEY}
        process = subprocess.Popen([*COMMAND, *self.arguments(*more)], stdout=log, stderr=log, text=True, env=environ)
        try:
            yield process
            process.send_signal(ends_by)
            assert process.wait(30) == (0 if ends_by == signal.SIGTERM else -ends_by)
        finally:
            process.kill()
            process.wait()
            log.close()

    @property
    def said(self) -> str:
        return (self.folder / "stream.log").read_text()

    @property
    def kept(self) -> list[dict[str, object]]:
        (path,) = (self.lake / "_state" / "websub").glob("*.json")
        return list(json.loads(path.read_bytes())["subscriptions"])

    def headlines(self) -> set[str]:
        if not (self.lake / "runs").is_dir():
            return set()
        return {row["headline"] for row in committed_rows(self.lake, "articles")}


def until(is_so: Callable[[], object], seconds: float = 100.0) -> float:
    """The seconds that it took; fails if it takes too long."""
    began_s = time.monotonic()
    while not is_so():
        assert time.monotonic() - began_s < seconds
        time.sleep(0.05)
    return time.monotonic() - began_s


@pytest.fixture
def hub() -> Iterator[Hub]:
    with running_hub() as hub:
        yield hub


@pytest.fixture
def press(hub: Hub) -> Iterator[Press]:
    with running_server() as web:
        yield Press(web, hub)


@pytest.fixture
def stream(tmp_path: Path, press: Press) -> Stream:
    return Stream(tmp_path, press)


def test_what_is_published_is_a_row_in_seconds_though_the_feed_is_fresh_for_an_hour(
    stream: Stream, press: Press, hub: Hub
) -> None:
    port = free_port()
    with stream.running("--metrics_address", str(port)):
        until(lambda: hub.subscribers)
        assert hub.challenges == [("subscribe", 200, True)]
        until(lambda: stream.headlines() == {"one"})
        assert press.publish("two") == [202]
        took_s = until(lambda: "two" in stream.headlines())
        assert took_s < 40
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            metrics = answer.read().decode()
        assert f'newsbeam_subscriptions{{lake="{stream.lake}",state="active"}} 1.0' in metrics
        assert f'newsbeam_pushes_total{{lake="{stream.lake}",outcome="poll"}} 1.0' in metrics
    assert [asked.headers.get("if-none-match") for asked in press.polls] == [None, b'"1"']
    assert press.polls[1].headers["cache-control"] == b"no-cache"
    assert hub.asked[0]["hub.topic"] == press.web.url("/feed")
    secret, token = hub.asked[0]["hub.secret"], hub.asked[0]["hub.callback"].rpartition("/")[2]
    everything = stream.said.encode() + b"".join(path.read_bytes() for path in stream.lake.rglob("*") if path.is_file())
    assert KEY.encode() not in everything
    assert secret.encode() not in everything
    assert token.encode() not in everything


def test_subscriptions_survive_a_kill_and_end_when_their_feed_leaves_the_list(
    stream: Stream, press: Press, hub: Hub
) -> None:
    with stream.running(ends_by=signal.SIGKILL):
        until(lambda: hub.subscribers)
        until(lambda: stream.headlines() and stream.kept[0]["state"] == "active")
    with stream.running("--tick", "2s"):
        until(lambda: stream.said.count("listening for hubs") == 2)
        assert press.publish("two") == [202]
        until(lambda: "two" in stream.headlines())
        assert len(hub.asked) == 1
        stream.feeds.write_text("# none is left\n" + press.web.url("/other") + "\n")
        until(lambda: not hub.subscribers)
        until(lambda: stream.kept == [])
    assert [one["hub.mode"] for one in hub.asked] == ["subscribe", "unsubscribe"]
    assert "hub.secret" not in hub.asked[1]
    assert hub.challenges[-1] == ("unsubscribe", 200, True)


def test_a_push_that_nobody_signed_does_nothing_and_a_flood_is_one_poll(stream: Stream, press: Press, hub: Hub) -> None:
    with stream.running():
        until(lambda: hub.subscribers)
        (one,) = hub.subscribers.values()
        for signature in ("", "sha256=" + "0" * 64, "md5=" + "0" * 32, "sha1", "sha256=zz", "=", "sha512=" + "f" * 128):
            assert hub.push(one, b"<rss/>", signature) == 202
        until(lambda: stream.headlines() == {"one"})
        time.sleep(6)
        assert len(press.polls) == 1
        press.publish("two")
        for _ in range(30):
            assert hub.push(one, press.document) == 202
        until(lambda: "two" in stream.headlines())
        for _ in range(30):
            assert hub.push(one, press.document) == 202
        time.sleep(6)
        assert len(press.polls) == 2


def test_a_hub_that_is_not_there_changes_nothing_but_the_log(stream: Stream, press: Press, hub: Hub) -> None:
    hub.answers = [500]
    with stream.running():
        until(lambda: "a hub did not take a request" in stream.said)
        until(lambda: stream.headlines() == {"one"})
        until(lambda: stream.kept and stream.kept[0]["failures"] == 1)
    assert len(hub.asked) == 1


def test_two_streams_cannot_listen_at_one_place(stream: Stream, press: Press, hub: Hub) -> None:
    environ = {**os.environ, "WEBSUB_KEY": KEY}
    with stream.running():
        until(lambda: hub.subscribers)
        done = subprocess.run(
            [*COMMAND, *stream.arguments()], capture_output=True, text=True, env=environ, timeout=60, check=False
        )
    assert done.returncode == 2
    assert f"--websub_listen: cannot listen on 127.0.0.1:{stream.port}" in done.stderr.splitlines()[-1]

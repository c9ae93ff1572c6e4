"""A bug of ours, a worker that dies, a machine without workers: ``newsbeam feeds`` says so and goes on where it can."""

from __future__ import annotations

import json
import os
import signal
from typing import Any, NoReturn

import pytest

import pipelines.commands.feeds.feeds
import pipelines.commands.feeds.look_at_feeds
from newsroom import Answer
from pipelines.cli import main
from schemas.run import iso
from tests.conftest import Desk
from transforms.feeds.parsing.parse_feed import parse_feed
from transforms.feeds.parsing.parsed import FeedError
from transforms.sandbox import Guarded, NoWorkersError, SandboxPool

GOOD, BAD = "127.0.0.12", "127.0.0.13"
RSS = b"<rss version='2.0'><channel><title>T</title><item><title>A</title><link>/a</link></item></channel></rss>"
PAGE = (
    b"<html><head><link rel='alternate' type='application/rss+xml' href='/bad.xml'>"
    b"<link rel='alternate' type='application/rss+xml' href='/good.xml'></head><body>Harbour</body></html>"
)


def parse_badly(body: bytes, content_type: str | None, base_url: str, spec: Any = None) -> Any:
    if base_url.endswith("bad.xml"):
        raise KeyError("section")
    return parse_feed(body, content_type, base_url, spec)


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def find_no_key(*_: object) -> NoReturn:
    raise KeyError("section")


@pytest.fixture
def harbour(desk: Desk) -> str:
    """The address of a site with two feeds."""
    for path in ("good.xml", "bad.xml"):
        desk.room.script(f"{GOOD}/{path}", Answer(200, (), RSS))
    desk.room.script(f"{GOOD}/", Answer(200, (("Content-Type", "text/html"),), PAGE))
    return f"http://{GOOD}:{desk.room.port}"


def network(desk: Desk) -> list[str]:
    return ["--allow_networks", "127.0.0.0/8", "--host_delay", "0.01", "--now", iso(desk.room.now_us)]


def check(desk: Desk, harbour: str, *more: str) -> int:
    listed = desk.folder / "two.txt"
    listed.write_text(f"{harbour}/bad.xml\n{harbour}/good.xml\n")
    return main(["feeds", "check", str(listed), *network(desk), *more])


@pytest.mark.slow
def test_a_bug_in_the_parser_makes_its_feed_bad_and_no_other(
    desk: Desk, harbour: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pipelines.commands.feeds.look_at_feeds, "PARSE", Guarded(parse_badly, (FeedError,)))
    assert check(desk, harbour, "--json") == 1
    out, err = capsys.readouterr()
    bad, good = json.loads(out)["feeds"]
    assert (bad["reason"], good["reason"], err) == ("crash", None, "")
    assert bad["problems"][0].startswith("parsing it KeyError in ")
    assert bad["problems"][0].endswith(": 'section'")


def test_a_bug_beside_the_parser_makes_its_feed_bad_and_no_other(
    desk: Desk, harbour: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = pipelines.commands.feeds.feeds.check_feed

    async def check_badly(spec: Any, *rest: Any) -> Any:
        if spec.url.endswith("bad.xml"):
            raise ZeroDivisionError("of an empty feed")
        return await whole(spec, *rest)

    monkeypatch.setattr(pipelines.commands.feeds.feeds, "check_feed", check_badly)
    assert check(desk, harbour) == 1
    out, err = capsys.readouterr()
    assert "crash: checking it ZeroDivisionError in feeds.py:" in out
    assert "2 feeds, 1 bad" in out
    assert err == ""


@pytest.mark.slow
def test_a_worker_that_dies_makes_its_feed_bad(
    desk: Desk, harbour: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pipelines.commands.feeds.look_at_feeds, "PARSE", die)
    assert check(desk, harbour) == 1
    out, err = capsys.readouterr()
    assert out.count("crash: parsing it ") == 2
    assert err == ""


def test_discover_names_the_other_feeds_and_the_bug(
    desk: Desk, harbour: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pipelines.commands.feeds.look_at_feeds, "PARSE", Guarded(parse_badly, (FeedError,)))
    assert main(["feeds", "discover", f"{harbour}/", "--json", *network(desk)]) == 1
    (site,) = json.loads(capsys.readouterr().out)["sites"]
    assert [feed["url"] for feed in site["feeds"]] == [f"{harbour}/good.xml"]
    assert site["problem"].startswith(f"{harbour}/bad.xml: parsing it KeyError in ")
    monkeypatch.setattr(pipelines.commands.feeds.look_at_feeds, "PARSE", Guarded(parse_feed, (FeedError,)))
    monkeypatch.setattr(pipelines.commands.feeds.look_at_feeds, "_READ_LINKS", Guarded(find_no_key, (FeedError,)))
    assert main(["feeds", "discover", f"{harbour}/", "--json", *network(desk)]) == 1
    (site,) = json.loads(capsys.readouterr().out)["sites"]
    assert site["problem"].startswith(f"{harbour}/: parsing it KeyError in ")


@pytest.mark.parametrize("command", [("check",), ("discover",)])
def test_a_machine_without_workers_is_told_in_one_line(
    desk: Desk,
    harbour: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: tuple[str, ...],
) -> None:
    def none_lives(*_: object) -> NoReturn:
        raise NoWorkersError("no worker process comes to life on this machine, which may lack memory (x)")

    monkeypatch.setattr(SandboxPool, "submit", none_lives)
    status = (
        check(desk, harbour)
        if command == ("check",)
        else main(["feeds", "discover", f"{harbour}/bad.xml", f"{harbour}/good.xml", *network(desk)])
    )
    out, err = capsys.readouterr()
    assert (status, out) == (1, "")
    assert err == "newsbeam feeds: no worker process comes to life on this machine, which may lack memory (x)\n"


def test_a_bug_that_nothing_catches_is_told_in_one_line(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def read_badly(*_: object) -> NoReturn:
        raise KeyError("folder\nof many lines")

    monkeypatch.setattr(pipelines.commands.feeds.feeds, "read_feeds", read_badly)
    assert main(["feeds", "import", str(desk.feeds), "--to", "-"]) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("newsbeam feeds: a bug of newsbeam: KeyError in feeds.py:")

"""The feeds desk: lists are edited in place, and orders reach the next run of a lake, also while a stream works."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from schemas.feed import FeedSpec
from tests.command import newsbeam
from tests.web_server import Answer, WebServer, running_server
from transforms.feeds.lists.feed_list import read_feed_list
from transforms.lake.feed_orders import read_orders
from transforms.lake.files.layout import ORDERS
from transforms.lake.files.storage import Storage

RSS = """<rss version="2.0"><channel><title>Harbour News</title><language>en</language>
<item><link>{}</link><title>A quay</title></item></channel></rss>"""
NETWORK = ("--allow_networks", "127.0.0.0/8", "--host_delay", "0")
NOON, ONE, TWO = "2026-03-02T12:00:00Z", "2026-03-02T13:00:00Z", "2026-03-02T14:00:00Z"


def feeds(*arguments: object) -> subprocess.CompletedProcess[str]:
    return newsbeam("feeds", *map(str, arguments))


@pytest.fixture
def web() -> Iterator[WebServer]:
    with running_server() as server:
        yield server


@pytest.fixture
def news(web: WebServer) -> WebServer:
    web.on("/feed", Answer(body=RSS.format(web.url("/a")).encode(), headers={"ETag": '"1"'}))
    web.on("/site", Answer(body=b'<link rel="alternate" type="application/rss+xml" href="/feed">'))
    return web


def test_a_feed_is_added_with_what_it_says_of_itself_and_a_site_by_its_feed(news: WebServer, tmp_path: Path) -> None:
    listed = tmp_path / "feeds.opml"
    listed.write_text('<opml version="2.0">\n<!-- mine -->\n<body>\n  <outline text="Papers"/>\n</body>\n</opml>')
    done = feeds("add", "--feeds", listed, "--folder", "Papers", *NETWORK, news.url("/site"), "http://127.0.0.1:9/no")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0] == f"added    {news.url('/site')}: {news.url('/feed')}"
    assert lines[1].startswith("refused  http://127.0.0.1:9/no: ")
    spec = FeedSpec(news.url("/feed"), "Harbour News", "en", None, ("Papers",))
    assert read_feed_list(listed.read_bytes(), "list") == [spec]
    assert "<!-- mine -->" in listed.read_text()
    before = listed.read_bytes()
    again = feeds("add", "--feeds", listed, "--json", *NETWORK, news.url("/feed"))
    assert (again.returncode, json.loads(again.stdout)["urls"][0]["outcome"]) == (0, "listed")
    assert listed.read_bytes() == before


def test_unchecked_asks_nobody_and_remove_takes_only_what_is_named(web: WebServer, tmp_path: Path) -> None:
    listed = tmp_path / "feeds.txt"
    listed.write_text("# papers\nhttps://a.example/feed\n")
    assert feeds("add", "--unchecked", "--feeds", listed, "b.example/feed", "HTTPS://A.example/feed").returncode == 0
    assert listed.read_text() == "# papers\nhttps://a.example/feed\nhttps://b.example/feed\n"
    assert web.log == []
    done = feeds("remove", "--feeds", listed, "https://A.EXAMPLE/feed", "https://c.example/feed")
    assert (done.returncode, listed.read_text()) == (1, "# papers\nhttps://b.example/feed\n")
    assert done.stdout == (
        "removed  https://A.EXAMPLE/feed: https://a.example/feed\nunknown  https://c.example/feed: not in the list\n"
    )


def test_a_new_list_is_made_and_a_link_to_a_list_stays_one(tmp_path: Path) -> None:
    made = tmp_path / "new.csv"
    assert feeds("add", "--unchecked", "--feeds", made, "https://a.example/feed").returncode == 0
    assert read_feed_list(made.read_bytes(), "new") == [FeedSpec("https://a.example/feed")]
    made.chmod(0o640)
    link = tmp_path / "link"
    link.symlink_to(made)
    assert feeds("add", "--unchecked", "--feeds", link, "https://b.example/feed").returncode == 0
    assert (link.is_symlink(), len(read_feed_list(made.read_bytes(), "new"))) == (True, 2)
    assert made.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "new.csv"]


@pytest.mark.parametrize("url", ["https://me:s3cret@a.example/feed", "https://me:s3/cret@a.example/feed"])
def test_a_password_in_an_address_is_refused_and_never_shown(tmp_path: Path, url: str) -> None:
    listed = tmp_path / "feeds.txt"
    for given in ([], ["--json"]):
        done = feeds("add", "--unchecked", "--feeds", listed, url, *given)
        assert done.returncode == 1
        assert "s3" not in done.stdout + done.stderr
        assert "***@a.example/feed" in done.stdout
    assert not listed.exists()


@pytest.mark.parametrize("more", [["--unchecked"], ["--contact", "desk@example.org"]])
def test_a_bare_word_is_a_mistake_and_nothing_is_added(tmp_path: Path, more: list[str]) -> None:
    listed = tmp_path / "feeds.txt"
    done = feeds("add", "--feeds", listed, *more, "https://a.example/feed", "frontpage")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert "'frontpage' is no address" in done.stderr
    assert not listed.exists()


def test_a_host_of_ones_own_network_is_added_with_its_scheme_or_port(tmp_path: Path) -> None:
    listed = tmp_path / "feeds.txt"
    done = feeds("add", "--unchecked", "--feeds", listed, "http://desk/feed", "desk:8080/feed", "localhost/feed")
    assert done.returncode == 0
    assert listed.read_text().split() == ["http://desk/feed", "https://desk:8080/feed", "https://localhost/feed"]


def test_a_list_that_cannot_be_read_is_a_users_mistake_and_stays(tmp_path: Path) -> None:
    listed = tmp_path / "feeds.opml"
    listed.write_text("<opml><body>")
    done = feeds("add", "--unchecked", "--feeds", listed, "https://a.example/feed")
    assert (done.returncode, "broken XML" in done.stderr, listed.read_text()) == (2, True, "<opml><body>")
    assert feeds("add", "--unchecked", "--feeds", "-", "https://a.example/feed").returncode == 2


@pytest.fixture
def ingest(news: WebServer, tmp_path: Path) -> Callable[[str], dict[str, int]]:
    listed = tmp_path / "feeds.txt"
    listed.write_text(f"{news.url('/feed')}\n{news.url('/other')}\n")
    news.on("/other", Answer(410))

    def run(now: str) -> dict[str, int]:
        lake = str(tmp_path / "lake")
        done = newsbeam("ingest", "--feeds", str(listed), "--output", lake, "--now", now, "--json", *NETWORK)
        counts = json.loads(done.stdout.splitlines()[-1])["counts"]
        return {name: n for name, n in counts.items() if name.startswith("polls.") and name != "polls.asked"}

    return run


@pytest.mark.slow
def test_orders_reach_the_next_run(news: WebServer, tmp_path: Path, ingest: Callable[[str], dict[str, int]]) -> None:
    lake, feed, other = tmp_path / "lake", news.url("/feed"), news.url("/other")
    assert ingest(NOON) == {"polls.ok": 1, "polls.failed": 1}

    done = feeds("pause", "--output", lake, "--reason", "their [server] moves", "--now", NOON, feed.upper(), feed + "x")
    assert (done.returncode, done.stdout.splitlines()[1][:8]) == (1, "refused ")
    feeds("pause", "--output", lake, "--reason", "their [server] moves", "--now", NOON, feed)
    assert ingest(ONE) == {"polls.paused": 1, "polls.retired": 1}
    shown = {one["feed_url"]: one for one in json.loads(feeds("status", "--output", lake, "--json").stdout)["feeds"]}
    assert (shown[feed]["state"], shown[feed]["order"], shown[feed]["order_reason"]) == (
        "paused",
        "pause",
        "their [server] moves",
    )
    assert shown[feed]["ordered_at"] == "2026-03-02T12:00:00.000000Z"
    assert "pause 2026-03-02 12:00: their [server] moves" in feeds("status", "--output", lake).stdout
    assert feeds("force", "--output", lake, feed).stdout == f"refused  {feed}: it is paused: resume it first\n"

    assert feeds("resume", "--output", lake, feed).returncode == 0
    assert feeds("force", "--output", lake, feed).returncode == 0
    shown = {one["feed_url"]: one for one in json.loads(feeds("status", "--output", lake, "--json").stdout)["feeds"]}
    assert (shown[feed]["asked_for"], shown[other]["asked_for"]) == (True, False)
    assert feeds("revive", "--output", lake, other).returncode == 0
    news.on("/other", Answer(503))
    asked = len(news.log)
    assert ingest("2026-03-02T13:01:00Z") == {"polls.ok": 1, "polls.failed": 1}
    again = [one for one in news.log[asked:] if one.path == "/feed"]
    assert len(again) == 1
    assert "if-none-match" not in again[0].headers
    assert ingest("2026-03-02T13:02:00Z") == {"polls.not_due": 2}, "an order is obeyed once"

    assert feeds("retire", "--output", lake, "--reason", "spam", feed, other).returncode == 0
    assert ingest("2026-03-05T13:00:00Z") == {"polls.retired": 2}
    assert feeds("pause", "--output", lake, feed).returncode == 1
    assert feeds("revive", "--output", lake, feed, other).returncode == 0
    assert ingest("2026-03-05T14:00:00Z") == {"polls.ok": 1, "polls.failed": 1}


@pytest.mark.slow
def test_a_pause_ends_by_itself(news: WebServer, tmp_path: Path, ingest: Callable[[str], dict[str, int]]) -> None:
    ingest(NOON)
    lake = tmp_path / "lake"
    assert feeds("pause", "--output", lake, "--now", NOON, "--until", NOON, news.url("/feed")).returncode == 2
    assert feeds("pause", "--output", lake, "--now", NOON, "--until", TWO, news.url("/feed")).returncode == 0
    assert ingest(ONE) == {"polls.paused": 1, "polls.retired": 1}
    assert ingest(TWO) == {"polls.ok": 1, "polls.retired": 1}


def test_damaged_orders_are_told_and_those_before_stand_again(
    news: WebServer, tmp_path: Path, ingest: Callable[[str], dict[str, int]]
) -> None:
    ingest(NOON)
    lake, feed = tmp_path / "lake", news.url("/feed")
    feeds("retire", "--output", lake, feed)
    feeds("revive", "--output", lake, feed)
    newest = max((lake / ORDERS).iterdir())
    newest.write_text(newest.read_text().replace("revive", "retire"))
    assert "newsbeam repair" in feeds("status", "--output", lake).stderr
    assert f"{newest.relative_to(lake)}: state" in newsbeam("verify", "--output", str(lake)).stdout
    repaired = newsbeam("repair", "--output", str(lake))
    assert (repaired.returncode, "the orders before it stand again" in repaired.stdout) == (3, True)
    assert read_orders(Storage(str(lake))).by_feed[feed].hold == "retired"
    assert newsbeam("verify", "--output", str(lake)).returncode == 0


def test_forget_takes_a_feed_out_of_the_orders(
    news: WebServer, tmp_path: Path, ingest: Callable[[str], dict[str, int]]
) -> None:
    ingest(NOON)
    lake, feed = tmp_path / "lake", news.url("/feed")
    feeds("pause", "--output", lake, feed)
    assert newsbeam("forget", "--output", str(lake), feed).returncode == 0
    assert [path.read_text().count("/feed") for path in (lake / ORDERS).iterdir()] == [0]

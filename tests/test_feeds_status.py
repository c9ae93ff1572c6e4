"""``newsbeam feeds status`` over a lake of the newsroom's, and over one of an older release."""

from __future__ import annotations

import io
import json
import subprocess
from pathlib import Path

from rich.console import Console

from pipelines.commands.feeds.feeds_status import print_feeds
from schemas.feed import FeedCursor
from tests.command import newsbeam
from tests.conftest import Desk
from transforms.feeds.lists.feed_status import feed_status

OLD_LAKE = Path(__file__).parent / "lakes" / "0.1.0"


def status(*arguments: object) -> subprocess.CompletedProcess[str]:
    return newsbeam("feeds", "status", *map(str, arguments))


def test_status_names_every_feed_with_its_last_outcome_the_bad_ones_first(desk: Desk) -> None:
    run = desk.run()
    listed = desk.folder / "more.txt"
    listed.write_text("\n".join([*desk.room.feeds, "http://127.0.0.1:9/never"]))
    shown = json.loads(status("--output", desk.folder / "lake", "--feeds", listed, "--json").stdout)
    assert shown["run_id"] == run["run_id"]
    feeds = {feed["feed_url"]: feed for feed in shown["feeds"]}
    assert feeds.keys() == {*desk.room.feeds, "http://127.0.0.1:9/never"}
    assert {url: feed["reason"] for url, feed in feeds.items() if feed["reason"]} == desk.room.bad_feeds
    states = [feed["state"] for feed in shown["feeds"]]
    bad, well = len(desk.room.bad_feeds), len(desk.room.feeds) - len(desk.room.bad_feeds)
    assert states == ["failing"] * bad + ["never_read"] + ["well"] * well
    read = next(feed for feed in shown["feeds"] if feed["state"] == "well")
    assert (read["outcome"], read["errors_in_a_row"]) == ("ok", 0)
    assert read["next_poll_at"] > read["last_success_at"] == read["silent_since"]


def test_status_reads_a_lake_of_the_first_release() -> None:
    done = status("--output", OLD_LAKE)
    assert done.returncode == 0, done.stderr
    assert "14 feeds at run 20260302T090000.000222Z: 2 failing, 12 well" in done.stdout
    assert done.stderr == ""


def test_status_of_no_lake_is_a_users_mistake(tmp_path: Path) -> None:
    done = status("--output", tmp_path / "nowhere")
    assert (done.returncode, "there is no lake at" in done.stderr) == (2, True)


def test_no_address_can_colour_the_table_or_turn_its_lines_around() -> None:
    page = io.StringIO()
    urls = ["http://x.example/[/bold]", "http://x.example/[link=http://y.example]", "http://x.example/\x9b2J\u202egnp"]
    feeds = [feed_status(url, FeedCursor(url), [], 0) for url in urls]
    print_feeds(feeds, "run", Console(file=page, force_terminal=True, width=300))
    shown = page.getvalue()
    assert urls[0] in shown
    assert urls[1] in shown
    assert "http://x.example/?2J?gnp" in shown

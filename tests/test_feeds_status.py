"""``newsbeam feeds status`` over a lake of the newsroom's, and over one of an older release."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from pipelines.commands.feeds.feeds_status import print_feeds
from schemas.feed import FeedCursor
from schemas.subscription import Subscription, SubscriptionState
from tests.command import newsbeam
from tests.conftest import Desk
from transforms.feeds.lists.feed_status import feed_status
from transforms.lake.files.storage import Storage
from transforms.lake.push.subscription_file import file_of, write_subscriptions

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


def test_a_feed_whose_hub_tells_of_its_news_is_shown_as_such(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    shutil.copytree(OLD_LAKE, lake)
    assert "told by a hub" not in status("--output", lake).stdout
    feeds = [feed["feed_url"] for feed in json.loads(status("--output", lake, "--json").stdout)["feeds"]]
    day_us = 86_400_000_000
    run_us = 1_772_442_000_000_222
    one = Subscription(feeds[0], "https://hub.example/", feeds[0], "key", 0, SubscriptionState.ACTIVE)
    kept = [
        replace(one, lease_until_us=run_us + 2 * day_us),
        replace(one, feed_url=feeds[1], lease_until_us=run_us - day_us),
        replace(one, feed_url=feeds[2], state=SubscriptionState.ASKED),
    ]
    storage = Storage(str(lake))
    write_subscriptions(storage, file_of("https://a.example/"), kept)
    write_subscriptions(storage, file_of("https://b.example/"), [replace(one, lease_until_us=run_us + day_us)])
    found = json.loads(status("--output", lake, "--json").stdout)["feeds"]
    until = {feed["feed_url"]: feed["told_until"] for feed in found if feed["told_until"]}
    assert until == {feeds[0]: "2026-03-04T09:00:00.000222Z"}
    head, *rows = status("--output", lake).stdout.splitlines()
    assert head.rstrip().endswith("  told by a hub until")
    assert [row.rstrip().endswith("  2026-03-04 09:00") for row in rows if feeds[0] in row] == [True]


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

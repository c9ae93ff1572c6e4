"""Runs on a schedule, and a run without a network, as a user's scheduler makes them."""

from __future__ import annotations

import json

import pytest

from pipelines.run.settings import IngestSettings
from schemas.run import ATTENTION
from tests.conftest import Desk

pytestmark = pytest.mark.timeout(300)


def test_runs_every_quarter_of_an_hour_ask_every_feed_each_time_and_one_that_fails_once_more(desk: Desk) -> None:
    counts = [desk.run()["counts"]]
    for _ in range(2):
        desk.room.advance(hours=0.25)
        counts.append(desk.run()["counts"])
    feeds, bad = counts[0]["feeds"], len(desk.room.bad_feeds)
    assert [run.get("polls.not_due", 0) for run in counts] == [0, 0, bad]
    assert [run["polls.asked"] for run in counts] == [feeds, feeds, feeds - bad]
    assert len(desk.rows("feed_polls")) == 3 * feeds - bad
    assert {row["outcome"] for row in desk.rows("feed_polls")} == {"ok", "not_modified", "failed"}


def test_force_asks_what_is_not_due(desk: Desk) -> None:
    feeds = desk.run()["counts"]["feeds"]
    desk.room.advance(hours=0.05)
    again = desk.run()["counts"]
    assert again["polls.not_due"] == feeds - len(desk.room.bad_feeds)
    assert desk.run("lake", "--force")["counts"]["polls.asked"] == feeds


@pytest.mark.slow
def test_a_run_without_a_network_ends_with_status_3_and_counts_against_nobody(desk: Desk) -> None:
    feeds = [f"http://127.0.0.{number}:9/feed" for number in range(2, 7)]  # nobody listens there
    desk.feeds.write_text("\n".join(feeds))
    for number in (1, 2):
        done = desk.ended()
        assert done.returncode == 3, done.stderr[-2000:]
        run = json.loads(done.stdout.splitlines()[-1])
        assert run["attention"] == [f"5 {ATTENTION['attention.network_down']}"]
        assert (run["counts"]["polls.offline"], run["counts"].get("polls.failed", 0)) == (5, 0)
        rows = desk.rows("feed_polls")
        assert [(row["outcome"], row["error_count"]) for row in rows] == [("offline", 0)] * 5 * number
        assert (desk.rows("failures"), desk.stored("_state/feed_cursors")) == ([], [])


def test_feeds_are_asked_in_the_first_half_of_a_runs_time_so_that_some_is_left_for_pages() -> None:
    limits = {limit_s: IngestSettings(max_run_s=limit_s).max_poll_s for limit_s in (1800.0, 100.0, 12.0, None)}
    assert limits == {1800.0: 900.0, 100.0: 60.0, 12.0: 12.0, None: None}

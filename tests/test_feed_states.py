"""Feeds that moved, were retired or are distrusted are counted beside the sums, and shown in the report."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from pipelines.commands.report.report import print_run
from schemas.feed import FeedPoll
from schemas.run import RunManifest, iso
from transforms.feeds.polling.tally_polls import tally_poll
from transforms.lake.accounts import SUMS

NOON_US = 1_772_452_800_000_000


def row(outcome: str, **values) -> FeedPoll:
    return FeedPoll("https://paper.example/feed", None, outcome, NOON_US, "run", **values)


@pytest.mark.parametrize(
    ("poll", "states"),
    [
        (row("ok", next_poll_at_us=NOON_US), set()),
        (row("ok", moved_to="https://new.example/feed", distrusted=True), {"feeds.moved", "feeds.distrusted"}),
        (row("failed", reason="gone"), {"feeds.retired"}),
        (row("failed", reason="gone", next_poll_at_us=NOON_US), set()),
        (row("retired"), {"feeds.retired"}),
    ],
)
def test_a_poll_counts_once_in_the_sums_and_its_feeds_state_beside_them(poll, states):
    tallies = dict(tally_poll(poll))
    asked = {"polls.asked"} if poll.outcome != "retired" else set()
    assert tallies == {f"polls.{poll.outcome}": 1, "entries.listed": 0} | dict.fromkeys(states | asked, 1)
    assert states.isdisjoint({term for _, terms_in, terms_out in SUMS for term in (*terms_in, *terms_out)})


def test_the_report_names_the_states_of_feeds_where_there_are_any():
    def shown(counts: dict[str, int]) -> str:
        page = io.StringIO()
        manifest = RunManifest("run", "ingest", iso(NOON_US), iso(NOON_US), {}, {}, counts, {}, ())
        print_run(manifest, Console(file=page, width=200))
        return page.getvalue()

    assert "2 moved, 1 retired" in shown({"feeds": 9, "feeds.moved": 2, "feeds.retired": 1})
    assert "moved" not in shown({"feeds": 9})

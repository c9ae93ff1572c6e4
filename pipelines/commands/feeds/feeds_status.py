"""``newsbeam feeds status``: prints the status of the feeds of a lake, those that need attention first."""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table as Grid

from pipelines.given.config_choices import choices_of
from pipelines.given.lakes import lake_at, read_run, reading_lake
from pipelines.printable import cell, json_text, minute
from schemas.feed import FEED_POLLS, FeedPoll, PollOutcome
from schemas.run import iso, started_us
from schemas.table import day_of
from transforms.common.clock import DAY_US
from transforms.feeds.lists.feed_status import WINDOW_DAYS, FeedState, FeedStatus, feed_status, worst_first
from transforms.lake.committed import committed
from transforms.lake.feed_orders import read_orders
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import Storage
from transforms.lake.push.subscription_file import told_until_us
from transforms.lake.state import cursors_in
from transforms.web.chosen.feed_settings import NO_CHOICES, FeedChoices

_PIPE_COLUMNS = 100_000
_COLUMNS = ("state", "feed", "last request", "outcome", "errors", "last success", "next poll", "a day", "silent since")
_NUMBERS = ("errors", "a day")


def feeds_status(given: argparse.Namespace, listed: Sequence[str] | None) -> int:
    """0, after printing the status of each feed of the lake or each `listed`. Raises UsageError without a lake."""
    with reading_lake():
        newest = read_run(given.output, None).run_id
        statuses = lake_feeds(lake_at(given.output), started_us(newest), listed, choices_of(given)[0])
    if given.json:
        print(json_text({"output": given.output, "run_id": newest, "feeds": [_shown(one) for one in statuses]}))
    else:
        print_feeds(statuses, newest)
    return 0


def lake_feeds(
    storage: Storage, now_us: int, listed: Sequence[str] | None = None, choices: FeedChoices = NO_CHOICES
) -> list[FeedStatus]:
    """The status at `now_us` of every feed that the lake knows, or of the feeds `listed`; worst first. `choices` are
    those of the settings file."""
    cursors, polls, orders = cursors_in(storage), _polls(storage, now_us), read_orders(storage).by_feed
    told = told_until_us(storage, now_us)
    urls = dict.fromkeys(listed) if listed is not None else cursors.keys() | polls.keys() | orders.keys()
    found = (
        feed_status(
            url,
            cursors.get(url),
            polls.get(url, ()),
            now_us,
            orders.get(url),
            bool(choices.of(url).pause),
            told.get(url),
        )
        for url in urls
    )
    return sorted(found, key=worst_first)


def print_feeds(statuses: Sequence[FeedStatus], run_id: str, console: Console | None = None) -> None:
    """Print the feeds as a table. Addresses and messages are foreign text, so mark-up in them is shown literally."""
    console = console or Console(highlight=False)
    if not console.is_terminal:  # in a pipe nothing is cut or wrapped
        console = Console(file=console.file, highlight=False, width=_PIPE_COLUMNS)
    grid = Grid(box=None, padding=(0, 2, 0, 0))
    rows = [(*_row(one), minute(one.told_until_us), _order(one)) for one in statuses]
    is_shown = {
        "told by a hub until": any(one.told_until_us is not None for one in statuses),
        "order": any(one.order is not None for one in statuses),
    }
    columns = (*_COLUMNS, *is_shown)
    for column in columns:
        if is_shown.get(column, True):
            grid.add_column(column, justify="right" if column in _NUMBERS else "left", overflow="fold")
    for row in rows:
        grid.add_row(*(cell(text) for name, text in zip(columns, row, strict=True) if is_shown.get(name, True)))
    console.print(grid)
    counts = Counter(one.state for one in statuses)
    told = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in counts.items())
    console.print()
    console.print(cell(f"{len(statuses)} feeds at run {run_id}: {told or 'none'}"))


def _row(one: FeedStatus) -> tuple[str, ...]:
    facts = filter(None, (one.reason, str(one.status) if one.status and one.outcome == PollOutcome.FAILED else None))
    return (
        one.state.replace("_", " "),
        f"{one.feed_url} -> {one.moved_to}" if one.moved_to else one.feed_url,
        minute(one.last_polled_at_us),
        " ".join(((one.outcome or "-").replace("_", " "), *facts)),
        str(one.errors_in_a_row or "-"),
        minute(one.last_success_at_us),
        _next_poll(one),
        "-" if one.entries_a_day is None else f"{one.entries_a_day:g}",
        minute(one.silent_since_us),
    )


def _next_poll(one: FeedStatus) -> str:
    if one.asked_for:
        return "next run"
    if one.state is FeedState.PAUSED and one.paused_by_settings:
        return "paused by settings"
    if one.state is FeedState.PAUSED:
        return f"from {minute(one.paused_until_us)}" if one.paused_until_us is not None else "paused"
    return "never" if one.retired else minute(one.next_poll_at_us)


def _order(one: FeedStatus) -> str:
    """The last order for a feed, as "pause 2026-03-02 08:00: their request"."""
    if one.order is None:
        return ""
    return f"{one.order} {minute(one.ordered_at_us)}" + (f": {one.order_reason}" if one.order_reason else "")


def _shown(one: FeedStatus) -> dict[str, Any]:
    """A status as JSON values, instants as ISO 8601."""
    return {
        name.removesuffix("_us"): iso(value) if name.endswith("_us") and value is not None else value
        for name, value in asdict(one).items()
    }


def _polls(storage: Storage, now_us: int) -> dict[str, list[FeedPoll]]:
    """The polls of the last days by feed."""
    oldest = f"{FEED_POLLS.partition}={day_of(now_us - WINDOW_DAYS * DAY_US)}"
    polls: defaultdict[str, list[FeedPoll]] = defaultdict(list)
    for path in committed(storage).parts(FEED_POLLS):
        if path.split("/")[1] >= oldest:
            for poll in PartReader(storage).rows(FEED_POLLS, path):
                polls[poll.feed_url].append(poll)
    return polls

"""Points and lengths of time are written alike for all commands, and a mistake shows the forms."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipelines.checks import UsageError
from pipelines.given.times import day_moment, days_of, instants_of, kept_days, moment, span_s
from pipelines.parser import command_parser

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
REBUILD, BACKFILL = ("rebuild", "--output", "lake"), ("backfill", "--output", "lake", "--warc", "x.warc.gz")
RETAIN, EXPORT = ("retain", "--output", "lake"), ("export", "pages", "--output", "lake", "--warc", "x.warc.gz")
STREAM = ("stream", "--output", "lake", "--feeds", "x")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 0), ("90", 90), ("90s", 90), (" 15m ", 900), ("1.5m", 90), ("12h", 43_200), ("7d", 604_800)],
)
def test_a_length_of_time(text: str, seconds: float) -> None:
    assert span_s("0", "3650d")(text) == seconds
    for command in (REBUILD, BACKFILL, ("compact", "--output", "lake"), STREAM):
        assert command_parser().parse_known_args([*command, "--grace", text])[0].grace == seconds


@pytest.mark.parametrize("text", ["", "often", "5 minutes", "-5m", "1w", "m", "1e9", "nan", "5mm", "٥m", "9" * 30])
@pytest.mark.parametrize(
    ("command", "option"),
    [(REBUILD, "--grace"), (STREAM, "--tick"), (RETAIN, "--pages"), (BACKFILL, "--grace")],
)
def test_what_is_no_length_of_time_is_told_alike_everywhere(
    command: tuple[str, ...], option: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = told(command, f"{option}={text}", capsys)
    assert f"{option}: {text!r} is no" in said
    assert "write it like 90s, 15m, 12h or 7d" in said


@pytest.mark.parametrize(("command", "option", "text"), [(STREAM, "--tick", "2d"), (STREAM, "--tick", "0"),
    (REBUILD, "--grace", "4000d"), (RETAIN, "--pages", "90"), (RETAIN, "--pages", "12h")])  # fmt: skip
def test_what_is_too_short_or_too_long_is_told_with_the_bounds(
    command: tuple[str, ...], option: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """So `retain --pages 90` does not drop all that is older than 90 seconds."""
    assert f"{text!r} is not from " in told(command, f"{option}={text}", capsys)


def told(command: tuple[str, ...], word: str, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        command_parser().parse_known_args([*command, word])
    assert ended.value.code == 2
    [line] = capsys.readouterr().err.splitlines()
    return line


def test_what_is_kept_is_kept_for_whole_days_and_none_too_few() -> None:
    assert [kept_days(text) for text in ("1d", "90d", "24h", "36h", "86401", "forever")] == [1, 90, 1, 2, 2, 0]


@pytest.mark.parametrize(
    ("text", "instant", "day"),
    [
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC), date(2026, 3, 1)),
        ("20260301", datetime(2026, 3, 1, tzinfo=UTC), date(2026, 3, 1)),
        ("2026-03-01T00:00:00Z", datetime(2026, 3, 1, tzinfo=UTC), date(2026, 3, 1)),
        ("2026-03-01T01:00:00+01:00", datetime(2026, 3, 1, tzinfo=UTC), date(2026, 3, 1)),
        ("7d", datetime(2026, 2, 23, 8, tzinfo=UTC), date(2026, 2, 23)),
        ("12h", datetime(2026, 3, 1, 20, tzinfo=UTC), date(2026, 3, 1)),
        ("15m", datetime(2026, 3, 2, 7, 45, tzinfo=UTC), date(2026, 3, 2)),
        ("90s", datetime(2026, 3, 2, 7, 58, 30, tzinfo=UTC), date(2026, 3, 2)),
    ],
)
def test_a_point_in_time_is_a_day_an_instant_or_so_long_ago(text: str, instant: datetime, day: date) -> None:
    assert instants_of(moment(text), None, NOW) == (instant, None)
    assert days_of(day_moment(text), None, NOW) == (day, None)
    for command in (REBUILD, BACKFILL, EXPORT):
        for option in ("since", "until"):
            given, _ = command_parser().parse_known_args([*command, f"--{option}", text])
            assert getattr(given, option).at(NOW) == instant


@pytest.mark.parametrize("text", ["", "monday", "2026", "90", "2026-13-01", "5 days", "-1d", "1w", "99999999d", "d"])
@pytest.mark.parametrize("command", [REBUILD, BACKFILL, EXPORT], ids=lambda command: command[0])
def test_what_is_no_point_in_time_is_told_alike_everywhere(
    command: tuple[str, ...], text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = told(command, f"--since={text}", capsys)
    assert f"{text!r} is no time: write it like 2026-03-02 or 2026-03-02T08:00:00Z, or 90d, 12h, 15m" in said


@pytest.mark.parametrize("read", [moment, day_moment])
def test_a_point_outside_of_our_time_is_refused(read: Callable[[str], Any]) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="outside 1990 to 2100"):
        read("1066-10-14")


def test_where_days_are_chosen_an_instant_within_one_is_refused_and_the_end_lies_behind_the_beginning() -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="lies within a day"):
        day_moment("2026-03-01T08:00:00Z")
    for first, last in (("1d", "7d"), ("2026-03-01", "2026-03-01"), ("1h", "15m")):
        with pytest.raises(UsageError, match="lies not after --since"):
            days_of(day_moment(first), day_moment(last), NOW)
    assert instants_of(moment("1h"), moment("15m"), NOW)[0] == datetime(2026, 3, 2, 7, tzinfo=UTC)

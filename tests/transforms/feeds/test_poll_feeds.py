"""Polling in a pipeline; bodies are parsed in real worker processes."""

from __future__ import annotations

import functools
import logging
import pickle
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to
from multidict import CIMultiDict

from schemas.feed import FeedCursor, FeedPoll, FeedSpec
from schemas.host import HostMemory
from schemas.run import Run
from schemas.run_shard import RunShard
from tests.facts import timeless
from transforms.common.clock import Clock
from transforms.feeds.polling.poll_feeds import PolledFeeds, PollFeeds, RunFeeds
from transforms.feeds.scheduling.poll_settings import PollSettings
from transforms.sandbox import Sandbox
from transforms.web.forgotten import Forgotten
from transforms.web.http.response import Response

NOW_US = 1_750_000_000_000_000
ONE, TWO, PAGE = "https://one.example/feed", "https://two.example/feed", "https://one.example/page"
IDLE = "https://idle.example/feed"
RSS = b"""<rss version="2.0"><channel><title>One</title>
<item><title>A</title><link>https://one.example/a</link></item><item><title>No link</title></item></channel></rss>"""
ATTRIBUTES = " ".join(f'a{number}="v"' for number in range(60_000)).encode()
HANGING = b"<rss version='2.0'><channel><item " + ATTRIBUTES + b"/></channel></rss>"


@dataclass(frozen=True)
class WrittenClient:
    answers: dict[str, bytes]

    async def fetch(
        self, url: str, headers: Iterable[tuple[str, str]] = (), *, validator_url: str | None = None
    ) -> Response:
        if url not in self.answers:
            raise ZeroDivisionError("a bug")
        return Response(url, url, (), 200, CIMultiDict({"etag": '"1"'}), self.answers[url], 5, NOW_US)

    def memories(self) -> list[HostMemory]:
        return [HostMemory("one.example", last_request_at_us=NOW_US)]


@asynccontextmanager
async def connect(
    answers: dict[str, bytes], memories: Iterable[HostMemory], deadline_us: int | None, forgotten: Forgotten
) -> AsyncIterator[WrittenClient]:
    assert list(memories) == []
    assert deadline_us is None
    assert not forgotten
    yield WrittenClient(answers)


@dataclass(frozen=True)
class Remembered:
    """A lookup that pickles: rows by run and key."""

    rows: dict[tuple[str, str], Any]

    def __call__(self, run: Run, keys: Iterable[str]) -> dict[str, Any]:
        return {key: self.rows[run.run_id, key] for key in keys if (run.run_id, key) in self.rows}


MORNING, NOON = Run("morning", NOW_US, "lake/a"), Run("noon", NOW_US, "lake/b")
FAR_US = NOW_US + 3_600_000_000


def polling(answers: dict[str, bytes], **options: Any) -> PollFeeds:
    given: dict[str, Any] = {
        "connect": functools.partial(connect, answers),
        "cursors": Remembered({("morning", IDLE): FeedCursor(IDLE, next_poll_at_us=FAR_US)}),
        "sandbox": Sandbox(workers=1, cpu_limit_s=1.0),
        "clock": Clock.starting_at(NOW_US),
        "shards": 1,
    }
    return PollFeeds(**given | options)


def feeds(run: Run, *urls: str) -> RunFeeds:
    return RunFeeds(run, tuple(FeedSpec(url) for url in urls))


def run(build: Callable[[beam.Pipeline], None]) -> None:
    with beam.Pipeline(runner=FnApiRunner(), options=PipelineOptions(["--direct_num_workers=1"])) as pipeline:
        build(pipeline)


def shown(row: Any) -> tuple[Any, ...]:
    if isinstance(row, FeedPoll):
        return row.feed_url, row.outcome, row.reason, row.entries
    return row.feed_url, row.etag, row.error_count


def rows_of(polled: PolledFeeds) -> Any:
    return polled.rows | "Rows" >> beam.FlatMap(lambda block: [(block[0], *shown(row)) for row in block[1]])


def test_each_feed_gives_one_poll_and_each_entry_a_place():
    def build(pipeline: beam.Pipeline) -> None:
        runs = pipeline | beam.Create([feeds(MORNING, ONE, TWO, PAGE, IDLE)])
        polled = runs | polling({ONE: RSS, TWO: HANGING, PAGE: b"<html>"})
        expected_rows = [
            ("morning/feed_polls", ONE, "ok", None, 2),
            ("morning/feed_polls", TWO, "failed", "timeout", 0),
            ("morning/feed_polls", PAGE, "failed", "not_a_feed", 0),
            ("morning/feed_polls", IDLE, "not_due", None, 0),
            ("morning/feed_cursors", ONE, '"1"', 0),
            ("morning/feed_cursors", TWO, None, 1),
            ("morning/feed_cursors", PAGE, None, 1),
        ]
        assert_that(rows_of(polled), equal_to(expected_rows), "rows")
        entries = polled.entries | "Entries" >> beam.Map(
            lambda keyed: (keyed[0], keyed[1].run, [(one.feed_url, one.url) for one in keyed[1].entries])
        )
        assert_that(entries, equal_to([("morning/00000", MORNING, [(ONE, "https://one.example/a")])]), "entries")
        failures = polled.failures | "Failures" >> beam.Map(lambda of: (of[0], of[1].input_kind, of[1].reason))
        expected_failures = [
            ("morning", "entry", "bad_url"),
            ("morning", "feed", "timeout"),
            ("morning", "feed", "not_a_feed"),
        ]
        assert_that(failures, equal_to(expected_failures), "failures")
        learned = RunShard(MORNING, memories=(HostMemory("one.example", NOW_US),))
        assert_that(polled.memories, equal_to([("morning/00000", learned)]), "memories")
        expected_facts = [
            ("polls.ok", 1),
            ("polls.failed", 2),
            ("polls.not_due", 1),
            ("polls.asked", 3),
            ("entries.listed", 2),
            ("entries.unusable", 1),
        ]
        facts = polled.facts | "Timeless" >> beam.Map(timeless)
        assert_that(facts, equal_to([("morning", fact) for fact in (*expected_facts, ("step", "poll"))]), "facts")

    run(build)


def test_runs_side_by_side_have_their_own_cursors_rows_and_counts():
    def build(pipeline: beam.Pipeline) -> None:
        runs = pipeline | beam.Create([feeds(MORNING, ONE, IDLE), feeds(NOON, ONE, IDLE)])
        polled = runs | polling({ONE: RSS, IDLE: b"<rss version='2.0'><channel/></rss>"}, entry_shards=1, shards=3)
        expected_rows = [
            ("morning/feed_polls", ONE, "ok", None, 2),
            ("morning/feed_polls", IDLE, "not_due", None, 0),
            ("morning/feed_cursors", ONE, '"1"', 0),
            ("noon/feed_polls", ONE, "ok", None, 2),
            ("noon/feed_polls", IDLE, "ok", None, 0),
            ("noon/feed_cursors", ONE, '"1"', 0),
            ("noon/feed_cursors", IDLE, '"1"', 0),
        ]
        assert_that(rows_of(polled), equal_to(expected_rows), "rows")
        entries = polled.entries | "Entries" >> beam.Map(lambda keyed: (keyed[0], keyed[1].run.output))
        assert_that(entries, equal_to([("morning/00000", "lake/a"), ("noon/00000", "lake/b")]), "entries")

    run(build)


def processed(transform: PollFeeds, shard: RunShard) -> list[Any]:
    fn = transform.fn
    fn.setup()
    try:
        return list(fn.process((f"{shard.run.run_id}/00000", [shard])))
    finally:
        fn.teardown()


def test_feeds_are_asked_until_the_run_is_so_old():
    asked: list[int | None] = []

    @asynccontextmanager
    async def noting(
        memories: Iterable[HostMemory], deadline_us: int | None, forgotten: Forgotten
    ) -> AsyncIterator[WrittenClient]:
        asked.append(deadline_us)
        yield WrittenClient({})

    processed(polling({}, connect=noting, max_poll_s=30.0), RunShard(MORNING))
    processed(polling({}, connect=noting), RunShard(MORNING))
    assert asked == [NOW_US + 30_000_000, None]


@pytest.mark.parametrize(
    ("settings", "gap_s", "outcome"),
    [
        (PollSettings(), 0.0, "not_due"),  # the feed's time has not come
        (PollSettings(), 7_200.0, "ok"),  # it comes nearer to this run than to the next
        (PollSettings(run_gap_s=600.0), 7_200.0, "not_due"),  # the user's own word on the time between runs counts
    ],
)
def test_a_feed_is_polled_in_the_run_that_is_nearest_to_its_time(settings, gap_s, outcome):
    shard = RunShard(Run("morning", NOW_US, "lake", gap_s=gap_s), specs=(FeedSpec(IDLE),))
    half_us = NOW_US + 1_800_000_000
    cursors = Remembered({("morning", IDLE): FeedCursor(IDLE, next_poll_at_us=half_us)})
    rss = b"<rss version='2.0'><channel/></rss>"
    outputs = processed(polling({IDLE: rss}, cursors=cursors, settings=settings), shard)
    (block,) = [one.value for one in outputs if getattr(one, "tag", "") == "rows" and "polls" in one.value[0]]
    assert [poll.outcome for poll in block[1]] == [outcome]


def test_a_bug_in_a_poll_fails_the_pipeline():
    def build(pipeline: beam.Pipeline) -> None:
        _ = pipeline | beam.Create([feeds(MORNING, ONE)]) | polling({})

    with pytest.raises(Exception, match="a bug"):
        run(build)


def test_progress_is_told_with_the_stage_and_the_count(caplog):
    with caplog.at_level(logging.DEBUG, logger="newsbeam.progress"):
        processed(polling({ONE: RSS}), RunShard(MORNING, specs=(FeedSpec(ONE),)))
    (record,) = [record for record in caplog.records if record.name == "newsbeam.progress"]
    assert (record.stage, record.part, record.done, record.total) == ("feeds", "morning/00000", 1, 1)


@pytest.mark.parametrize("option", ["shards", "entry_shards"])
def test_no_shards_are_refused(option):
    with pytest.raises(ValueError, match="0 shards: give at least 1"):
        polling({}, **{option: 0})


def test_what_the_workers_get_pickles():
    assert pickle.loads(pickle.dumps(polling({ONE: RSS}).fn)) is not None

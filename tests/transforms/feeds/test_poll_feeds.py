"""The two transforms of the room, run in a pipeline; bodies are parsed in real worker processes."""

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

from schemas.feed import FeedCursor, FeedEntry, FeedSpec
from schemas.host import HostMemory
from schemas.state import Seen
from transforms.feeds.poll_feeds import PollFeeds
from transforms.feeds.select_new import SelectOutcome
from transforms.feeds.select_new_entries import SelectNewEntries
from transforms.sandbox import Sandbox
from transforms.text.clock import Clock
from transforms.web.response import Response

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
async def connect(answers: dict[str, bytes], memories: Iterable[HostMemory]) -> AsyncIterator[WrittenClient]:
    assert list(memories) == []
    yield WrittenClient(answers)


@dataclass(frozen=True)
class Remembered:
    """A lookup that pickles."""

    rows: dict[str, Any]

    def __call__(self, keys: Iterable[str]) -> dict[str, Any]:
        return {key: self.rows[key] for key in keys if key in self.rows}


def polling(answers: dict[str, bytes]) -> PollFeeds:
    far = Clock.starting_at(NOW_US).now_us() + 3_600_000_000
    return PollFeeds(
        connect=functools.partial(connect, answers),
        cursors=Remembered({IDLE: FeedCursor(IDLE, next_poll_at_us=far)}),
        sandbox=Sandbox(workers=1, cpu_limit_s=1.0),
        clock=Clock.starting_at(NOW_US),
        run_id="run",
        shards=1,
    )


def run(build: Callable[[beam.Pipeline], None]) -> None:
    with beam.Pipeline(runner=FnApiRunner(), options=PipelineOptions(["--direct_num_workers=1"])) as pipeline:
        build(pipeline)


def test_each_feed_gives_one_poll_and_each_entry_a_place():
    def build(pipeline: beam.Pipeline) -> None:
        specs = pipeline | beam.Create([FeedSpec(url) for url in (ONE, TWO, PAGE, IDLE)])
        polled = specs | polling({ONE: RSS, TWO: HANGING, PAGE: b"<html>"})
        polls = polled.polls | "Polls" >> beam.Map(lambda row: (row.feed_url, row.outcome, row.reason, row.entries))
        cursors = polled.cursors | "Cursors" >> beam.Map(lambda row: (row.feed_url, row.etag, row.error_count))
        entries = polled.entries | "Entries" >> beam.Map(lambda row: (row.feed_url, row.url))
        failures = polled.failures | "Failures" >> beam.Map(lambda row: (row.input_kind, row.input, row.reason))
        expected_polls = [
            (ONE, "ok", None, 2),
            (TWO, "failed", "timeout", 0),
            (PAGE, "failed", "not_a_feed", 0),
            (IDLE, "not_due", None, 0),
        ]
        expected_failures = [
            ("entry", "No link", "bad_url"),
            ("feed", TWO, "timeout"),
            ("feed", PAGE, "not_a_feed"),
        ]
        assert_that(polls, equal_to(expected_polls), "polls")
        assert_that(cursors, equal_to([(ONE, '"1"', 0), (TWO, None, 1), (PAGE, None, 1)]), "cursors")
        assert_that(entries, equal_to([(ONE, "https://one.example/a")]), "entries")
        assert_that(failures, equal_to(expected_failures), "failures")
        assert_that(polled.memories, equal_to([HostMemory("one.example", NOW_US)]), "memories")

    run(build)


def test_a_bug_in_a_poll_fails_the_pipeline():
    def build(pipeline: beam.Pipeline) -> None:
        _ = pipeline | beam.Create([FeedSpec(ONE)]) | polling({})

    with pytest.raises(Exception, match="a bug"):
        run(build)


def test_progress_is_told_with_the_stage_and_the_count(caplog):
    fn = polling({ONE: RSS})._poll_fn
    fn.setup()
    try:
        with caplog.at_level(logging.DEBUG, logger="newsbeam.progress"):
            outputs = list(fn.process((0, [FeedSpec(ONE)])))
    finally:
        fn.teardown()
    (record,) = [record for record in caplog.records if record.name == "newsbeam.progress"]
    assert (record.stage, record.part, record.done, record.total) == ("feeds", 0, 1, 1)
    assert len(outputs) == 5


def entry(name: str, feed: str = ONE, **values: Any) -> FeedEntry:
    return FeedEntry(feed, name, f"https://p.example/{name}", name * 32, **values)


def test_entries_are_selected_once_a_page_across_feeds_and_shards():
    def build(pipeline: beam.Pipeline) -> None:
        entries = [entry("a"), entry("a", TWO), entry("b"), entry("c", TWO, origin="pending", attempts=1)]
        seen = Remembered({key * 32: Seen(key * 32, None, 1) for key in "b"})
        selected = pipeline | beam.Create(entries) | SelectNewEntries(seen, shards=3)
        assert_that(selected.entries, equal_to([entries[0], entries[3]]), "entries")
        expected = [
            SelectOutcome(ONE, "a" * 32, "fetch"),
            SelectOutcome(TWO, "a" * 32, "duplicate_entry"),
            SelectOutcome(ONE, "b" * 32, "known"),
            SelectOutcome(TWO, "c" * 32, "fetch", "pending"),
        ]
        assert_that(selected.outcomes, equal_to(expected), "outcomes")

    run(build)


@pytest.mark.parametrize("shards", [0, 257])
def test_a_number_of_shards_that_makes_no_sense_is_refused(shards):
    with pytest.raises(ValueError, match="give 1 to 256"):
        SelectNewEntries(Remembered({}), shards)


def test_what_the_workers_get_pickles():
    assert pickle.loads(pickle.dumps(polling({ONE: RSS})._poll_fn)) is not None
    assert pickle.loads(pickle.dumps(SelectNewEntries(Remembered({}), 2))) is not None

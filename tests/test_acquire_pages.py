"""The half that talks to the network: one pipeline serves several runs, each with a lake of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.internal import pickler
from apache_beam.pipeline import AppliedPTransform, PipelineVisitor
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing import test_pipeline as beam_pipeline
from apache_beam.testing.util import assert_that

from pipelines.run.acquire_pages import AcquiredPages, AcquirePages
from pipelines.run.settings import IngestSettings
from schemas.feed import FEED_CURSORS, FEED_POLLS, PENDING, FeedSpec
from schemas.host import HOSTS
from schemas.page import PAGES
from schemas.run import Run, StateParts, StepTime, Tally
from schemas.state import SEEN
from schemas.table import Table
from tests.facts import timeless
from tests.web_server import Answer, WebServer, running_server
from transforms.common.clock import Clock
from transforms.feeds.polling.fold_polls import fold_polls
from transforms.feeds.polling.poll_feeds import RunFeeds
from transforms.feeds.scheduling.poll_settings import PollSettings
from transforms.lake.accounts import discrepancies
from transforms.lake.files.layout import lock_path
from transforms.lake.files.lock import LockLostError
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import Storage
from transforms.lake.writing.write_tables import Rows, Snapshot, WriteTables
from transforms.sandbox import Sandbox
from transforms.web.http.guard import AddressGuard
from transforms.web.settings import HttpSettings

SETTINGS = IngestSettings(
    http=HttpSettings(host_delay_s=0.0, retries=0),
    guard=AddressGuard(("127.0.0.0/8",)),
    polling=PollSettings(force=True),
    sandbox=Sandbox(workers=1, preload=("transforms.feeds.parsing.parse_feed",)),
)
TARGETS = (
    Rows(FEED_POLLS, fold_polls),
    Snapshot(FEED_CURSORS, "feed_url"),
    Snapshot(HOSTS, "host", newest_by="last_request_at_us"),
    Snapshot(PENDING, "url_key"),
    Rows(SEEN),
)
PAGE = Answer(200, b"<html><p>The river rose.</p></html>", {"Content-Type": "text/html"})


@pytest.fixture
def web() -> Iterable[WebServer]:
    with running_server() as server:
        for path in ("/a", "/b"):
            server.on(path, PAGE)
        server.on("/busy", Answer(503))
        items = "".join(
            f"<item><title>{path}</title><link>{server.url(path)}</link></item>"
            for path in ("/a", "/b", "/busy", "/no")
        )
        server.on("/feed", Answer(200, f"<rss version='2.0'><channel>{items}</channel></rss>".encode()))
        yield server


def run_of(folder: Path, run_id: str, state: StateParts | None = None) -> Run:
    Storage(str(folder)).put("made", b"")
    return Run(run_id, Clock().now_us(), str(folder), state=state or StateParts())


def acquire(
    web: WebServer, runs: Sequence[Run], counts: dict[str, dict[str, int]], settings: IngestSettings = SETTINGS
) -> None:
    """Run once for all runs, and write their small tables; asserts the counts of each run."""

    def check(found: list[tuple[str, Tally | StepTime]]) -> None:
        summed: dict[str, dict[str, int]] = {run.run_id: {} for run in runs}
        for run_id, fact in found:
            if isinstance(fact, tuple) and fact[0] != "bytes.pages":
                summed[run_id][fact[0]] = summed[run_id].get(fact[0], 0) + fact[1]
        assert summed == counts

    feeds = [RunFeeds(run, (FeedSpec(web.url("/feed")),)) for run in runs]
    with beam_pipeline.TestPipeline(runner=FnApiRunner()) as pipeline:
        acquired: AcquiredPages = pipeline | "Runs" >> beam.Create(feeds) | AcquirePages(settings, Clock())
        places = [(run.place(target.table.name), run) for run in runs for target in TARGETS]
        beside = pipeline | "Places" >> beam.Create(places)
        _ = (acquired.rows, beside) | beam.Flatten() | WriteTables(TARGETS, Clock())
        assert_that(acquired.facts, check)


def rows(run: Run, table: Table[Any]) -> list[Any]:
    """What one run wrote to a table."""
    return [row for path in parts(run, table) for row in PartReader(Storage(run.output)).rows(table, path)]


def parts(run: Run, table: Table[Any]) -> list[str]:
    paths = Storage(run.output).list()
    return [path for path in paths if f"{table.name}/" in path and run.run_id in path]


def state_after(run: Run) -> StateParts:
    ((cursors,), (hosts,), (pending,), seen) = (parts(run, table) for table in (FEED_CURSORS, HOSTS, PENDING, SEEN))
    return StateParts(cursors=cursors, hosts=hosts, pending=pending, seen=tuple(seen), adopted_pages=pages_of(run))


def pages_of(run: Run) -> tuple[str, ...]:
    return tuple(parts(run, PAGES))


FIRST = {
    "polls.ok": 1,
    "polls.asked": 1,
    "entries.listed": 4,
    "entries.fetch": 4,
    "fetches.page": 2,
    "fetches.retry": 1,
    "fetches.failed": 1,
}


def test_runs_of_two_lakes_side_by_side_each_go_on_from_what_their_own_lake_knows(
    web: WebServer, tmp_path: Path
) -> None:
    first = run_of(tmp_path / "one", "20260302T080000.000000Z")
    acquire(web, [first], {first.run_id: FIRST})
    assert sorted(page.url for page in rows(first, PAGES)) == [web.url("/a"), web.url("/b")]
    assert [entry.url for entry in rows(first, PENDING)] == [web.url("/busy")]
    assert [(poll.outcome, poll.entries, poll.new_entries) for poll in rows(first, FEED_POLLS)] == [("ok", 4, 4)]
    assert len(rows(first, SEEN)) == 1  # /no, which is not there
    assert [memory.host for memory in rows(first, HOSTS)] == [f"127.0.0.1:{web.port}"]

    web.on("/busy", PAGE)
    web.on("/b", Answer(404))
    second = run_of(tmp_path / "one", "20260302T090000.000000Z", state_after(first))
    other = run_of(tmp_path / "two", "20260302T090000.000001Z")
    again = {
        "polls.ok": 1,
        "polls.asked": 1,
        "entries.listed": 4,
        "entries.pending": 1,
        "entries.fetch": 1,
        "entries.known": 3,
        "entries.duplicate_entry": 1,
        "fetches.page": 1,
    }
    elsewhere = FIRST | {"fetches.failed": 2}
    del elsewhere["fetches.retry"]
    acquire(web, [second, other], {second.run_id: again, other.run_id: elsewhere})
    assert [page.url for page in rows(second, PAGES)] == [web.url("/busy")]
    assert sorted(page.url for page in rows(other, PAGES)) == [web.url("/a"), web.url("/busy")]
    assert (rows(second, PENDING), rows(other, PENDING)) == ([], [])
    assert [poll.new_entries for run in (second, other) for poll in rows(run, FEED_POLLS)] == [0, 4]
    assert {page.run_id for page in rows(second, PAGES)} == {second.run_id}
    assert web.asked().count("/robots.txt") == 2, "asked once for each lake, and remembered by the first"


@pytest.mark.parametrize("shards", [1, 3])
def test_a_limit_of_pages_holds_for_the_whole_run_whatever_the_number_of_shards(
    web: WebServer, tmp_path: Path, shards: int
) -> None:
    items = "".join(
        f"<item><title>{n}</title><link>{web.url('/a', f'127.0.0.{1 + n % 3}')}?n={n}</link>"
        f"<pubDate>Mon, 02 Mar 2026 0{n}:00:00 GMT</pubDate></item>"
        for n in range(6)
    )
    web.on("/feed", Answer(200, f"<rss version='2.0'><channel>{items}</channel></rss>".encode()))
    for n in range(6):
        web.on(f"/a?n={n}", PAGE)
    run = run_of(tmp_path / "lake", "20260302T080000.000000Z")
    counts = {"entries.listed": 6, "entries.fetch": 6, "fetches.page": 2, "fetches.deferred": 4}
    expected = {"polls.ok": 1, "polls.asked": 1} | counts
    acquire(web, [run], {run.run_id: expected}, replace(SETTINGS, shards=shards, max_pages=2))
    assert sorted(page.url[-3:] for page in rows(run, PAGES)) == ["n=4", "n=5"]
    assert sorted(entry.url[-3:] for entry in rows(run, PENDING)) == ["n=0", "n=1", "n=2", "n=3"]
    assert [poll.new_entries for poll in rows(run, FEED_POLLS)] == [6]


def test_a_run_without_feeds_still_fetches_what_was_left_over(web: WebServer, tmp_path: Path) -> None:
    first = run_of(tmp_path / "one", "20260302T080000.000000Z")
    acquire(web, [first], {first.run_id: FIRST})
    web.on("/busy", PAGE)
    second = run_of(tmp_path / "one", "20260302T090000.000000Z", state_after(first))
    with beam_pipeline.TestPipeline(runner=FnApiRunner()) as pipeline:
        acquired = pipeline | beam.Create([RunFeeds(second, ())]) | AcquirePages(SETTINGS, Clock())
        names = acquired.facts | beam.Map(lambda fact: timeless(fact[1]))
        expected = [("entries.pending", 1), ("entries.fetch", 1), ("fetches.page", 1), ("bytes.pages", len(PAGE.body))]
        expected += [("step", "fetch"), ("step", "select")]
        assert_that(names, lambda found: sorted(found) == sorted(expected) or pytest.fail(str(found)))
    assert [page.url for page in rows(second, PAGES)] == [web.url("/busy")]


@pytest.mark.parametrize("feeds", [1, 0], ids=["polls", "pages"])
def test_a_run_that_has_lost_its_lake_asks_no_host_any_more(web: WebServer, tmp_path: Path, feeds: int) -> None:
    first = run_of(tmp_path / "one", "20260302T080000.000000Z")
    acquire(web, [first], {first.run_id: FIRST})
    asked = len(web.asked())
    lost = replace(run_of(tmp_path / "one", "20260302T090000.000000Z", state_after(first)), generation=1)
    Storage(lost.output).put(lock_path(2), b"")
    specs = (FeedSpec(web.url("/feed")),) * feeds
    with (
        pytest.raises(LockLostError, match="another run took over"),
        beam_pipeline.TestPipeline(runner=FnApiRunner()) as pipeline,
    ):
        _ = pipeline | beam.Create([RunFeeds(lost, specs)]) | AcquirePages(SETTINGS, Clock())
    assert len(web.asked()) == asked


def test_the_counts_of_a_first_run_add_up() -> None:
    counts = FIRST | {
        "feeds": 1,
        "failures.pages": 2,
        "pages.extracted": 2,
        "articles.article": 2,
        "rows.articles": 2,
        "rows.failures": 2,
        "rows.feed_polls": 1,
        "rows.pages": 2,
        "rows.pending": 1,
    }
    assert discrepancies(counts) == []


class _Described(PipelineVisitor):
    def __init__(self) -> None:
        self.do_fns: list[beam.DoFn] = []
        self.groupings = 0

    def visit_transform(self, transform_node: AppliedPTransform) -> None:
        if isinstance(transform_node.transform, beam.ParDo):
            self.do_fns.append(transform_node.transform.fn)
        self.groupings += isinstance(transform_node.transform, beam.GroupByKey)


@pytest.mark.parametrize("max_pages", [None, 5])
def test_the_half_is_three_groupings_and_every_function_of_it_pickles(max_pages: int | None) -> None:
    pipeline = beam.Pipeline(runner=FnApiRunner())
    feeds = pipeline | beam.Create([], reshuffle=False)
    _ = feeds | AcquirePages(replace(SETTINGS, max_pages=max_pages), Clock())
    described = _Described()
    pipeline.visit(described)
    assert described.groupings == 3
    for do_fn in described.do_fns:
        assert type(pickler.loads(pickler.dumps(do_fn))).__qualname__ == type(do_fn).__qualname__

"""Fetching in a pipeline: what is stored, what is left for later, what fails, and that building need not wait."""

from __future__ import annotations

import logging
import pickle
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing import test_pipeline as beam_pipeline
from apache_beam.testing.util import assert_that, equal_to

from schemas.feed import FeedEntry
from schemas.host import HostMemory
from schemas.run import FilePart, Run
from schemas.state import Seen
from tests.facts import is_count
from tests.transforms.pages.entries import entry
from tests.transforms.pages.fetching import PAGE, RUN, Given, fetching, processed, transform
from tests.web_server import Answer, WebServer
from transforms.common.clock import Clock
from transforms.pages.fetch_pages import Flushing


def fetch(
    folder: Path,
    given: Given | Sequence[Given],
    files: list[tuple[str, str]] | None,
    failures: list[Any],
    pending: list[FeedEntry],
    outcomes: list[str],
    seen: list[FeedEntry] | None = None,
    **options: Any,
) -> None:
    """Run the transform and assert all of its outputs (`files` and `seen` None: not compared)."""
    every = [given] if isinstance(given, Given) else given
    with beam_pipeline.TestPipeline(runner=FnApiRunner()) as pipeline:
        keyed = pipeline | "Given" >> beam.Create([pair for one in every for pair in one.keyed()])
        fetched = keyed | transform(folder, **options)
        if files is not None:
            names = fetched.pages | "Names" >> beam.Map(lambda page: (page[0].run_id, page[1].path))
            assert_that(names, equal_to(files), "Files")
        failed = fetched.failures | "Failed" >> beam.Map(lambda of: (of[1].input, of[1].reason, of[1].status))
        assert_that(failed, equal_to(failures), "Failures")
        rows = fetched.rows | "Rows" >> beam.FlatMap(lambda of: [(of[0].rpartition("/")[2], row) for row in of[1]])
        left = (
            rows
            | "Left" >> beam.Filter(lambda of: of[0] == "pending")
            | "NoTimes" >> beam.Map(lambda of: replace(of[1], waiting_since_us=None))
        )
        assert_that(left, equal_to(pending), "Pending")
        if seen is not None:
            remembered = [("seen", Seen(one.url_key, one.updated_us, RUN.started_at_us)) for one in seen]
            assert_that(rows | "Seen" >> beam.Filter(lambda of: of[0] == "seen"), equal_to(remembered), "Seen")
        counts = Counter(f"fetches.{outcome}" for outcome in outcomes)
        facts = fetched.facts | "Counts" >> beam.Filter(is_count) | "Facts" >> beam.Map(lambda fact: fact[1])
        outcomes_counted = facts | "Outcomes" >> beam.Filter(lambda fact: fact[0] != "bytes.pages")
        assert_that(outcomes_counted | beam.CombinePerKey(sum), equal_to(list(counts.items())), "Facts")


def test_pages_are_stored_and_everything_else_has_a_row(web: WebServer, tmp_path: Path) -> None:
    web.on("/good", PAGE)
    web.on("/busy", Answer(503))
    web.on("/file", Answer(200, b"%PDF-1.7"))
    good, missing, busy, file = (entry(web.url(path), updated_us=5) for path in ("/good", "/missing", "/busy", "/file"))
    none = entry("http://user@news.example/")
    fetch(
        tmp_path,
        Given([good, missing, busy, file, none]),
        files=[("run-1", "run-1-00000-0000")],
        failures=[
            (missing.url, "not_found", 404),
            (busy.url, "server_error", 503),
            (file.url, "not_html", 200),
            (none.url, "bad_url", None),
        ],
        pending=[replace(busy, attempts=1, origin="pending")],
        outcomes=["page", "failed", "retry", "failed", "failed"],
        seen=[missing, file, none],
    )
    (stored,) = pickle.loads((tmp_path / "run-1-00000-0000").read_bytes())
    assert (stored.url, stored.body, stored.charset, stored.run_id) == (good.url, PAGE.body, "utf-8", "run-1")


def test_pages_are_stored_whenever_enough_have_come(web: WebServer, tmp_path: Path) -> None:
    web.on("/a", PAGE)
    web.on("/b", PAGE)
    web.on("/c", PAGE)
    entries = [entry(web.url(path), published_us=-n) for n, path in enumerate(("/a", "/b", "/c"))]
    fetch(
        tmp_path,
        Given(entries),
        files=[("run-1", "run-1-00000-0000"), ("run-1", "run-1-00000-0001")],
        failures=[],
        pending=[],
        outcomes=["page"] * 3,
        flushing=Flushing(at_bytes=len(PAGE.body) + 1),
    )
    stored = [pickle.loads(path.read_bytes()) for path in sorted(tmp_path.iterdir())]
    assert [[page.url for page in pages] for pages in stored] == [[web.url("/a"), web.url("/b")], [web.url("/c")]]


def test_runs_side_by_side_have_their_own_files_rows_and_time(web: WebServer, tmp_path: Path) -> None:
    web.on("/a", PAGE)
    now_us = Clock().now_us()
    now, long_ago = replace(RUN, started_at_us=now_us), Run("run-0", now_us - 3_600_000_000, "lake/old")
    one = entry(web.url("/a"))
    fetch(
        tmp_path,
        [Given([one], run=now), Given([one], run=long_ago)],
        files=[("run-1", "run-1-00000-0000")],
        failures=[],
        pending=[replace(one, origin="pending")],
        outcomes=["page", "deferred"],
        max_run_s=60.0,
    )


def test_what_is_beyond_a_limit_is_left_for_later_without_a_request(web: WebServer, tmp_path: Path) -> None:
    far = entry(web.url("/a"))
    fetch(tmp_path, Given(deferred=[far]), [], [], [replace(far, origin="pending")], ["deferred"], seen=[])
    assert web.log == []


def test_when_the_time_is_over_the_rest_is_deferred(web: WebServer, tmp_path: Path) -> None:
    entries = [entry(web.url(f"/{n}")) for n in range(3)]
    fetch(
        tmp_path,
        Given(entries),
        files=[],
        failures=[],
        pending=[replace(one, origin="pending") for one in entries],
        outcomes=["deferred"] * 3,
        max_run_s=0.0,
    )
    assert web.log == []


def test_what_polling_learned_of_a_host_reaches_its_shard(web: WebServer, tmp_path: Path) -> None:
    web.on("/a", PAGE)
    now_us = Clock().now_us()
    memory = HostMemory(f"127.0.0.1:{web.port}", now_us, 200, "User-agent: *\nDisallow: /b", now_us)
    a, b = entry(web.url("/a")), entry(web.url("/b"))
    fetch(
        tmp_path,
        Given([a, b], [memory], shards=5),
        files=None,
        failures=[(b.url, "robots_denied", 200)],
        pending=[],
        outcomes=["page", "failed"],
    )
    assert web.asked() == ["/a"]


def test_hosts_are_remembered_as_the_next_run_should_have_them(web: WebServer, tmp_path: Path) -> None:
    dead = HostMemory("dead.example", 7, is_dead=True, dead_schemes=("https",))
    outputs = processed(tmp_path, Given(memories=[dead]))
    assert [one.value for one in outputs] == [("run-1/hosts", (HostMemory("dead.example", 7),))]
    assert web.log == []


def test_a_store_that_fails_fails_the_run(web: WebServer, tmp_path: Path) -> None:
    web.on("/a", PAGE)
    with pytest.raises(Exception, match="No such file"):
        fetch(tmp_path / "absent", Given([entry(web.url("/a"))]), None, [], [], [])
    assert fetching() == []


def test_hosts_are_asked_at_the_same_time_and_each_only_once_at_a_time(web: WebServer, tmp_path: Path) -> None:
    hosts = ["127.0.0.1", "127.0.0.2", "127.0.0.3"]
    web.on("/a", replace(PAGE, delay_s=0.05))
    web.on("/b", replace(PAGE, delay_s=0.05))
    entries = [entry(web.url(path, host)) for host in hosts for path in ("/a", "/b")]
    fetch(tmp_path, Given(entries), None, [], [], ["page"] * 6)
    assert web.most_at_once == {"all": 3} | dict.fromkeys(hosts, 1)


def test_the_dofn_pickles(tmp_path: Path) -> None:
    made = transform(tmp_path, max_run_s=60.0)
    copy = pickle.loads(pickle.dumps(made.fn))
    assert copy._settings == made.fn._settings


def test_progress_is_told_at_the_end(web: WebServer, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    web.on("/a", PAGE)
    with caplog.at_level(logging.DEBUG, "newsbeam.progress"):
        processed(tmp_path, Given([entry(web.url("/a")), entry(web.url("/b"))]))
    (last,) = [record for record in caplog.records if record.name == "newsbeam.progress"][-1:]
    assert (last.stage, last.part, last.done, last.total) == ("pages", "run-1/00000", 2, 2)  # type: ignore[attr-defined]


def test_what_pages_cost_is_measured_though_they_are_fetched_in_another_thread(web: WebServer, tmp_path: Path) -> None:
    web.on("/a", PAGE)
    pipeline = beam.Pipeline(runner=FnApiRunner())
    given = Given([entry(web.url("/a")), entry(web.url("/b"))])
    _ = pipeline | beam.Create(list(given.keyed())) | transform(tmp_path)
    result = pipeline.run()
    result.wait_until_finish()
    found = result.metrics().query(beam.metrics.MetricsFilter().with_namespace("pages"))
    assert {one.key.metric.name: one.committed for one in found["counters"]} == {
        "entries_page": 1,
        "entries_failed": 1,
        "failures_not_found": 1,
        "stored_pages": 1,
        "stored_bytes": 0,  # as the store of this test says
    }
    (body_bytes,) = [one.committed for one in found["distributions"] if one.key.metric.name == "body_bytes"]
    assert (body_bytes.count, body_bytes.sum) == (1, len(PAGE.body))


def test_adopted_files_are_passed_on_once_each_before_fetched_ones_and_where_nothing_is_to_fetch(
    web: WebServer, tmp_path: Path
) -> None:
    web.on("/good", PAGE)
    adopted = [FilePart("pages", name, 2, 0) for name in ("left-0", "left-1", "left-2")]

    def passed_on(given: Given) -> list[str]:
        return [one[1].path for one in processed(tmp_path, given) if isinstance(one, tuple)]

    assert passed_on(Given(adopted=adopted)) == ["left-0", "left-1", "left-2"]
    both = Given([entry(web.url("/good"))], adopted=adopted)
    assert passed_on(both) == ["left-0", "left-1", "left-2", "run-1-00000-0000"]

from __future__ import annotations

import logging
import pickle
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing import test_pipeline as beam_pipeline
from apache_beam.testing.util import assert_that, equal_to

from schemas.feed import FeedEntry
from schemas.page import Page
from tests.transforms.pages.entries import entry
from tests.web_server import Answer, WebServer
from transforms.pages.fetch_pages import FetchOutcome, FetchPages, _FetchFn, _shard
from transforms.text.clock import Clock
from transforms.web.client import HttpSettings, Limits
from transforms.web.guard import AddressGuard
from transforms.web.polite import HostMemory

HTTP = HttpSettings(
    contact="desk@newsbeam.example", host_delay_s=0.0, retry_base_s=0.01, limits=Limits(connect_s=2, total_s=5)
)
PAGE = Answer(200, b"<html><p>The river rose.</p></html>", {"Content-Type": "text/html; charset=utf-8"})


@dataclass(frozen=True)
class FolderStore:
    """Writes each chunk as a file of its own."""

    folder: str

    def write(self, pages: Sequence[Page], chunk: str) -> list[tuple[str, list[str]]]:
        Path(self.folder, chunk).write_bytes(pickle.dumps(list(pages)))
        return [(chunk, sorted(page.url for page in pages))]


def transform(folder: Path, **options: Any) -> FetchPages:
    settings: dict[str, Any] = {"http": HTTP, "shards": 1} | options
    return FetchPages(
        guard=AddressGuard(("127.0.0.0/8",)), store=FolderStore(str(folder)), clock=Clock(), run_id="run-1", **settings
    )


def fetch(
    folder: Path,
    entries: list[FeedEntry],
    pages: list[Any] | None,
    failures: list[Any],
    pending: list[FeedEntry],
    outcomes: list[FetchOutcome],
    memories: Sequence[HostMemory] = (),
    **options: Any,
) -> None:
    """Run the transform and assert all of its outputs (`pages` None: not compared)."""
    with beam_pipeline.TestPipeline(runner=FnApiRunner()) as pipeline:
        fetched = {
            "entries": pipeline | "Entries" >> beam.Create(entries),
            "memories": pipeline | "Memories" >> beam.Create(list(memories)),
        } | transform(folder, **options)
        if pages is not None:
            assert_that(fetched.pages, equal_to(pages), "Pages")
        seen = fetched.failures | beam.Map(lambda failure: (failure.input, failure.reason, failure.status))
        assert_that(seen, equal_to(failures), "Failures")
        left = fetched.pending | "NoTimes" >> beam.Map(lambda entry: replace(entry, waiting_since_us=None))
        assert_that(left, equal_to(pending), "Pending")
        assert_that(fetched.outcomes, equal_to(outcomes), "Outcomes")


def outcome(one: FeedEntry, kind: str) -> FetchOutcome:
    return FetchOutcome(one.url_key, kind)


def test_pages_are_stored_and_everything_else_has_a_row(web: WebServer, tmp_path: Path) -> None:
    web.on("/good", PAGE)
    web.on("/busy", Answer(503))
    web.on("/file", Answer(200, b"%PDF-1.7"))
    good, missing, busy, file = (entry(web.url(path)) for path in ("/good", "/missing", "/busy", "/file"))
    none = entry("http://user@news.example/")
    fetch(
        tmp_path,
        [good, missing, busy, file, none],
        pages=[("00000-0000", [good.url])],
        failures=[
            (missing.url, "not_found", 404),
            (busy.url, "server_error", 503),
            (file.url, "not_html", 200),
            (none.url, "bad_url", None),
        ],
        pending=[replace(busy, attempts=1, origin="pending")],
        outcomes=[
            outcome(good, "page"),
            outcome(missing, "failed"),
            outcome(busy, "retry"),
            outcome(file, "failed"),
            outcome(none, "failed"),
        ],
    )
    (stored,) = pickle.loads((tmp_path / "00000-0000").read_bytes())
    assert (stored.url, stored.body, stored.charset, stored.run_id) == (good.url, PAGE.body, "utf-8", "run-1")


def test_pages_are_stored_whenever_enough_have_come(web: WebServer, tmp_path: Path) -> None:
    web.on("/a", PAGE)
    web.on("/b", PAGE)
    web.on("/c", PAGE)
    entries = [entry(web.url(path), published_us=-n) for n, path in enumerate(("/a", "/b", "/c"))]
    fetch(
        tmp_path,
        entries,
        pages=[("00000-0000", [web.url("/a"), web.url("/b")]), ("00000-0001", [web.url("/c")])],
        failures=[],
        pending=[],
        outcomes=[outcome(one, "page") for one in entries],
        page_flush_bytes=len(PAGE.body) + 1,
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["00000-0000", "00000-0001"]


def test_beyond_max_pages_entries_are_deferred_across_shards_the_oldest_first(web: WebServer, tmp_path: Path) -> None:
    web.on("/robots.txt", Answer(404))
    entries = [entry(web.url(f"/{n}", f"127.0.0.{n}"), published_us=n) for n in range(1, 5)]
    left = entry(web.url("/5"), published_us=0, origin="pending")
    fetch(
        tmp_path,
        [*entries, left],
        pages=[],
        failures=[(left.url, "not_found", 404)],
        pending=[replace(one, origin="pending") for one in entries],
        outcomes=[outcome(one, "deferred") for one in entries] + [outcome(left, "failed")],
        max_pages=1,
        shards=3,
    )
    assert sorted(set(web.asked())) == ["/5", "/robots.txt"]


def test_when_the_time_is_over_the_rest_is_deferred(web: WebServer, tmp_path: Path) -> None:
    entries = [entry(web.url(f"/{n}")) for n in range(3)]
    fetch(
        tmp_path,
        entries,
        pages=[],
        failures=[],
        pending=[replace(one, origin="pending") for one in entries],
        outcomes=[outcome(one, "deferred") for one in entries],
        deadline_us=0,
    )
    assert web.log == []


def test_what_polling_learned_of_a_host_reaches_its_shard(web: WebServer, tmp_path: Path) -> None:
    web.on("/a", PAGE)
    now_us = Clock().now_us()
    memory = HostMemory(f"127.0.0.1:{web.port}", now_us, 200, "User-agent: *\nDisallow: /b", now_us)
    a, b = entry(web.url("/a")), entry(web.url("/b"))
    fetch(
        tmp_path,
        [a, b],
        pages=None,
        failures=[(b.url, "robots_denied", 200)],
        pending=[],
        outcomes=[outcome(a, "page"), outcome(b, "failed")],
        memories=[memory],
        shards=5,
    )
    assert web.asked() == ["/a"]


def test_memories_without_entries_ask_for_nothing(web: WebServer, tmp_path: Path) -> None:
    memory = HostMemory(f"127.0.0.1:{web.port}")
    fetch(tmp_path, [], pages=[], failures=[], pending=[], outcomes=[], memories=[memory])
    assert web.log == []


def test_a_store_that_fails_fails_the_run(web: WebServer, tmp_path: Path) -> None:
    web.on("/a", PAGE)
    with pytest.raises(Exception, match="No such file"):
        fetch(tmp_path / "absent", [entry(web.url("/a"))], None, [], [], [])


def test_hosts_are_asked_at_the_same_time_and_each_only_once_at_a_time(web: WebServer, tmp_path: Path) -> None:
    hosts = ["127.0.0.1", "127.0.0.2", "127.0.0.3"]
    web.on("/a", replace(PAGE, delay_s=0.05))
    web.on("/b", replace(PAGE, delay_s=0.05))
    entries = [entry(web.url(path, host)) for host in hosts for path in ("/a", "/b")]
    fetch(tmp_path, entries, None, [], [], [outcome(one, "page") for one in entries])
    assert web.most_at_once == {"all": 3} | dict.fromkeys(hosts, 1)


def test_the_dofn_pickles(tmp_path: Path) -> None:
    made = transform(tmp_path, deadline_us=60_000_000)
    copy = pickle.loads(pickle.dumps(_FetchFn(made._settings)))
    assert copy._settings == made._settings


def test_progress_is_told_at_the_end(web: WebServer, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    web.on("/a", PAGE)
    entries = [entry(web.url("/a")), entry(web.url("/b"))]
    with caplog.at_level(logging.DEBUG, "newsbeam.progress"):
        groups = {"entries": entries, "memories": []}
        list(_FetchFn(transform(tmp_path)._settings).process((0, groups)))
    (last,) = [record for record in caplog.records if record.name == "newsbeam.progress"][-1:]
    assert (last.stage, last.done, last.total) == ("pages", 2, 2)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("option", "value"), [("shards", 0), ("max_pages", -1)])
def test_a_setting_that_makes_no_sense_is_refused_when_the_pipeline_is_built(
    tmp_path: Path, option: str, value: int
) -> None:
    with pytest.raises(ValueError, match=f"{option} is {value}"):
        transform(tmp_path, **{option: value})


def test_a_host_always_belongs_to_the_same_shard() -> None:
    assert [_shard(host, 7) for host in ("news.example", "a.example:8080", "127.0.0.1")] == [0, 4, 1]
    assert len({_shard(host, 97) for host in ("paper.com", "www.paper.com", "feeds.paper.com:8080")}) == 1

"""Pages that are asked for again, as a user wants it: edits and withdrawals become revisions, the rest leaves none."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import newsbeam as library
from pipelines.run.engine.run_pipeline import WarmPipeline
from pipelines.run.ingest import ingest
from pipelines.run.settings import IngestSettings
from schemas.feed import FeedSpec
from schemas.run import iso
from tests.command import newsbeam
from tests.rows import NOON_US
from tests.web_server import Answer, WebServer, running_server
from transforms.common.clock import HOUR_US
from transforms.feeds.scheduling.poll_settings import PollSettings
from transforms.web.http.guard import AddressGuard
from transforms.web.settings import HttpSettings

pytestmark = pytest.mark.timeout(300)
HTML = {"Content-Type": "text/html; charset=utf-8"}
NAMES = ("same", "cut", "edited", "gone", "broken")


def page(name: str, *more: str, menu: str = "") -> bytes:
    said = (
        "came first when the council of the harbour town met on Tuesday, and the members spoke of it for three hours "
        "before they voted that the new ferry should be paid for by all"
    )
    text = "".join(
        f"<p>The {name} report {word} {said}.</p>" for word in ("one", "two", "three", "four", "five", *more)
    )
    head = f"<head><title>The {name} ferry</title></head>"
    return (
        f"<html>{head}<body><nav>{menu}</nav><article><h1>The {name} ferry</h1>{text}</article></body></html>".encode()
    )


class Paper:
    """A feed of some articles on loopback, and a lake."""

    def __init__(self, web: WebServer, folder: Path, *names: str) -> None:
        self.web = web
        self.folder = folder
        self.lake = folder / "lake"
        self.feeds = folder / "feeds.txt"
        self.feeds.write_text(web.url("/feed.xml"))
        self.publish(*names)
        for name in names:
            web.on(f"/{name}", Answer(200, page(name), {**HTML, "ETag": f'"{name}"'}))

    def publish(self, *names: str) -> None:
        items = "".join(f"<item><title>{one}</title><link>{self.web.url('/' + one)}</link></item>" for one in names)
        feed = f"<rss version='2.0'><channel><title>Paper</title>{items}</channel></rss>"
        self.web.on("/feed.xml", Answer(200, feed.encode(), {"Content-Type": "application/rss+xml"}))

    def run(self, hours: float, *more: str, revisit: str = "1h,6h", status: int = 0) -> dict[str, Any]:
        given = ["ingest", "--feeds", str(self.feeds), "--output", str(self.lake), "--allow_networks", "127.0.0.0/8"]
        given += [
            "--host_delay",
            "0",
            "--extract_workers",
            "1",
            "--now",
            iso(NOON_US + round(hours * HOUR_US)),
            "--json",
        ]
        done = newsbeam(*given, *([f"--revisit={revisit}"] if revisit else []), *more)
        assert done.returncode == status, done.stderr[-4_000:]
        return dict(json.loads(done.stdout.splitlines()[-1]))

    def revisits(self) -> dict[str, pq.ParquetFile]:
        return {path.name: pq.read_table(path) for path in sorted(self.lake.glob("_state/revisits/*.parquet"))}

    def revisions(self, name: str) -> list[tuple[int, bool]]:
        """The revisions of an article, each with whether it is withdrawn."""
        rows = library.read(self.lake).to_table(columns=["url", "revision", "withdrawn_at"]).to_pylist()
        mine = [row for row in rows if row["url"].endswith(f"/{name}")]
        return sorted((row["revision"], row["withdrawn_at"] is not None) for row in mine)


@pytest.fixture
def web() -> Iterator[WebServer]:
    with running_server() as server:
        yield server


def of_revisits(manifest: dict[str, Any]) -> dict[str, int]:
    counts = manifest["counts"]
    return {name.partition(".")[2]: n for name, n in counts.items() if name.startswith("revisits.")}


@pytest.mark.slow
def test_edits_and_withdrawals_become_revisions_and_all_else_leaves_no_row(web: WebServer, tmp_path: Path) -> None:
    paper = Paper(web, tmp_path, *NAMES)
    assert of_revisits(paper.run(0)) == {"awaited": 5}
    assert of_revisits(paper.run(0.9)) == {}, "nothing is due"

    web.on("/same", Answer(200, page("same", menu="another menu"), HTML))
    web.on("/cut", lambda asked: Answer(304 if asked.headers.get("if-none-match") == b'"cut"' else 500))
    web.on("/edited", Answer(200, page("edited", "six"), HTML))
    web.on("/gone", Answer(410))
    web.on("/broken", Answer(500))
    second = paper.run(1.1)
    assert of_revisits(second) == {"due": 5, "unchanged": 2, "edited": 1, "withdrawn": 1, "failed": 1}
    assert second["reasons"] == {"pages/server_error": 1}
    assert {name: second["tables"][name] for name in ("pages", "articles", "failures")} == {
        "pages": 1,
        "articles": 2,
        "failures": 1,
    }
    assert (paper.revisions("edited"), paper.revisions("gone")) == ([(1, False), (2, False)], [(1, False), (2, True)])
    asked = len(web.log)
    assert of_revisits(paper.run(1.2)) == {}
    assert [one for one in web.log[asked:] if one.path not in ("/feed.xml", "/robots.txt")] == []

    web.on("/gone", Answer(200, page("gone"), HTML))
    web.on("/cut", Answer(404))
    third = paper.run(6.5)
    assert of_revisits(third) == {"due": 5, "unchanged": 2, "returned": 1, "withdrawn": 1, "failed": 1}
    assert paper.revisions("gone") == [(1, False), (2, True), (3, False)]
    assert paper.revisions("cut") == [(1, False), (2, True)]
    assert of_revisits(paper.run(20)) == {}, "the last interval is over"

    latest = library.read(paper.lake, latest=True).to_table(
        columns=["url", "withdrawn_at", "fetched_at", "article_body"]
    )
    rows = {row["url"].rpartition("/")[2]: row for row in latest.to_pylist()}
    assert {name for name, row in rows.items() if row["withdrawn_at"] is not None} == {"cut"}
    assert rows["cut"]["withdrawn_at"] == rows["cut"]["fetched_at"]
    assert "The cut report five came first" in rows["cut"]["article_body"]
    assert newsbeam("verify", "--output", str(paper.lake)).returncode == 0

    told = newsbeam("report", "--output", str(paper.lake), "--run", second["run_id"]).stdout
    assert "revisits that are due          5  2 unchanged + 1 edited + 1 withdrawn + 1 failed" in told
    before = {name: paper.revisions(name) for name in NAMES}
    assert newsbeam("rebuild", "--output", str(paper.lake), "--extract_workers", "1").returncode == 0
    assert {name: paper.revisions(name) for name in NAMES} == before


@pytest.mark.slow
def test_a_front_page_in_place_of_the_article_is_a_withdrawal_and_another_article_is_its_own(
    web: WebServer, tmp_path: Path
) -> None:
    paper = Paper(web, tmp_path, "sunk", "renamed")
    paper.run(0)
    teasers = "".join(
        f"<div><h2><a href='/story-{n}'>The story number {n} of this day</a></h2><p>And what then, {n}.</p></div>"
        for n in range(14)
    )
    front = f"<html><head><title>The Paper</title></head><body>{teasers}</body></html>".encode()
    web.on("/", Answer(200, front, HTML))
    web.on("/sunk", Answer(302, headers={"Location": "/"}))
    web.on("/the-new-name-of-it", Answer(200, page("renamed", "six"), HTML))
    web.on("/renamed", Answer(301, headers={"Location": "/the-new-name-of-it"}))
    done = paper.run(1.1)
    found = of_revisits(done)
    assert found.pop("moved") == 1
    assert found == {"due": 2, "withdrawn": 1, "awaited": 1}, done["reasons"]
    assert paper.revisions("sunk") == [(1, False), (2, True)]
    assert paper.revisions("renamed") == [(1, False), (1, False)], "under its new address it is an article of its own"


@pytest.mark.slow
def test_without_the_option_nothing_is_remembered_and_nothing_is_asked_for(web: WebServer, tmp_path: Path) -> None:
    paper = Paper(web, tmp_path, "same")
    first, second = paper.run(0, revisit=""), paper.run(3, revisit="")
    assert of_revisits(first) == of_revisits(second) == {}
    assert not paper.lake.joinpath("_state/revisits").exists()
    assert "revisits" not in first["tables"]
    assert not {"revisit", "max_revisits"} & first["settings"].keys()
    assert [asked.path for asked in web.log].count("/same") == 1


@pytest.mark.slow
def test_a_rule_that_came_later_drops_an_edit_in_the_sums_and_no_withdrawal(web: WebServer, tmp_path: Path) -> None:
    paper = Paper(web, tmp_path, "edited", "gone")
    paper.run(0)
    rules = tmp_path / "newsbeam.toml"
    rules.write_text('[feed."*"]\ndrop_languages = ["en"]\n')
    web.on("/edited", Answer(200, page("edited", "six"), HTML))
    web.on("/gone", Answer(410))
    done = paper.run(1.1, "--config", str(rules))
    assert of_revisits(done) == {"due": 2, "edited": 1, "withdrawn": 1}
    ends = {name: n for name, n in done["counts"].items() if name.startswith(("articles.", "articles_dropped."))}
    assert ends == {"articles.article": 1, "articles.dropped": 1, "articles_dropped.drop_languages": 1}
    assert (paper.revisions("edited"), paper.revisions("gone")) == ([(1, False)], [(1, False), (2, True)])


@pytest.mark.slow
def test_a_run_makes_so_many_revisits_and_none_while_new_pages_wait(web: WebServer, tmp_path: Path) -> None:
    paper = Paper(web, tmp_path, "same", "cut", "edited")
    paper.run(0)
    assert of_revisits(paper.run(1.1, "--max_revisits", "2")) == {"due": 3, "unchanged": 2, "left": 1}
    paper.publish("new", "newer")
    web.on("/new", Answer(200, page("new"), HTML))
    web.on("/newer", Answer(200, page("newer"), HTML))
    waiting = paper.run(1.4, "--max_pages", "1")
    assert of_revisits(waiting) == {"due": 1, "deferred": 1, "awaited": 1}
    assert of_revisits(paper.run(1.8)) == {"due": 1, "unchanged": 1, "awaited": 1}


@pytest.mark.slow
def test_lost_state_is_rebuilt_what_is_forgotten_is_not_asked_for_and_pages_that_are_gone_are_lost(
    web: WebServer, tmp_path: Path
) -> None:
    paper = Paper(web, tmp_path, "same", "cut", "edited")
    paper.run(0)
    newsbeam("forget", "--output", str(paper.lake), web.url("/cut"), "--yes")
    assert sum(table.num_rows for table in paper.revisits().values()) == 2
    for path in paper.lake.glob("_state/revisits/*.parquet"):
        path.write_bytes(b"damaged")
    assert of_revisits(paper.run(1.5, status=3)) == {}, "they count as asked for when they were rebuilt"
    assert {row for table in paper.revisits().values() for row in table.column("asked_at").is_valid().to_pylist()} == {
        True
    }
    for path in paper.lake.glob("pages/*/*.parquet"):
        path.rename(path.with_suffix(".away"))
    assert of_revisits(paper.run(6.5)) == {"due": 2, "lost": 2}
    assert of_revisits(paper.run(7)) == {}
    assert [asked.path for asked in web.log].count("/cut") == 1


@pytest.mark.slow
def test_an_article_that_was_withdrawn_and_has_no_row_any_more_is_counted(web: WebServer, tmp_path: Path) -> None:
    paper = Paper(web, tmp_path, "same", "gone")
    paper.run(0)
    for path in paper.lake.glob("articles/*/*.parquet"):
        path.rename(path.with_suffix(".away"))
    web.on("/gone", Answer(404))
    done = paper.run(1.1)
    assert of_revisits(done) == {"due": 2, "unchanged": 1, "withdrawn": 1}
    assert {name: n for name, n in done["counts"].items() if name.startswith("withdrawn.")} == {"withdrawn.no_row": 1}
    assert "articles" not in done["tables"]


@pytest.mark.stream
def test_ticks_of_a_stream_ask_again_too(web: WebServer, tmp_path: Path) -> None:
    paper = Paper(web, tmp_path, "same", "gone")
    settings = IngestSettings(
        http=HttpSettings(host_delay_s=0.0),
        guard=AddressGuard(("127.0.0.0/8",)),
        polling=PollSettings(force=True),
        revisit_us=(1_000_000, 3_600_000_000),
    )
    warm = WarmPipeline()
    try:
        for n in range(3):
            manifest = ingest([FeedSpec(web.url("/feed.xml"))], str(paper.lake), settings, run_pipeline=warm)
            due = {0: {"awaited": 2}, 1: {"due": 2, "unchanged": 1, "withdrawn": 1}, 2: {}}[n]
            assert of_revisits({"counts": manifest.counts}) == due
            web.on("/gone", Answer(404))
            time.sleep(1.1)
    finally:
        warm.close()
    assert paper.revisions("gone") == [(1, False), (2, True)]


def test_intervals_longer_than_former_revisions_are_looked_up_are_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "feeds.txt").write_text("http://127.0.0.1:9/feed")
    given = ["ingest", "--feeds", str(tmp_path / "feeds.txt"), "--output", str(tmp_path / "lake")]
    far = newsbeam(*given, "--revisit", "1h,40d")
    assert (far.returncode, far.stderr.count("\n")) == (2, 1)
    assert "--revisit 40d is longer than --copies_horizon_days 30" in far.stderr
    bad = newsbeam(*given, "--revisit", "1h,soon")
    assert bad.returncode == 2
    assert "'soon' is no length of time: write it like 90s, 15m, 12h or 7d" in bad.stderr

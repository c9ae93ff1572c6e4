"""The command as a user runs it, against a press that knows the truth."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb
import pytest

from newsroom import Answer, Newsroom
from schemas.article import ARTICLES
from schemas.failure import FAILURES
from schemas.feed import FEED_POLLS
from schemas.page import PAGES
from tests.command import newsbeam
from tests.conftest import COMMAND, Desk
from tests.test_usage_recipe import QUERY as NO_OBJECTION

pytestmark = pytest.mark.timeout(300)
NO_JOB_SERVER = ("--runner", "PortableRunner", "--job_endpoint", "127.0.0.1:9", "--parallelism", "2")


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, dict[str, Any]]]:
    """A desk with one run in its lake, and what that run said: for tests that read them and change neither."""
    with Newsroom(slow_s=0.01) as room:
        desk = Desk(room, tmp_path_factory.mktemp("ingested"))
        yield desk, desk.run()


def test_two_runs_an_hour_apart_give_the_lake_that_the_newsroom_knows_to_be_true(desk: Desk) -> None:
    first = desk.run()
    truth = {known.canonical_url: known for known in desk.room.truth()}
    articles = {row["canonical_url"]: row for row in desk.rows("articles")}
    expected = {url for url, known in truth.items() if known.outcome == "article"}
    assert articles.keys() == expected

    for url, row in articles.items():
        known = truth[url]
        assert (row["revision"], row["in_language"][:2]) == (1, known.language[:2]), url
        published = row["date_published"]
        if known.published_us is None:
            assert published is None, url
        else:
            a_day_in_any_time_zone_s = 1.5 * 86_400
            assert abs(published.timestamp() - known.published_us / 1e6) < a_day_in_any_time_zone_s, url
    assert_copies(articles, truth)
    assert_bodies(articles, truth)

    failed = Counter(row["reason"] for row in desk.rows("failures"))
    refused = Counter(known.outcome for known in truth.values() if known.outcome != "article")
    assert failed == refused + Counter(desk.room.bad_feeds.values())
    assert first["counts"]["polls.failed"] == len(desk.room.bad_feeds)

    desk.room.advance(hours=1)
    desk.room.clear_requests()
    second = desk.run()
    after = {known.canonical_url: known for known in desk.room.truth()}
    new = {url for url, known in after.items() if known.outcome == "article"} - expected
    revised = [row for row in desk.rows("articles") if row["revision"] > 1]
    assert [row["relation"] for row in revised] == ["revision"]
    assert truth[revised[0]["canonical_url"]].body != after[revised[0]["canonical_url"]].body
    assert second["tables"]["articles"] == len(new) + len(revised)
    assert second["counts"]["polls.not_modified"] > second["counts"]["polls.ok"]
    asked = {request.path for request in desk.room.requests if request.status == 200}
    assert not {"/" + url.split("/", 3)[3] for url in expected - {revised[0]["canonical_url"]}} & asked

    third = desk.run()
    assert third["tables"].get("articles", 0) == 0
    assert third["counts"]["entries.listed"] == 0, "no feed is due yet"


def assert_copies(articles, truth) -> None:
    by_id = {row["article_id"]: url for url, row in articles.items()}
    for url, row in articles.items():
        known = truth[url]
        if known.relation == "original":
            assert row["relation"] == "original", url
            assert row["duplicate_of"] is None
            assert row["cluster_id"] == row["article_id"]
        elif known.relation in ("exact", "near", "abridged"):
            assert by_id[row["duplicate_of"]] == known.copy_of, url
            assert row["cluster_id"] == articles[known.copy_of]["cluster_id"]
            assert row["similarity"] > 0.5


def assert_bodies(articles, truth) -> None:
    """Every paragraph stands in the body, but for a few that extraction loses."""
    paragraphs = lost = 0
    for url, row in articles.items():
        body = " ".join(row["article_body"].split())
        for paragraph in truth[url].body.split("\n\n"):
            paragraphs += 1
            lost += " ".join(paragraph.split()) not in body
    assert lost <= 0.03 * paragraphs, f"{lost} of {paragraphs} paragraphs lost"


def test_every_column_of_the_design_is_there_and_typed_and_duckdb_reads_it(
    ingested: tuple[Desk, dict[str, Any]],
) -> None:
    desk, _ = ingested
    for table in (ARTICLES, PAGES, FAILURES, FEED_POLLS):
        files = str(desk.folder / "lake" / table.name / "*" / "*.parquet")
        described = duckdb.sql(f"describe select * from read_parquet('{files}', hive_partitioning = true)").fetchall()
        assert {row[0] for row in described} == {*table.schema.names, table.partition}
    sums = duckdb.sql(
        "select count(*), count(distinct article_id), max(published_date) from "
        f"read_parquet('{desk.folder}/lake/articles/*/*.parquet', hive_partitioning = true) "
        "where date_published is not null"
    ).fetchall()
    assert sums[0][0] == sums[0][1] > 100
    assert str(sums[0][2]) == "2026-03-02"
    manifest = duckdb.sql(f"select run_id, counts from read_json('{desk.folder}/lake/runs/*.json')").fetchall()
    assert len(manifest) == 1


def test_what_robots_txt_states_of_a_publishers_pages_is_with_its_articles_and_those_of_no_other(
    ingested: tuple[Desk, dict[str, Any]],
) -> None:
    desk, _ = ingested
    of_publisher = {known.canonical_url: known.publisher for known in desk.room.truth()}
    stated = {(of_publisher[row["canonical_url"]], tuple(row["usage_directives"])) for row in desk.rows("articles")}
    said = ("content-usage:search=y", "content-usage:train-ai=n", "google-extended=disallow", "gptbot=disallow")
    license_line = "rsl:license=https://ledger.example/license.xml"
    assert {name: usage for name, usage in stated if usage} == {
        "prairie": tuple(f"robots.txt:{statement}" for statement in (*said, license_line))
    }
    assert len(stated) == len(set(of_publisher.values()))
    with duckdb.connect(desk.folder / "lake/lake.duckdb", read_only=True) as lake:
        free = {of_publisher[row[2]] for row in lake.execute(NO_OBJECTION).fetchall()}
    assert free == set(of_publisher.values()) - {"prairie"}
    assert all(row["robots_usage"] is not None for row in desk.rows("pages"))


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [
        ("--runner=DirectRunner",),
        ("--direct_num_workers=2", "--direct_running_mode=multi_processing"),
        ("--direct_num_workers=2", "--direct_running_mode=multi_threading"),
    ],
    ids=lambda options: options[-1],
)
def test_every_runner_gives_the_same_lake(ingested: tuple[Desk, dict[str, Any]], options: tuple[str, ...]) -> None:
    desk, _ = ingested
    other = options[-1].rpartition("=")[2]
    desk.run(other, *options)
    for table in ("articles", "pages", "failures", "feed_polls"):
        assert desk.content(table, other) == desk.content(table), table


@pytest.mark.slow
def test_what_max_pages_leaves_is_deferred_and_fetched_by_the_next_run(
    ingested: tuple[Desk, dict[str, Any]],
) -> None:
    desk, _ = ingested
    first = desk.run("limited", "--max_pages", "30")
    assert first["counts"]["fetches.deferred"] == first["tables"]["pending"] > 50
    second = desk.run("limited")
    assert second["counts"]["entries.pending"] == first["counts"]["fetches.deferred"]
    assert second["tables"]["pending"] == 0
    assert {row["article_id"] for row in desk.rows("articles", "limited")} == {
        row["article_id"] for row in desk.rows("articles")
    }


@pytest.mark.slow
def test_a_run_without_time_asks_for_nothing_and_the_next_one_takes_all(desk: Desk) -> None:
    late = desk.run("lake", "--max_run_minutes", "0")
    assert desk.room.requests == []
    assert late["counts"]["polls.deferred"] == late["counts"]["feeds"]
    assert desk.run("lake")["tables"]["articles"] > 100


@pytest.mark.slow
def test_what_does_not_fit_in_the_time_of_a_run_is_deferred_and_a_slow_host_holds_up_no_other(desk: Desk) -> None:
    slow = next(url for url in desk.room.feeds if "127.0.0.12" in url).rsplit("/", 1)[0]
    host = slow.split("/")[2].split(":")[0]
    for known in desk.room.truth():
        if f"//{host}:" in known.canonical_url:
            desk.room.script(known.canonical_url, Answer(200, (), b"<p>late</p>", delay_s=2.0))
    first = desk.run("lake", "--max_run_minutes", "0.2")
    assert first["counts"]["fetches.deferred"] > 5
    pending = {row["url"].split("/")[2].split(":")[0] for row in desk.stored("_state/pending")}
    assert pending == {host}, "all other hosts are done"
    assert first["counts"]["fetches.page"] > 80


@pytest.mark.slow
def test_publishers_are_asked_one_request_at_a_time_with_the_delay_between(desk: Desk) -> None:
    desk.run_apart("lake", "--host_delay", "0.1")  # apart, so that the newsroom's clock is not held up by the run
    hosts: dict[str, list[tuple[float, float]]] = {}
    for request in desk.room.requests:
        hosts.setdefault(request.host, []).append((request.at_s, request.end_s))
    assert len(hosts) >= 8
    for host, spans in hosts.items():
        spans.sort()
        gaps = [begin - end for (_, end), (begin, _) in pairwise(spans)]
        # A server on a busy machine notes the end of an answer some time after the client has it.
        assert min(gaps, default=1.0) >= 0.07, host
    robots = Counter(request.host for request in desk.room.requests if request.path == "/robots.txt")
    assert set(robots.values()) == {1}
    agents = {request.headers.get("user-agent", "") for request in desk.room.requests}
    assert all(agent.startswith("newsbeam/") for agent in agents)


@pytest.mark.slow
def test_robots_txt_is_asked_for_once_a_day_and_not_once_a_run_and_an_unchanged_feed_with_its_validators(
    desk: Desk,
) -> None:
    desk.run()
    assert any(request.path == "/robots.txt" for request in desk.room.requests)
    cursors = {row["feed_url"]: row for row in desk.rows("feed_polls")}
    desk.room.advance(hours=1)
    desk.room.clear_requests()
    second = desk.run()
    assert second["tables"]["pages"] > 0
    assert not [request for request in desk.room.requests if request.path == "/robots.txt"]
    assert_validators(desk, cursors)
    desk.room.advance(hours=24)
    desk.run()
    assert any(request.path == "/robots.txt" for request in desk.room.requests)


def assert_validators(desk: Desk, cursors: dict[str, dict[str, Any]]) -> None:
    """Each feed that had been read was asked with its validators byte for byte."""
    asked = {f"http://{request.host}:{desk.room.port}{request.path}": request for request in desk.room.requests}
    conditional = 0
    for url, row in cursors.items():
        if row["outcome"] == "ok" and url in asked:
            headers = asked[url].headers
            assert headers.get("if-none-match") == row["etag"]
            assert headers.get("if-modified-since") == row["last_modified"]
            conditional += row["etag"] is not None or row["last_modified"] is not None
    assert conditional >= 6


@pytest.mark.slow
def test_an_interrupted_lake_is_refused_to_a_second_writer_with_a_clear_message(desk: Desk) -> None:
    writer = desk.start("lake", "--host_delay", "2")
    try:
        assert writer.stderr is not None
        line = json.loads(writer.stderr.readline())
        assert (line["message"], line["level"]) == ("run started", "INFO")
        assert line["run"].startswith("20260302T")
        second = desk.ended()
        assert second.returncode == 75
        assert "is writing to this lake" in second.stderr
        assert "Traceback" not in second.stderr
    finally:
        writer.kill()
        writer.communicate()


def test_stream_runs_every_tick_and_finishes_the_one_under_way_on_sigterm(desk: Desk) -> None:
    stream = desk.start("lake", "--tick", "0.2s", "--poll_interval", "0", command="stream")
    assert stream.stdout is not None
    assert stream.stderr is not None
    first = json.loads(stream.stdout.readline())
    second = json.loads(stream.stdout.readline())
    assert first["tables"]["articles"] > 100
    assert second["run_id"] > first["run_id"]
    assert second["tables"].get("articles", 0) == 0
    stream.send_signal(signal.SIGTERM)
    rest, said = stream.communicate(timeout=60)
    assert stream.returncode == 0
    assert "SIGTERM, finishing this run" in said
    runs = [json.loads(line)["run_id"] for line in rest.splitlines()]
    committed = sorted(path.stem for path in (desk.folder / "lake/runs").glob("*.json"))
    assert committed == [first["run_id"], second["run_id"], *runs]
    assert not list((desk.folder / "lake/_state/open").glob("*"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ingest", "--feeds", "missing.opml", "--output", "lake"), "cannot read the feed list missing.opml"),
        (("ingest", "--feeds", "{empty}", "--output", "lake"), "no feed in it"),
        (("ingest", "--feeds", "{public}", "--output", "lake"), "--contact is missing"),
        (("ingest", "--feeds", "{local}", "--output", "lake", "--allow_networks", "x"), "x"),
        (("ingest", "--feeds", "{local}", "--output", "lake", "--host_delay", "-1"), "--host_delay: -1 makes no sense"),
        (("ingest", "--feeds", "{local}", "--output", "lake", "--now", "noon"), "--now: 'noon' is no instant"),
        (
            ("stream", "--feeds", "{local}", "--output", "lake", "--tick", "often"),
            "'often' is no length of time",
        ),
        (("stream", "--feeds", "{local}", "--output", "lake", *NO_JOB_SERVER), "127.0.0.1:9 does not answer"),
        (("stream", "--feeds", "{local}", "--output", "lake", "--flink_rest", "x"), "--flink_rest is for a stream on"),
        (("report", "--output", "nowhere"), "there is no lake at nowhere"),
        (("extract", "missing.html"), "cannot read missing.html"),
        (("report", "--outptu", "lake"), "--output"),
        (("report", "--output", "lake", "--runn", "x"), "did you mean --run?"),
        (("ingest", "--feeds", "{local}", "--output", "lake", "--max_pagez", "3"), "did you mean --max_pages?"),
        (("ingest", "--feeds", "{local}", "--output", "lake", "--direct_num_worker=2"), "mean --direct_num_workers?"),
        (("ingest", "--feeds", "{local}", "--output", "lake", "--direct_num_workers=two"), "--direct_num_workers"),
        (("ingest", "--feeds", "{local}", "--output", "lake", "stray"), "'stray' is not expected"),
        (("ingest", "--feeds", "{local}", "--output", "lake", "--runner", "FlinkRuner"), "did you mean FlinkRunner?"),
        (("ingest", "--feeds", "{local}", "--output", "lake", "--host_delay", "nan"), "nan makes no sense"),
        (("ingest", "--feeds", "{local}", "--output", "lake", "--poll_interval", "1e308"), "1e308 makes no sense"),
        (("ingest", "--feeds", "{local}", "--output", "lake", "--max_pages", "1.5"), "'1.5' is no whole number"),
        (("ingest", "--feeds", "{local}", "--output", "lake", "--now", "0001-01-01"), "outside 1990 to 2100"),
        (("ingest", "--feeds", "{local}", "--output", ""), "the lake has no name"),
        (("ingest", "--feeds", "{local}", "--output", "{local}"), "is a file"),
        (("ingest", "--feeds", "{local}", "--output", "{local}/lake"), "is a file"),
        (("ingest", "--feeds", "{local}", "--output", "s4://bucket/lake"), "there is no storage s4://"),
        (("stream", "--feeds", "{local}", "--output", "lake", "--max_ticks", "-1"), "-1 makes no sense"),
        (("stream", "--feeds", "{local}", "--output", "lake", "--tick", "25h"), "is not from 0.001s to 1d"),
        (("ingst", "--feeds", "{local}"), "did you mean ingest?"),
        (("feeds", "chek", "{local}"), "did you mean check?"),
    ],
)
def test_a_users_mistake_is_a_clear_message_and_exit_status_2(
    tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    assert_mistake(newsbeam, tmp_path, arguments, message)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ingest", "--feeds", "missing.opml", "--output", "lake"), "cannot read the feed list missing.opml"),
        (("ingest", "--feeds", "{local}", "--output", "lake", "--runner", "FlinkRuner"), "did you mean FlinkRunner?"),
        (("stream", "--feeds", "{local}", "--output", "lake", *NO_JOB_SERVER), "127.0.0.1:9 does not answer"),
        (("report", "--output", "nowhere"), "there is no lake at nowhere"),
    ],
)
def test_what_is_imported_for_a_mistake_adds_no_line_to_its_message(
    tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    assert_mistake(apart, tmp_path, arguments, message)


def apart(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=110, check=False, cwd=folder)


def assert_mistake(
    command: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    lists = {"empty": "", "public": "https://example.org/feed\n", "local": "http://127.0.0.1:9/feed\n"}
    for name, text in lists.items():
        (tmp_path / name).write_text(text)
    given = [text.format(**{name: tmp_path / name for name in lists}) for text in arguments]
    done = command(*given, folder=tmp_path)
    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "lake").exists()


def test_extract_prints_the_article_of_a_file_and_of_an_address(desk: Desk) -> None:
    known = next(known for known in desk.room.truth() if known.outcome == "article" and known.kind == "article")
    network = ("--allow_networks", "127.0.0.0/8", "--host_delay", "0")
    done = newsbeam("extract", known.canonical_url, *network)
    assert done.returncode == 0, done.stderr
    article = json.loads(done.stdout)
    assert list(article) == ARTICLES.schema.names
    assert article["canonical_url"] == known.canonical_url
    refused = newsbeam("extract", known.canonical_url)
    assert refused.returncode == 1
    assert "address_refused" in refused.stderr
    page = desk.folder / "page.html"
    page.write_text("<html><body><p>Nothing</p></body></html>")
    nothing = newsbeam("extract", str(page))
    assert nothing.returncode == 1
    assert "no_article" in nothing.stderr


def test_report_prints_the_sums_of_the_newest_run(ingested: tuple[Desk, dict[str, Any]]) -> None:
    desk, summary = ingested
    done = newsbeam("report", "--output", str(desk.folder / "lake"))
    assert done.returncode == 0
    assert f"Run {summary['run_id']} committed" in done.stdout
    assert f"{summary['counts']['articles.article']} article" in done.stdout
    as_json = newsbeam("report", "--output", str(desk.folder / "lake"), "--json")
    assert json.loads(as_json.stdout) == summary
    unknown = newsbeam("report", "--output", str(desk.folder / "lake"), "--run", "x")
    assert unknown.returncode == 2
    assert summary["run_id"] in unknown.stderr
    for failure in desk.rows("failures"):
        assert failure["input"] in done.stdout
        assert failure["host"] == urlsplit(failure["input"]).netloc


def interrupted(run: subprocess.Popen[str]) -> str:
    """What a run says that gets Ctrl-C, and once more if it did not hear: Python drops one that meets a destructor."""
    for _ in range(12):
        run.send_signal(signal.SIGINT)
        try:
            return run.communicate(timeout=5)[1]
        except subprocess.TimeoutExpired:
            continue
    raise AssertionError("the run does not end")


@pytest.mark.slow
def test_ctrl_c_ends_a_run_with_130_and_no_traceback_whatever_it_was_about(desk: Desk) -> None:
    for is_time in (lambda: len(desk.room.requests) > 3, lambda: len(desk.room.requests) > 60):
        desk.room.clear_requests()
        run = desk.start("lake", "--host_delay", "0.2")
        while run.poll() is None and not is_time():
            time.sleep(0.01)
        said = interrupted(run)
        assert run.returncode == 130, said[-2_000:]
        assert "Traceback" not in said
        assert "interrupted; nothing of this run was committed" in said

"""Metrics, traces and logs of whole runs, as those who watch them get them."""

from __future__ import annotations

import json
import os
import re
import socket
import urllib.request
from collections import Counter

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from prometheus_client.parser import text_string_to_metric_families

from pipelines.given.command_line import parsed
from pipelines.given.run_settings import ingest_settings
from pipelines.given.times import clock_of
from pipelines.read_feeds import read_feeds
from pipelines.run.engine.run_pipeline import Plan
from pipelines.run.ingest import ingest
from pipelines.run.ingest_runs import BegunRun
from schemas.run import RunManifest, Step
from tests.conftest import COMMAND, Desk
from tests.telemetry.otlp_receiver import attributes, otlp_receiver


def manifests(desk: Desk, lake: str = "lake") -> list[RunManifest]:
    return [RunManifest.from_json(path.read_bytes()) for path in sorted((desk.folder / lake / "runs").glob("*.json"))]


def by_label(text: str, name: str, *labels: str) -> dict[tuple[str, ...], float]:
    """The values of a metric that are not 0, by these labels."""
    return {
        tuple(one.labels[label] for label in labels): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
        if one.name == name and one.value
    }


def assert_are_the_sums_of(made: list[RunManifest], text: str) -> None:
    """That metrics say what these manifests say together, and nothing else."""
    counts, rows, size_bytes, reasons = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for manifest in made:
        counts.update(manifest.counts)
        reasons.update(manifest.reasons)
        for part in manifest.files:
            rows[part.table] += part.rows
            size_bytes[part.table] += part.size_bytes
    counts = +counts

    def below(prefix: str) -> dict[tuple[str, ...], int]:
        return {(name.removeprefix(prefix),): n for name, n in counts.items() if name.startswith(prefix)}

    entries = below("entries.")
    origins = {(origin,): entries.pop((origin,)) for origin in ("listed", "pending") if (origin,) in entries}
    polls = below("polls.")
    assert polls.pop(("asked",), 0) == by_label(text, "newsbeam_rows_written_total", "table").get(("feed_polls",), 0)
    assert by_label(text, "newsbeam_polls_total", "outcome") == polls
    assert by_label(text, "newsbeam_entries_total", "origin") == origins
    assert by_label(text, "newsbeam_entry_outcomes_total", "outcome") == entries
    assert by_label(text, "newsbeam_fetches_total", "outcome") == below("fetches.")
    assert by_label(text, "newsbeam_decisions_total", "outcome") == below("articles.")
    assert by_label(text, "newsbeam_articles_total", "relation") == below("relation.")
    assert by_label(text, "newsbeam_other_kinds_total", "kind") == below("kind.")
    assert by_label(text, "newsbeam_builds_total", "outcome") == {("extracted",): counts["pages.extracted"]}
    failures = {tuple(name.split("/")): n for name, n in reasons.items()}
    assert by_label(text, "newsbeam_failures_total", "stage", "reason") == failures
    assert by_label(text, "newsbeam_rows_written_total", "table") == {(name,): n for name, n in rows.items() if n}
    assert by_label(text, "newsbeam_bytes_written_total", "table") == {(name,): n for name, n in size_bytes.items()}
    assert by_label(text, "newsbeam_runs_total", "status") == {("committed",): len(made)}
    assert by_label(text, "newsbeam_feeds")[()] == made[-1].counts["feeds"]


@pytest.mark.slow
def test_two_runs_by_file_trace_and_log(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    file = desk.folder / "newsbeam.prom"
    with otlp_receiver() as received:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", received.url)
        desk.run("lake", "--metrics_file", str(file))
        desk.room.advance(hours=1)
        desk.run("lake", "--metrics_file", str(file), "--traces")
    made = manifests(desk)
    text = file.read_text()
    assert_are_the_sums_of(made, text)
    bodies = sum(len(row["body"]) for row in desk.rows("pages"))
    assert by_label(text, "newsbeam_page_bytes_total") == {(): bodies}
    steps = [step for step in Step if step != Step.READ]
    assert set(by_label(text, "newsbeam_step_seconds_total", "step")) == {(str(step),) for step in steps}
    roots = received.roots()
    assert [attributes(list(root.attributes))["newsbeam.run_id"] for root in roots] == [one.run_id for one in made]
    assert {step.name for step in received.below(roots[0])} == set(steps)
    for root, manifest in zip(roots, made, strict=True):
        assert [step.name for step in received.below(root)] == [step.step for step in manifest.steps]
        begun, ended = root.start_time_unix_nano, root.end_time_unix_nano
        assert begun < ended
        for step in received.below(root):
            assert begun <= step.start_time_unix_nano <= step.end_time_unix_nano <= ended, step.name


@pytest.mark.slow
def test_beam_s_own_counters_and_the_manifest_say_the_same(desk: Desk) -> None:
    words = desk.arguments("lake")[len(COMMAND) :]
    given, _ = parsed(words)
    specs = read_feeds(given.feeds)
    settings = ingest_settings(given, [], [spec.url for spec in specs])
    counted: dict[tuple[str, str], int] = {}

    def run(begun: BegunRun, plan: Plan) -> None:
        pipeline = beam.Pipeline(runner=FnApiRunner(), options=PipelineOptions([]))
        _ = pipeline | beam.Create([begun]) | plan.runs(plan.settings, plan.clock)
        result = pipeline.run()
        result.wait_until_finish()
        for one in result.metrics().query()["counters"]:
            counted[one.key.metric.namespace, one.key.metric.name] = one.committed

    manifest = ingest(specs, given.output, settings, (), clock_of(given), run_pipeline=run)
    expected: Counter[tuple[str, str]] = Counter()
    for name, n in manifest.counts.items():
        kind, _, what = name.partition(".")
        if kind in ("polls", "entries") and what not in ("asked", "listed", "pending"):
            expected["feeds", f"{kind}_{what}"] = n
        elif kind == "fetches":
            expected["pages", f"entries_{what}"] = n
        elif kind in ("articles", "relation"):
            expected["compare", f"{kind}_{what}"] = n
    expected["extract", "drafts"] = expected["compare", "pages_extracted"] = manifest.counts["pages.extracted"]
    for name, n in manifest.reasons.items():
        stage, _, reason = name.partition("/")
        expected[stage, f"failures_{reason}"] = n
    written = [part for part in manifest.files if part.path.startswith(("articles/", "failures/", "feed_polls/"))]
    written += [part for part in manifest.files if re.match(r"_state/(hosts|pending|seen|feed_cursors)/", part.path)]
    for part in written:
        expected["lake", f"rows_{part.table}"] += part.rows
        expected["lake", f"bytes_{part.table}"] += part.size_bytes
    for part in manifest.files:
        if part.table == "pages":
            expected["pages", "stored_pages"] += part.rows
            expected["pages", "stored_bytes"] += part.size_bytes
    ours = {key: n for key, n in counted.items() if key[0] in {namespace for namespace, _ in expected}}
    assert {key: n for key, n in ours.items() if n} == {key: n for key, n in expected.items() if n}


@pytest.mark.stream
def test_a_stream_answers_prometheus_with_the_sums_of_its_runs(desk: Desk) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    more = ("--tick", "0.2s", "--poll_interval", "0", "--metrics_address", str(port))
    stream = desk.start("lake", *more, command="stream")
    try:
        assert stream.stdout is not None
        for _ in range(2):
            json.loads(stream.stdout.readline())
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
            text = answer.read().decode()
    finally:
        stream.terminate()
        _, said = stream.communicate(timeout=60)
    (runs,) = by_label(text, "newsbeam_runs_total", "status").values()
    assert runs >= 1
    assert_are_the_sums_of(manifests(desk)[: int(runs)], text)
    records = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert {"address": f"127.0.0.1:{port}"}.items() <= records[0].items()


@pytest.mark.slow
def test_a_command_on_a_busy_lake_is_counted_and_writes_no_run(desk: Desk) -> None:
    file = desk.folder / "newsbeam.prom"
    writer = desk.start("lake", "--host_delay", "2")
    try:
        assert writer.stderr is not None
        assert json.loads(writer.stderr.readline())["message"] == "run started"
        assert desk.ended("lake", "--metrics_file", str(file)).returncode == 75
    finally:
        writer.kill()
        writer.communicate()
    assert by_label(file.read_text(), "newsbeam_runs_total", "status") == {("locked",): 1}
    desk.run("lake", "--metrics_file", str(file))
    assert by_label(file.read_text(), "newsbeam_runs_total", "status") == {("locked",): 1, ("committed",): 1}


@pytest.fixture(autouse=True)
def _no_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("OTEL_")]:
        monkeypatch.delenv(name)

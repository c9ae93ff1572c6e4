"""Metrics say what manifests say: every sum of a run has a place, and none is counted twice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from pipelines.telemetry.exposition import LakeCollector
from pipelines.telemetry.metric_docs import metric_table, with_metric_table
from pipelines.telemetry.names import BY_NAME, METRICS
from pipelines.telemetry.totals import Totals
from schemas.page import PAGES
from schemas.run import ATTENTION, RunManifest
from tests.telemetry_of import RELATIONS, full_manifest
from transforms.lake.accounts import SUMS

PAGE = Path(__file__).resolve().parents[2] / "docs/metrics.md"
Exposed = dict[tuple[str, frozenset[tuple[str, str]]], float]

_ELSEWHERE = {
    "polls.asked": "the rows of feed_polls",
    "revisits.due": "all outcomes of revisits together",
    "records.response": "all outcomes of records together",
    "archives.given": "all outcomes of archives together",
    "failures.feeds": "failures by stage and reason",
    "failures.pages": "failures by stage and reason",
    "failures.warc": "failures by stage and reason",
}
"""Terms of the sums that no metric has to itself, since others have them."""


def exposed(totals: Totals, lake: str = "/srv/lake") -> Exposed:
    """What Prometheus reads, as prometheus_client's own parser understands it."""
    registry = CollectorRegistry()
    registry.register(LakeCollector(totals, lake, live=True))
    families = text_string_to_metric_families(generate_latest(registry).decode())
    return {(one.name, frozenset(one.labels.items())): one.value for family in families for one in family.samples}


def value(found: Exposed, name: str, lake: str = "/srv/lake", **labels: str) -> float:
    return found[name, frozenset({**labels, "lake": lake}.items())]


def test_each_sum_of_a_manifest_is_the_value_of_one_metric() -> None:
    manifest = full_manifest()
    totals = Totals()
    totals.add(manifest)
    found = exposed(totals)
    values = [n for (name, _), n in found.items() if name.endswith("_total") and n >= 1 and "seconds" not in name]
    counters = {n for n in values if n != value(found, "newsbeam_runs_total", status="attention")}
    terms = {term for _, came, ended in SUMS for term in (*came, *ended)}
    counted = [term for term in terms if not term.startswith("rows.") and term not in ("feeds", *_ELSEWHERE)]
    assert len(counted) > 35
    assert [term for term in counted if manifest.counts[term] not in counters] == []
    others = [*(f"relation.{one}" for one in RELATIONS), *ATTENTION, "bytes.pages", "articles_incomplete"]
    assert [name for name in others if manifest.counts[name] not in counters] == []
    assert value(found, "newsbeam_feeds") == manifest.counts["feeds"]
    assert value(found, "newsbeam_pending_entries") == manifest.counts["rows.pending"]
    for name, n in manifest.reasons.items():
        stage, reason = name.split("/")
        assert value(found, "newsbeam_failures_total", stage=stage, reason=reason) == n
    pages = [part for part in manifest.files if part.table == PAGES.name]
    assert value(found, "newsbeam_rows_written_total", table="pages") == sum(part.rows for part in pages)
    assert value(found, "newsbeam_bytes_written_total", table="pages") == sum(part.size_bytes for part in pages)
    assert value(found, "newsbeam_last_run_seconds") == 30.25
    assert value(found, "newsbeam_step_seconds_total", step="decide") == 2.5
    assert value(found, "newsbeam_last_run_step_seconds", step="read") == 2.5


def test_counters_add_up_over_runs_and_gauges_are_those_of_the_newest() -> None:
    first, second = full_manifest(), full_manifest("20260302T090000.000000Z", first=1000)
    totals = Totals()
    totals.add(first)
    before = exposed(totals)
    totals.add(second)
    found = exposed(totals)
    polls = first.counts["polls.ok"] + second.counts["polls.ok"]
    assert value(found, "newsbeam_polls_total", outcome="ok") == polls
    assert value(found, "newsbeam_run_seconds_total") == 60.5
    assert value(found, "newsbeam_runs_total", status="attention") == 2
    assert value(found, "newsbeam_pending_entries") == second.counts["rows.pending"]
    assert value(found, "newsbeam_last_run_start_timestamp_seconds") == 1_772_442_000
    assert value(found, "newsbeam_last_run_timestamp_seconds") == 1_772_442_030.25
    assert all(found[key] >= n for key, n in before.items())


def test_what_has_not_happened_yet_is_there_as_zero_so_that_its_first_time_is_an_increase() -> None:
    found = exposed(Totals())
    assert set(found.values()) == {0.0}
    shown = {name for name, _ in found}
    assert shown == {metric.name for metric in METRICS if metric.zeros}
    assert value(found, "newsbeam_fetches_total", outcome="retry") == 0
    assert value(found, "newsbeam_runs_total", status="failed") == 0
    assert value(found, "newsbeam_failures_total", stage="extract", reason="crash") == 0


def test_a_backfill_leaves_what_it_knows_nothing_of() -> None:
    totals = Totals()
    totals.add(full_manifest())
    feeds = exposed(totals)["newsbeam_feeds", frozenset({("lake", "/srv/lake")})]
    archives = RunManifest(
        "20260302T093000.000000Z", "backfill", "2026-03-02T09:30:00Z", "2026-03-02T09:31:00Z", {}, {},
        {"records.page": 2}, {}, (),
    )  # fmt: skip
    totals.add(archives)
    assert value(exposed(totals), "newsbeam_feeds") == feeds
    assert value(exposed(totals), "newsbeam_last_run_seconds") == 60


def test_labels_are_few_and_never_an_address() -> None:
    labels = {label for metric in METRICS for label in metric.labels}
    assert labels.isdisjoint({"url", "host", "feed", "run", "run_id"})
    totals = Totals()
    totals.add(full_manifest())
    assert len(exposed(totals)) < 330


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_names_are_as_prometheus_wants_them(metric: object) -> None:
    declared = BY_NAME[getattr(metric, "name", "")]
    assert re.fullmatch(r"newsbeam_[a-z]+(_[a-z]+)*", declared.name)
    assert declared.name.endswith("_total") == (declared.kind == "counter")
    assert len(BY_NAME) == len(METRICS)


def test_the_page_lists_the_metrics_as_the_code_has_them() -> None:
    page = PAGE.read_text("utf-8")
    assert metric_table() in page
    assert with_metric_table(page) == page
    assert with_metric_table(page.replace("| `newsbeam_feeds` | gauge |", "| `newsbeam_feds` | gauge |")) == page

"""The dashboard and the alerts: by Grafana's own schema, and in a Prometheus that scrapes newsbeam's metrics."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.telemetry.exposition import Endpoint, write_textfile
from pipelines.telemetry.names import BY_NAME
from pipelines.telemetry.process_figures import take_figures
from pipelines.telemetry.totals import Totals
from tests.deploy.debian import program
from tests.telemetry_of import full_manifest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
DASHBOARD = ROOT / "deploy/grafana/newsbeam.json"
ALERTS = ROOT / "deploy/prometheus/alerts.yml"
LAKE = "/srv/lake"


def dashboard_expressions() -> list[str]:
    panels = json.loads(DASHBOARD.read_text())["panels"]
    return [target["expr"] for panel in panels for target in panel.get("targets", ())]


def alert_expressions() -> list[str]:
    (group,) = yaml.safe_load(ALERTS.read_text())["groups"]
    return [rule["expr"] for rule in group["rules"]]


def metrics_of(expression: str) -> set[str]:
    return set(re.findall(r"\bnewsbeam_\w+", expression))


def test_every_metric_of_the_dashboard_and_of_the_alerts_is_one_of_ours_with_these_labels() -> None:
    expressions = [*dashboard_expressions(), *alert_expressions()]
    (lakes,) = (one for one in json.loads(DASHBOARD.read_text())["templating"]["list"] if one["name"] == "lake")
    used = {name for expression in (*expressions, lakes["query"]) for name in metrics_of(expression)}
    assert len(used) > 12
    assert used <= set(BY_NAME)
    for expression in expressions:
        known = {"lake"} | {label for name in metrics_of(expression) for label in BY_NAME[name].labels}
        grouped = {label.strip() for by in re.findall(r"by \(([^)]*)\)", expression) for label in by.split(",")}
        assert grouped <= known, expression


def test_panels_have_places_and_numbers_of_their_own() -> None:
    panels = json.loads(DASHBOARD.read_text())["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells


@pytest.mark.deploy
@pytest.mark.timeout(900)
def test_the_dashboard_holds_against_grafana_s_own_schema(tmp_path: Path) -> None:
    if shutil.which("go") is None:
        pytest.skip("Go is not installed, which fetches and builds Grafana's schema")
    check = ROOT / ".tools/dashboard"
    if not check.exists():
        check.parent.mkdir(exist_ok=True)
        subprocess.run(["go", "build", "-o", check, "."], cwd=HERE / "dashboard", check=True)

    def faults(text: str) -> str:
        (tmp_path / "board.json").write_text(text)
        done = subprocess.run([check, tmp_path / "board.json"], capture_output=True, text=True, check=False)
        assert done.returncode == bool(done.stdout.strip())
        return done.stdout

    board = DASHBOARD.read_text()
    assert faults(board) == ""
    assert "unexpected field 'fillOpacty'" in faults(board.replace('"fillOpacity"', '"fillOpacty"'))
    assert "expr: required field is missing" in faults(board.replace('"expr"', '"exprr"'))


@pytest.mark.deploy
@pytest.mark.timeout(300)
def test_alerts_fire_when_they_should_and_not_before(tmp_path: Path) -> None:
    promtool = program("prometheus", "promtool")
    for file in (ALERTS, HERE / "alerts_test.yml"):
        shutil.copy(file, tmp_path)
    told = subprocess.run(
        [promtool, "test", "rules", "alerts_test.yml"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    tested = (HERE / "alerts_test.yml").read_text()
    (group,) = yaml.safe_load(ALERTS.read_text())["groups"]
    assert [rule["alert"] for rule in group["rules"] if rule["alert"] not in tested] == []


@pytest.mark.deploy
@pytest.mark.timeout(300)
def test_prometheus_has_nothing_to_say_against_the_metrics_and_gives_a_value_for_each_panel(tmp_path: Path) -> None:
    totals, more = Totals(), full_manifest("20260302T090000.000000Z")
    totals.add(full_manifest())
    totals.try_ended("failed", 1_772_438_500_000_000)
    path = tmp_path / "newsbeam.prom"
    write_textfile(path, totals, LAKE)
    promtool = program("prometheus", "promtool")
    linted = subprocess.run([promtool, "check", "metrics"], input=path.read_bytes(), capture_output=True, check=False)
    assert (linted.returncode, linted.stdout, linted.stderr) == (0, b"", b"")

    endpoint = Endpoint("127.0.0.1", 0, totals, LAKE, lambda: take_figures(totals))
    try:
        with scraped_by_prometheus(tmp_path, endpoint.port) as query:
            await_values(query, "count_over_time(newsbeam_feeds[1m]) > 1")
            totals.add(more)
            await_values(query, "sum(increase(newsbeam_fetches_total[1m])) > 0")
            for expression in dashboard_expressions():
                values = query(expression.replace("$lake", ".*"))
                assert values, f"nothing for {expression}"
            for expression in alert_expressions():
                query(expression)
            assert query("newsbeam_pending_entries")[0]["value"][1] == str(more.counts["rows.pending"])
    finally:
        endpoint.close()


@pytest.mark.deploy
@pytest.mark.timeout(300)
def test_node_exporter_gives_on_what_the_file_says(tmp_path: Path) -> None:
    totals = Totals()
    totals.add(full_manifest())
    write_textfile(tmp_path / "newsbeam.prom", totals, LAKE)
    port = free_port()
    exporter = program("prometheus-node-exporter", "prometheus-node-exporter")
    arguments = [
        "--collector.disable-defaults",
        "--collector.textfile",
        f"--collector.textfile.directory={tmp_path}",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with running([exporter, *arguments]):
        told = answer(f"http://127.0.0.1:{port}/metrics")
    written = (tmp_path / "newsbeam.prom").read_text().splitlines()
    samples = {float_last(line) for line in written if not line.startswith("#")}
    assert samples <= {float_last(line) for line in told.splitlines() if not line.startswith("#")}
    assert "node_textfile_scrape_error 0" in told


def float_last(line: str) -> tuple[str, float]:
    """A sample with its value as a number: node_exporter writes numbers in another way."""
    name, _, value = line.rpartition(" ")
    return name, float(value)


@contextmanager
def scraped_by_prometheus(folder: Path, port: int) -> Iterator[Callable[[str], list[dict[str, Any]]]]:
    """A Prometheus on loopback with our alerts, which asks a port every second; gives what asks it for values."""
    job = {"job_name": "newsbeam", "static_configs": [{"targets": [f"127.0.0.1:{port}"]}]}
    config = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(ALERTS)],
        "scrape_configs": [job],
    }
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
    mine = free_port()
    arguments = [
        f"--config.file={folder}/prometheus.yml",
        f"--storage.tsdb.path={folder}/data",
        f"--web.listen-address=127.0.0.1:{mine}",
    ]

    def query(expression: str) -> list[dict[str, Any]]:
        asked = urllib.parse.urlencode({"query": expression})
        told = json.loads(answer(f"http://127.0.0.1:{mine}/api/v1/query?{asked}"))
        assert told["status"] == "success", told
        return list(told["data"]["result"])

    with running([program("prometheus", "prometheus"), *arguments]):
        yield query


def await_values(query: Callable[[str], list[dict[str, Any]]], expression: str) -> None:
    until_s = time.monotonic() + 60
    while not query(expression):
        assert time.monotonic() < until_s, f"still nothing for {expression}"
        time.sleep(0.2)


@contextmanager
def running(command: list[str | Path]) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def answer(url: str) -> str:
    """What a server on loopback answers, as soon as it listens and is ready."""
    until_s = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=30) as response:
                return str(response.read().decode())
        except urllib.error.HTTPError as error:
            if error.code != 503:
                raise AssertionError(error.read().decode()) from error
        except urllib.error.URLError:
            pass
        assert time.monotonic() < until_s, f"no answer from {url}"
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

"""What a command tells of its runs: to a file that misses no run, at an endpoint, and to a collector of traces."""

from __future__ import annotations

import argparse
import fcntl
import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pipelines.checks import UsageError
from pipelines.given.listen_address import ListenAddress
from pipelines.logs import RunLogs
from pipelines.telemetry.options import check_telemetry
from pipelines.telemetry.run_spans import Span
from pipelines.telemetry.send_spans import SpanSender
from pipelines.telemetry.telemetry import Silence, telemetry_of
from schemas.run import RunManifest
from tests.telemetry.otlp_receiver import attributes, otlp_receiver
from tests.telemetry_of import full_manifest
from transforms.common.progress import Progress
from transforms.lake.files.layout import manifest_path
from transforms.lake.files.storage import Storage, StorageError

EIGHT, NINE, TEN = (f"20260302T{hour}0000.000000Z" for hour in ("08", "09", "10"))


@pytest.fixture(autouse=True)
def _no_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("OTEL_")]:
        monkeypatch.delenv(name)


class Lake:
    """A lake of manifests, and a command that adds to them."""

    def __init__(self, folder: Path, name: str = "lake") -> None:
        (folder / name).mkdir()
        self.storage = Storage(str(folder / name))
        self.file = folder / "newsbeam.prom"
        self.logs = RunLogs("text")
        self.given = argparse.Namespace(
            command="ingest", output=str(folder / name), metrics_file=self.file, metrics_address=None, traces=False
        )

    def commit(self, run_id: str, first: int = 1) -> RunManifest:
        manifest = full_manifest(run_id, first)
        self.storage.put(manifest_path(run_id), manifest.to_json())
        return manifest

    def makes(self, *run_ids: str, status: int = 0, error: BaseException | None = None) -> Callable[[], int]:
        """A run that commits these manifests, and ends with a status or an error."""

        def make() -> int:
            for run_id in run_ids:
                self.logs.name_run(run_id)
                self.commit(run_id)
            if error is not None:
                raise error
            return status

        return make

    def told(self, make: Callable[[], int]) -> int:
        with telemetry_of(self.given, self.logs) as telemetry:
            return telemetry.run(make)

    def value(self, name: str, **labels: str) -> float:
        return value_in(self.file.read_text(), name, **labels)


def value_in(text: str, name: str, **labels: str) -> float:
    (found,) = [
        one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
        if one.name == name and {key: text for key, text in one.labels.items() if key != "lake"} == labels
    ]
    return float(found)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path)


def test_the_file_goes_on_from_command_to_command_with_the_sums_of_the_manifests(lake: Lake) -> None:
    polls = full_manifest().counts["polls.ok"]
    assert lake.told(lake.makes(EIGHT)) == 0
    assert lake.value("newsbeam_polls_total", outcome="ok") == polls
    lake.told(lake.makes(NINE))
    assert lake.value("newsbeam_polls_total", outcome="ok") == 2 * polls
    assert lake.value("newsbeam_last_run_start_timestamp_seconds") == 1_772_442_000
    assert lake.value("newsbeam_last_try_success") == 1
    assert lake.value("newsbeam_last_try_timestamp_seconds") == pytest.approx(time.time(), abs=60)
    assert lake.value("newsbeam_process_cpu_seconds", process="command") > 0
    assert sorted(path.name for path in lake.file.parent.iterdir()) == ["lake", "newsbeam.prom"]


def test_runs_of_before_the_first_file_are_not_counted_and_later_ones_all_are(lake: Lake) -> None:
    lake.commit(EIGHT)
    lake.told(lake.makes(status=1))
    assert lake.value("newsbeam_runs_total", status="attention") == 0
    assert lake.value("newsbeam_last_run_start_timestamp_seconds") == 1_772_438_400
    lake.commit(NINE)  # by a command without the option, or one that was killed before it could tell
    lake.told(lake.makes(TEN))
    assert lake.value("newsbeam_runs_total", status="attention") == 2
    lake.told(lake.makes())
    assert lake.value("newsbeam_runs_total", status="attention") == 2, "no run counts twice"


def test_a_file_of_a_lake_that_was_empty_then_misses_none_of_its_runs(lake: Lake) -> None:
    lake.told(lake.makes(status=1))
    lake.commit(EIGHT)
    lake.told(lake.makes(NINE))
    assert lake.value("newsbeam_runs_total", status="attention") == 2


@pytest.mark.parametrize(
    ("status", "error", "named", "raised"),
    [
        (1, None, "failed", None),
        (75, None, "locked", None),
        (130, None, "interrupted", None),
        (2, None, "mistake", None),
        (0, UsageError("no feed"), "mistake", UsageError),
        (0, KeyboardInterrupt(), "interrupted", KeyboardInterrupt),
        (0, RuntimeError("a bug"), "failed", RuntimeError),
    ],
)
def test_a_run_that_fails_is_told_of_and_leaves_the_last_committed_one(
    lake: Lake, status: int, error: BaseException | None, named: str, raised: type[BaseException] | None
) -> None:
    lake.told(lake.makes(EIGHT))
    if raised is None:
        assert lake.told(lake.makes(status=status, error=error)) == status
    else:
        with pytest.raises(raised):
            lake.told(lake.makes(error=error))
    assert lake.value("newsbeam_runs_total", status=named) == 1
    assert lake.value("newsbeam_last_try_success") == 0
    assert lake.value("newsbeam_last_run_start_timestamp_seconds") == 1_772_438_400


def test_a_run_that_is_interrupted_after_its_commit_is_a_committed_one(lake: Lake) -> None:
    assert lake.told(lake.makes(EIGHT, status=143)) == 143
    assert lake.value("newsbeam_runs_total", status="attention") == 1
    assert lake.value("newsbeam_runs_total", status="interrupted") == 0
    assert lake.value("newsbeam_last_try_success") == 1


def test_a_manifest_that_cannot_be_read_is_passed_over(lake: Lake, caplog: pytest.LogCaptureFixture) -> None:
    lake.storage.put(manifest_path(EIGHT), b"{")
    lake.told(lake.makes(NINE))
    assert lake.value("newsbeam_runs_total", status="attention") == 1
    lake.storage.put(manifest_path(TEN), b"{")
    lake.told(lake.makes())
    assert "a run is left out of the metrics" in caplog.text
    assert lake.value("newsbeam_runs_total", status="attention") == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("# feeds\nhttps://example.org/rss.xml\n", "is no metrics file"),
        ("\x80", "is no metrics file"),
        ("up 1\n", "has up, which newsbeam does not write"),
        ('newsbeam_feeds{lake="/srv/other"} 1\n', "is of the lake /srv/other, not of"),
        ("newsbeam_feeds 1\n", "is of the lake None, not of"),
        ('newsbeam_feeds{lake="LAKE"} NaN\n', "has newsbeam_feeds nan, which newsbeam does not write"),
        ('newsbeam_runs_total{lake="LAKE",status="failed"} -1\n', "which newsbeam does not write"),
        ('newsbeam_last_run_start_timestamp_seconds{lake="LAKE"} 1e300\n', "which newsbeam does not write"),
    ],
)
def test_a_file_that_is_another_s_is_refused_and_stays(lake: Lake, text: str, why: str) -> None:
    text = text.replace("LAKE", lake.storage.address)
    lake.file.write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError, match=why):
        lake.told(lake.makes(EIGHT))
    assert lake.file.read_bytes() == text.encode("latin-1")


def test_an_empty_file_and_metrics_that_are_no_more_are_gone_on_from(lake: Lake) -> None:
    lake.file.write_text("")
    lake.told(lake.makes(EIGHT))
    old = f'newsbeam_former_total{{lake="{lake.storage.address}"}} 5.0\n'
    lake.file.write_text(lake.file.read_text() + old)
    lake.told(lake.makes(NINE))
    assert lake.value("newsbeam_runs_total", status="attention") == 2
    assert "newsbeam_former_total" not in lake.file.read_text()


def test_commands_that_write_one_file_at_the_same_time_lose_no_count(lake: Lake) -> None:
    lake.told(lake.makes(EIGHT))
    others = [Lake.__new__(Lake) for _ in range(8)]
    for other in others:
        other.__dict__ = {**lake.__dict__, "logs": RunLogs("text")}
    threads = [threading.Thread(target=other.told, args=(other.makes(status=75),)) for other in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lake.value("newsbeam_runs_total", status="locked") == 8


def test_a_file_that_cannot_be_written_or_a_lake_out_of_reach_ends_no_run(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    lake.told(lake.makes(EIGHT))
    with monkeypatch.context() as patch:
        patch.setattr("pipelines.telemetry.metrics_file.write_textfile", full)
        assert lake.told(lake.makes(NINE)) == 0
    assert "No space left on device" in str([record.__dict__ for record in caplog.records])

    def away(*_: Any) -> None:
        raise StorageError("the bucket does not answer")

    with monkeypatch.context() as patch:
        patch.setattr("pipelines.telemetry.follow_runs.committed_runs", away)
        assert lake.told(lake.makes(status=1)) == 1
    assert lake.value("newsbeam_runs_total", status="failed") == 1
    lake.told(lake.makes())
    assert lake.value("newsbeam_runs_total", status="attention") == 2


def test_an_endpoint_answers_with_what_was_done_since_it_began_and_with_what_is_being_done(lake: Lake) -> None:
    lake.commit(EIGHT)
    lake.given.metrics_file, lake.given.metrics_address = None, ListenAddress("127.0.0.1", free_port())
    url = f"http://{lake.given.metrics_address}/metrics"

    def ask() -> str:
        with urllib.request.urlopen(url, timeout=10) as answer:
            assert answer.headers["Content-Type"].startswith("text/plain")
            return str(answer.read().decode())

    def make() -> int:
        announced = Progress("pages", "0", 3)
        announced.step()
        assert value_in(ask(), "newsbeam_progress_done", stage="pages") == 1
        assert value_in(ask(), "newsbeam_progress_expected", stage="pages") == 3
        return lake.makes(NINE)()

    with telemetry_of(lake.given, lake.logs) as telemetry:
        assert value_in(ask(), "newsbeam_last_run_start_timestamp_seconds") == 1_772_438_400
        assert value_in(ask(), "newsbeam_runs_total", status="attention") == 0
        telemetry.run(make)
        assert value_in(ask(), "newsbeam_runs_total", status="attention") == 1
        telemetry.run(lambda: 1)
        assert value_in(ask(), "newsbeam_runs_total", status="failed") == 1
        assert "newsbeam_progress" not in ask(), "the new run has found nothing yet"
        assert "newsbeam_subscriptions" not in ask()
        telemetry.show(lambda totals: totals.set("newsbeam_subscriptions", [(("active",), 2)]))
        assert value_in(ask(), "newsbeam_subscriptions", state="active") == 2
        with pytest.raises(UsageError, match=r"cannot listen on 127\.0\.0\.1:\d+: Address already in use"):
            lake.told(lake.makes())
    with pytest.raises(urllib.error.URLError):
        ask()


@pytest.mark.parametrize("host", ["a..b", "a" * 64 + ".example"])
def test_a_host_that_cannot_be_is_a_mistake(lake: Lake, host: str) -> None:
    lake.given.metrics_address = ListenAddress(host, 9)
    with pytest.raises(UsageError, match=f"^--metrics_address: cannot listen on {re.escape(host)}:9: "):
        lake.told(lake.makes())


def test_who_keeps_the_folder_locked_holds_up_no_run(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("pipelines.telemetry.exposition._PATIENCE_S", 0.1)
    folder = os.open(lake.file.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        assert lake.told(lake.makes(EIGHT)) == 0
    finally:
        os.close(folder)
    assert "keeps the folder of the metrics file locked" in str([record.__dict__ for record in caplog.records])
    assert lake.told(lake.makes(NINE)) == 0
    assert lake.value("newsbeam_runs_total", status="attention") == 1, "there was no file yet, so it begins here"


def test_runs_that_others_make_are_told_of_as_they_come(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.telemetry.telemetry._LEAST_S", 0.02)
    with telemetry_of(lake.given, lake.logs) as telemetry, telemetry.following(0.02):
        lake.commit(EIGHT)
        until_s = time.monotonic() + 30
        while not lake.file.exists():
            assert time.monotonic() < until_s
            time.sleep(0.02)
    assert lake.value("newsbeam_runs_total", status="attention") == 1


def test_a_committed_run_is_a_trace_with_its_sums_over_its_steps(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    with otlp_receiver() as received:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", received.url)
        lake.told(lake.makes(EIGHT, NINE))
    assert received.paths == ["/v1/traces"]
    assert received.resource["service.name"] == "newsbeam"
    eight, nine = received.roots()
    manifest = full_manifest()
    assert (eight.name, eight.status.code) == ("newsbeam ingest", 0)
    assert eight.start_time_unix_nano == 1_772_438_400_000_000_000
    assert eight.end_time_unix_nano - eight.start_time_unix_nano == 30_250_000_000
    said = attributes(list(eight.attributes))
    assert said["newsbeam.run_id"] == EIGHT
    assert said["newsbeam.status"] == "attention"
    assert {name: said[f"newsbeam.counts.{name}"] for name in manifest.counts} == manifest.counts
    assert said["newsbeam.failures.pages.timeout"] == manifest.reasons["pages/timeout"]
    steps = received.below(eight)
    assert [step.name for step in steps] == [time.step for time in manifest.steps]
    polls = attributes(list(steps[1].attributes))
    assert polls["newsbeam.counts.polls.ok"] == manifest.counts["polls.ok"]
    assert "newsbeam.counts.fetches.page" not in polls
    assert polls["newsbeam.run_id"] == EIGHT
    assert steps[1].end_time_unix_nano - steps[1].start_time_unix_nano == 2_500_000_000
    assert len(received.below(nine)) == len(manifest.steps)


def test_a_run_that_fails_is_a_trace_with_an_error(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    def make() -> int:
        lake.logs.name_run(NINE)
        lake.logs.failure = "the disk is full"
        return 1

    with otlp_receiver() as received:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", f"{received.url}/v1/traces")
        monkeypatch.setenv("OTEL_SERVICE_NAME", "papers")
        lake.told(make)
        with pytest.raises(UsageError):
            lake.told(lake.makes(error=UsageError("no feed")))
        lake.told(lake.makes(status=75))
    failed, mistake, locked = received.roots()
    assert (failed.status.code, failed.status.message) == (2, "the disk is full")
    assert attributes(list(failed.attributes))["newsbeam.run_id"] == NINE
    assert (mistake.status.code, mistake.status.message) == (2, "no feed")
    assert "newsbeam.run_id" not in attributes(list(mistake.attributes))
    assert locked.status.code == 0
    assert attributes(list(locked.attributes))["newsbeam.status"] == "locked"
    assert received.resource["service.name"] == "papers"


def test_a_collector_that_does_not_answer_keeps_nobody_waiting_for_long(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as silent:  # takes connections, and never answers
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}")
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
        began_s = time.monotonic()
        assert lake.told(lake.makes(EIGHT)) == 0
        assert time.monotonic() - began_s < 15


@pytest.mark.parametrize(
    ("endpoint", "collector", "reason"),
    [
        ("http://me:s3cret@127.0.0.1:{port}", "http://***@127.0.0.1:{port}", "Connection refused"),
        ("no-address", "no-address", "MissingSchema: Invalid URL 'no-address/v1/traces'"),
    ],
)
def test_a_collector_out_of_reach_is_one_line_and_no_other_end(
    lake: Lake,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    endpoint: str,
    collector: str,
    reason: str,
) -> None:
    port = free_port()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.format(port=port))
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "2")
    monkeypatch.setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "4")  # several batches, each of which fails
    monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "64")
    assert lake.told(lake.makes(EIGHT, NINE, status=3)) == 3
    (said,) = caplog.records
    assert (said.levelname, said.getMessage()) == ("WARNING", "traces cannot be sent and are lost")
    assert said.__dict__["collector"] == collector.format(port=port)
    assert said.__dict__["reason"].startswith(reason)


def test_what_a_collector_answers_is_told_and_an_outage_after_it_took_spans_once_more(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    span = Span("newsbeam ingest", 1, 2, {})
    with otlp_receiver() as received:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", received.url)
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "60000")
        sender = SpanSender()
        for status in (404, 404, 200, 400):
            received.status = status
            sender.send(span)
            sender._provider.force_flush()
        sender.close()
    reasons = [one.__dict__["reason"] for one in caplog.records]
    assert [reason.partition(", reason")[0] for reason in reasons] == [
        "Failed to export spans batch code: 404",
        "Failed to export spans batch code: 400",
    ]
    assert len(received.spans) == 1


def test_variables_that_opentelemetry_refuses_cost_traces_and_no_metrics(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "0")
    assert lake.told(lake.makes(EIGHT, NINE)) == 0
    assert lake.value("newsbeam_runs_total", status="attention") == 2
    said = [record for record in caplog.records if record.name == "newsbeam.telemetry"]
    assert [record.getMessage() for record in said] == ["no traces are sent"]
    assert "max_queue_size" in said[0].__dict__["reason"]


@pytest.mark.parametrize("switch", ["OTEL_SDK_DISABLED=true", "OTEL_TRACES_EXPORTER=none"])
def test_the_environment_can_switch_traces_off(lake: Lake, monkeypatch: pytest.MonkeyPatch, switch: str) -> None:
    lake.given.metrics_file, lake.given.traces = None, True
    name, _, value = switch.partition("=")
    monkeypatch.setenv(name, value)
    with telemetry_of(lake.given, lake.logs) as telemetry:
        assert isinstance(telemetry, Silence)


def test_without_the_extra_traces_that_were_asked_for_are_a_mistake_and_others_a_line_in_the_log(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http", None)
    lake.given.metrics_file, lake.given.traces = None, True
    with pytest.raises(UsageError, match=r"--traces needs .*: pip install 'newsbeam\[traces\]'"):
        check_telemetry(lake.given)
    lake.given.traces = False
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    check_telemetry(lake.given)
    with telemetry_of(lake.given, lake.logs) as telemetry:
        assert isinstance(telemetry, Silence)
    assert "the environment names a collector of traces, but none are sent" in caplog.text


def test_grpc_is_refused(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    lake.given.traces = True
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
    with pytest.raises(UsageError, match="the environment asks for grpc"):
        check_telemetry(lake.given)


def test_who_asks_for_nothing_pays_nothing(lake: Lake) -> None:
    lake.given.metrics_file = None
    with telemetry_of(lake.given, lake.logs) as telemetry:
        assert isinstance(telemetry, Silence)
        assert telemetry.run(lambda: 3) == 3
    code = "import sys, pipelines.telemetry.telemetry; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"opentelemetry", "prometheus_client"}.isdisjoint(done.stdout.split())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

"""What was mistyped is named with what was meant, for every subcommand, before anything is done."""

from __future__ import annotations

from pathlib import Path

import pytest
from apache_beam.options.pipeline_options import PipelineOptions

from pipelines.cli import main
from pipelines.parser import command_parser, options_by_command
from pipelines.run.runners import is_local, parallel_workers

pytestmark = pytest.mark.usefixtures("clean_logging")

INGEST = ("ingest", "--feeds", "feeds", "--output", "lake")


def test_each_subcommand_has_its_own_options() -> None:
    options = options_by_command(command_parser())
    assert "--tick" in options["stream"]
    assert "--tick" not in options["ingest"]
    assert {"--json", "--feeds", "--output"} <= set(options["feeds status"])
    assert not any(name.startswith("--feeds_command") for names in options.values() for name in names)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((*INGEST, "--tick", "5"), "there is no option --tick here; it belongs to newsbeam stream"),
        ((*INGEST, "--max_ticks=5"), "--max_ticks here; it belongs to newsbeam stream"),
        ((*INGEST, "--max-pages", "5"), "did you mean --max_pages?"),
        ((*INGEST, "--verbos"), "did you mean --verbose?"),
        ((*INGEST, "--runner=os.system"), "--runner os.system cannot be had"),
        ((*INGEST, "--runner=os.getcwd"), "--runner os.getcwd is no runner of Beam's"),
        ((*INGEST, "--runner=../x"), "--runner ../x cannot be had"),
        ((*INGEST, "--direct_num_workers=-1"), "--direct_num_workers=-1 makes no sense: give 0"),
        (("report", "--output", "lake", "--comand"), "there is no option --comand"),
        (("report", "--output", "lake", "--max_pages", "3"), "it belongs to newsbeam ingest, stream"),
        (("views", "--output", "lake", "--json"), "there is no option --json here; it belongs to"),
        (("views", "--output", "nowhere"), "there is no lake at nowhere"),
        (("feeds", "check", "feeds", "--max_requests", "3"), "it belongs to newsbeam feeds discover"),
        (("feeds", "status", "--output", "lake", "extra"), "'extra' is not expected here"),
    ],
)
def test_a_mistake_is_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "feeds").write_text("http://127.0.0.1:9/feed\n")
    assert main(arguments) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert message in line
    assert [path.name for path in tmp_path.iterdir()] == ["feeds"]


@pytest.mark.parametrize(
    ("lake", "message"),
    [
        ("s3:bucket/lake", "did you mean s3://bucket/lake?"),
        ("gs:/bucket", "did you mean gs://bucket?"),
        ("S3//bucket", "did you mean S3://bucket?"),
        ("file:/tmp/lake", "did you mean file:///tmp/lake?"),
        ("file://", "it names nothing behind ://"),
        ("s3:///", "it names nothing behind ://"),
        ("~/lake", "the shell did not put your home for ~"),
    ],
)
def test_a_mistyped_uri_is_no_folder_of_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lake: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(["ingest", "--feeds", "feeds", f"--output={lake}"])
    assert ended.value.code == 2
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_beams_names_of_the_local_runner_are_local_in_any_case() -> None:
    for name in ("DirectRunner", "directrunner", "Direct", "FnApiRunner"):
        assert is_local(PipelineOptions([f"--runner={name}"]))
    assert not is_local(PipelineOptions(["--runner=FlinkRunner"]))
    assert parallel_workers(PipelineOptions(["--runner=FlinkRunner"])) == 8

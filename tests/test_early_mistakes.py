"""A mistake on the command line of what runs on Beam is told without the second and more that Beam takes to load."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from pipelines.checks import UsageError
from pipelines.given.early import _check_options, beams_options
from pipelines.parser import command_parser, options_by_command
from pipelines.run.beam_options import _beam_parser

ROOT = Path(__file__).parents[1]
OLD = str(ROOT / "tests/lakes/0.1.0")
BACKFILL, REBUILD = ("backfill", "--output", "lake"), ("rebuild", "--output")
MISTAKES: dict[tuple[str, ...], str] = {
    (*BACKFILL, "--warc", "nowhere.warc.gz"): "--warc nowhere.warc.gz: there is no such file",
    (*BACKFILL, "--warc", "nowhere/*.warc"): "--warc nowhere/*.warc: no file matches",
    (*BACKFILL, "--warc", OLD): "is a folder",
    (*BACKFILL, "--warc", __file__, "--since", "1d", "--until", "2d"): "lies not after --since",
    (*BACKFILL, "--warc", __file__, "--max-run-pages", "3"): "did you mean --max_run_pages?",
    (*BACKFILL, "--warc", __file__, "--tick", "3"): "there is no option --tick here; it belongs to newsbeam stream",
    (*REBUILD, "nowhere"): "there is no lake at nowhere",
    (*REBUILD, OLD, "--since", "1d", "--until", "2d"): "lies not after --since",
    (*REBUILD, OLD, "--reason", "wall"): "give --from failures too",
    (*REBUILD, OLD, "--from", "failures", "--reason", "wal"): "there is no reason 'wal'; did you mean wall?",
    (*REBUILD, OLD, "--dry-run"): "did you mean --dry_run?",
    (*REBUILD, OLD, "--direct_num_wokers=2"): "did you mean --direct_num_workers?",
    (*REBUILD, OLD, "--from", "x"): "invalid choice",
    ("ingest", "--output", "lake", "--feeds", __file__, "--max-pages", "3"): "did you mean --max_pages?",
    ("stream", "--output", "lake", "--feeds", __file__, "--tik", "3"): "did you mean --tick?",
}


def test_a_mistake_is_told_before_beam_is_imported_and_nothing_is_written(tmp_path: Path) -> None:
    code = (
        "import json, sys\nfrom pipelines.cli import main\n"
        "for command in json.loads(sys.argv[1]):\n"
        "    try:\n        status = main(command)\n"
        "    except SystemExit as ended:\n        status = ended.code\n"
        "    print(json.dumps([status, 'apache_beam' in sys.modules]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(list(MISTAKES))],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True, env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert [json.loads(line) for line in done.stdout.splitlines()] == [[2, False]] * len(MISTAKES)
    for said, (command, expected) in zip(done.stderr.splitlines(), MISTAKES.items(), strict=True):
        assert said.startswith(f"newsbeam {command[0]}: ")
        assert expected in said
    assert list(tmp_path.iterdir()) == []


def test_beams_source_names_all_options_that_its_parser_takes() -> None:
    taken = {name for action in _beam_parser()._actions for name in action.option_strings if name.startswith("--")}
    assert taken - {"--help"} <= set(beams_options())


def checked(*rest: str) -> None:
    by_command: dict[str, Sequence[str]] = dict(options_by_command(command_parser()))
    _check_options(rest, by_command["ingest"], by_command)


@pytest.mark.parametrize(
    "rest",
    [
        ("--runner=DirectRunner", "--direct_num_workers", "2"),
        ("--direct_num_w=2",),
        ("--tick", "5", "--job_endpoint=127.0.0.1:9"),
        ("--nothing_is_near_to_this",),
        ("word", "-x"),
    ],
)
def test_what_is_beams_or_may_be_a_job_servers_is_left_to_them(rest: tuple[str, ...]) -> None:
    checked(*rest)


@pytest.mark.parametrize("name", ["--tick", "--max-pages", "--direct_num_wokers"])
def test_what_is_mistyped_is_named(name: str) -> None:
    with pytest.raises(UsageError, match=f"there is no option {name}"):
        checked("--runner=DirectRunner", f"{name}=5")

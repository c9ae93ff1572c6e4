"""A real Airflow, in an environment of its own, imports the DAG of deploy/airflow and runs it against the newsroom."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Desk
from tests.own_environment import own_environment

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy/airflow"
HERE = Path(__file__).parent

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def airflow(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The Python of an environment with Airflow, and the variables for it, with a fresh database."""
    programs = own_environment(HERE / "airflow.txt", ROOT / ".tools/airflow")
    home = tmp_path_factory.mktemp("airflow")
    variables = {
        "PATH": os.defpath,
        "HOME": str(home),
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(FOLDER),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    migrate = [programs / "airflow", "db", "migrate"]
    done = subprocess.run(migrate, env=variables, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-4_000:]
    return programs / "python", variables


def told(airflow: tuple[Path, dict[str, str]], where: Path, *more: str, **variables: str) -> dict[str, Any]:
    python, ours = airflow
    command = [python, HERE / "airflow_runs.py", FOLDER, *more]
    done = subprocess.run(
        command, env=ours | variables, cwd=where, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, (done.stdout[-8_000:], done.stderr[-8_000:])
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_airflow_reads_the_dag_as_it_is_meant_and_runs_it(airflow: tuple[Path, dict[str, str]], desk: Desk) -> None:
    options = "--allow_networks=127.0.0.0/8 --host_delay=0.01 --extract_workers=2"
    said = told(
        airflow,
        desk.folder,
        "lake/_state/hosts/*.parquet",
        AIRFLOW_VAR_NEWSBEAM_PROGRAM=str(Path(sys.executable).with_name("newsbeam")),
        AIRFLOW_VAR_NEWSBEAM_FEEDS=str(desk.feeds),
        AIRFLOW_VAR_NEWSBEAM_LAKE=str(desk.folder / "lake"),
        AIRFLOW_VAR_NEWSBEAM_CONTACT="https://example.org/about",
        AIRFLOW_VAR_NEWSBEAM_OPTIONS=options,
    )

    assert (said["errors"], said["dags"]) == ({}, ["newsbeam"])
    assert (said["schedule"], said["most_runs"], said["catches_up"]) == ("17 * * * *", 1, False)
    assert said["after"] == {"ingest": ["compact", "look"], "compact": ["report"], "report": ["look"], "look": []}
    assert said["retries"] == {"ingest": 2, "compact": 2, "report": 2, "look": 0}
    assert said["wait_s"]["ingest"] == 900

    assert said["first"] == dict.fromkeys(("ingest", "compact", "report", "look"), "success")
    assert said["second"] == said["first"] | {"look": "failed"}, "state was damaged: committed, but to be looked at"
    first, second = (json.loads(path.read_text()) for path in sorted((desk.folder / "lake/runs").glob("*.json")))
    assert first["tables"]["articles"] > 100
    assert second["counts"]["attention.damaged_state"] == 1


@pytest.mark.parametrize(("missing", "reason"), [("feed list", "missing.opml"), ("Variable", "newsbeam_contact")])
def test_a_mistake_fails_the_run_with_its_reason_and_nothing_is_compacted_or_reported(
    airflow: tuple[Path, dict[str, str]], tmp_path: Path, missing: str, reason: str
) -> None:
    contact = {} if missing == "Variable" else {"AIRFLOW_VAR_NEWSBEAM_CONTACT": "https://example.org/about"}
    program = Path(sys.executable).with_name("newsbeam")
    ended, said = tried(airflow, program, tmp_path, contact)
    assert ended.pop("ingest") == ["failed", 1]
    assert ended == {name: ["upstream_failed", 0] for name in ("compact", "report", "look")}
    assert reason in said
    assert not (tmp_path / "lake").exists()


@pytest.mark.parametrize(("command", "status", "tries"), [("ingest", 1, 3), ("compact", 2, 1)])
def test_what_another_try_may_mend_is_tried_thrice_and_a_mistake_once(
    airflow: tuple[Path, dict[str, str]], tmp_path: Path, command: str, status: int, tries: int
) -> None:
    program = tmp_path / "newsbeam"
    program.write_text(f"#!/bin/sh\necho '{{}}'; [ $1 != {command} ] || exit {status}\n")
    program.chmod(0o755)
    ended, _ = tried(airflow, program, tmp_path, {"AIRFLOW_VAR_NEWSBEAM_CONTACT": "https://example.org/about"})
    assert ended[command] == ["failed", tries]


def tried(
    airflow: tuple[Path, dict[str, str]], program: Path, folder: Path, more: dict[str, str]
) -> tuple[dict[str, list[Any]], str]:
    """How each task of a run of the DAG ended, and after how many tries; and all that was printed."""
    python, variables = airflow
    script = "import json; from airflow_runs import *; print(json.dumps(tries(DagBag(sys.argv[1]).dags['newsbeam'])))"
    given = {
        "AIRFLOW_VAR_NEWSBEAM_PROGRAM": str(program),
        "AIRFLOW_VAR_NEWSBEAM_FEEDS": str(folder / "missing.opml"),
        "AIRFLOW_VAR_NEWSBEAM_LAKE": str(folder / "lake"),
    }
    done = subprocess.run(
        [python, "-c", script, FOLDER],
        env=variables | given | more | {"PYTHONPATH": str(HERE)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-8_000:]
    return json.loads(done.stdout.splitlines()[-1]), done.stdout + done.stderr

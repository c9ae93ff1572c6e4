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
    python, variables = airflow
    script = (
        "import json; from airflow_runs import *; print(json.dumps(states(DagBag(sys.argv[1]).dags['newsbeam'], 0)))"
    )
    given = {
        "AIRFLOW_VAR_NEWSBEAM_PROGRAM": str(Path(sys.executable).with_name("newsbeam")),
        "AIRFLOW_VAR_NEWSBEAM_FEEDS": str(tmp_path / "missing.opml"),
        "AIRFLOW_VAR_NEWSBEAM_LAKE": str(tmp_path / "lake"),
    }
    if missing != "Variable":
        given["AIRFLOW_VAR_NEWSBEAM_CONTACT"] = "https://example.org/about"
    done = subprocess.run(
        [python, "-c", script, FOLDER],
        env=variables | given | {"PYTHONPATH": str(HERE)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-8_000:]
    ended = json.loads(done.stdout.splitlines()[-1])
    assert ended == {"ingest": "failed"} | dict.fromkeys(("compact", "report", "look"), "upstream_failed")
    assert reason in done.stdout + done.stderr
    assert not (tmp_path / "lake").exists()

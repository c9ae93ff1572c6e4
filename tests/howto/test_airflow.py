"""The page on Airflow is followed in an environment that has Airflow, with the DAG of deploy/."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from newsroom import Newsroom
from tests.followed_page import follow
from tests.howto.pages import ROOT, given, told
from tests.own_environment import own_environment

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(900)]


def test_the_dag_by_the_page(tmp_path: Path) -> None:
    programs = own_environment(ROOT / "tests/deploy/airflow.txt", ROOT / ".tools/airflow")
    (tmp_path / "deploy").symlink_to(ROOT / "deploy")
    page = told("airflow").replace("/opt/newsbeam/bin/newsbeam", str(Path(sys.executable).with_name("newsbeam")))
    page = page.replace("/etc/newsbeam/feeds.opml", str(tmp_path / "feeds.opml"))
    page = page.replace("/var/lib/newsbeam/lake", str(tmp_path / "lake"))
    with Newsroom(slow_s=0) as room:
        variables = given(room, tmp_path) | {
            "AIRFLOW_HOME": str(tmp_path / "airflow"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        migrate = [programs / "airflow", "db", "migrate"]
        subprocess.run(migrate, env={"PATH": "/usr/bin:/bin", **variables}, check=True, timeout=300)
        airflow = f'airflow() {{ {programs / "airflow"} "$@"; }}\n'  # beside our own programs, not before them
        follow(page.replace("```sh\nmkdir", f"```sh\n{airflow}mkdir"), tmp_path, variables)

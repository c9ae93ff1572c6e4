"""hadolint, a linter of Dockerfiles, finds nothing in those of deploy/, and finds what is wrong in one that is."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.own_environment import own_environment

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.deploy


def rules_broken(*paths: Path) -> list[tuple[str, str]]:
    """The file and rule of each finding."""
    hadolint = own_environment(Path(__file__).parent / "hadolint.txt", ROOT / ".tools/hadolint") / "hadolint"
    command = [hadolint, "--format", "json", "--no-fail", *paths]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return [(Path(one["file"]).name, one["code"]) for one in json.loads(done.stdout)]


def test_the_dockerfiles_have_no_finding() -> None:
    paths = sorted((ROOT / "deploy").rglob("Dockerfile"))
    assert len(paths) == 3
    assert rules_broken(*paths) == []


def test_what_is_wrong_is_found(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM debian:latest\nRUN cd /opt\nUSER root\n")
    assert {rule for _, rule in rules_broken(tmp_path / "Dockerfile")} >= {"DL3002", "DL3003", "DL3007"}

"""The probes of deploy/kubernetes/stream.yaml tell a stream that works from one that hangs, by the lake's files."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest
import yaml

STREAM = Path(__file__).resolve().parents[2] / "deploy/kubernetes/stream.yaml"


def container() -> dict[str, object]:
    (pod,) = (one for one in yaml.safe_load_all(STREAM.read_text()) if one["kind"] == "Deployment")
    (stream,) = pod["spec"]["template"]["spec"]["containers"]
    return dict(stream)


@pytest.mark.parametrize(
    ("minutes", "is_alive"),
    [
        ({"_state/lock/0000000001.json": 1}, True),
        ({"_state/lock/0000000001.json": 50, "runs/20260302T080000.000121Z.json": 44}, True),
        ({"_state/lock/0000000001.json": 50, "runs/20260302T080000.000121Z.json": 46}, False),
        ({"articles/published_date=2026-03-02/part.parquet": 1}, False),
        ({}, False),
    ],
)
def test_a_stream_is_alive_while_its_lock_or_a_manifest_is_young(
    tmp_path: Path, minutes: dict[str, int], is_alive: bool
) -> None:
    for name, age in minutes.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (time.time() - 60 * age,) * 2)
    stream = container()
    assert "--output=/lake/lake" in stream["command"]  # type: ignore[operator]
    for probe in ("livenessProbe", "startupProbe"):
        script = stream[probe]["exec"]["command"]  # type: ignore[index]
        command = [*script[:2], script[2].replace("/lake/lake", str(tmp_path))]
        done = subprocess.run(command, capture_output=True, timeout=20, check=False)
        assert (done.returncode == 0) == is_alive

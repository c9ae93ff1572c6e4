"""The script of deploy/flink/stream.yaml ends the jobs of a Flink cluster, and those only that have not ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml

STREAM = Path(__file__).resolve().parents[2] / "deploy/flink/stream.yaml"
SCRIPT = next(yaml.safe_load_all(STREAM.read_text()))["data"]["cancel.py"]


class Flink(BaseHTTPRequestHandler):
    """Flink's REST interface, as far as jobs are listed and cancelled; a job takes one look to end."""

    jobs: dict[str, str]

    def do_GET(self) -> None:
        self._answer({"jobs": [{"id": job, "status": status} for job, status in self.jobs.items()]})
        for job in [job for job, status in self.jobs.items() if status == "CANCELLING"]:
            self.jobs[job] = "CANCELED"

    def do_PATCH(self) -> None:
        assert self.path.endswith("?mode=cancel")
        job = self.path.split("/")[2].partition("?")[0]
        if self.jobs[job] == "CANCELED":
            self.send_error(404)
            return
        self.jobs[job] = "CANCELLING"
        self._answer({})

    def _answer(self, data: object) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(data).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def flink() -> Iterator[tuple[str, dict[str, str]]]:
    jobs = {"one": "RUNNING", "two": "RESTARTING", "three": "FINISHED", "four": "FAILED"}
    with HTTPServer(("127.0.0.1", 0), type("One", (Flink,), {"jobs": jobs})) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", jobs
        server.shutdown()


def test_jobs_that_have_not_ended_are_cancelled(flink: tuple[str, dict[str, str]]) -> None:
    address, jobs = flink
    environment = os.environ | {"FLINK": address}
    done = subprocess.run([sys.executable, "-c", SCRIPT], env=environment, timeout=60, check=False)
    assert done.returncode == 0
    assert jobs == {"one": "CANCELED", "two": "CANCELED", "three": "FINISHED", "four": "FAILED"}

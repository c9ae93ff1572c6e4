"""Jobs are cancelled by Flink's REST interface, as far as it answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from pipelines.checks import UsageError
from pipelines.stream import flink_rest
from pipelines.stream.flink_rest import await_job, cancel_job, check_flink


class Flink:
    """Flink's REST interface as far as it is asked: jobs end `after` as many looks at them as that."""

    def __init__(self, names: list[str], after: int = 1) -> None:
        self.jobs = [{"jid": f"{n:032x}", "name": name, "state": "RUNNING"} for n, name in enumerate(names)]
        self.asked: list[str] = []
        self._after = after

    def answer(self, method: str, path: str) -> object:
        self.asked.append(f"{method} {path}")
        if method == "PATCH":
            (job,) = [job for job in self.jobs if job["jid"] in path]
            job["state"] = "CANCELLING"
            return {}
        for job in self.jobs:
            if job["state"] == "CANCELLING" and self.asked.count("GET /jobs/overview") > self._after:
                job["state"] = "CANCELED"
        return {"jobs": self.jobs}


@contextmanager
def serving(flink: Flink) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = json.dumps(flink.answer(self.command, self.path)).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(data)

        do_PATCH = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flink_rest, "_LOOK_S", 0.01)
    monkeypatch.setattr(flink_rest, "_WAIT_S", 1.0)
    monkeypatch.setattr(flink_rest, "_SILENT_S", 1.0)


def test_only_the_stream_s_job_is_cancelled_once_and_waited_for() -> None:
    flink = Flink(["BeamApp-mine", "BeamApp-other"], after=3)
    with serving(flink) as address:
        assert cancel_job(address, "BeamApp-mine")
    assert [job["state"] for job in flink.jobs] == ["CANCELED", "RUNNING"]
    assert [line for line in flink.asked if line.startswith("PATCH")] == [f"PATCH /jobs/{0:032x}?mode=cancel"]


def test_a_job_that_does_not_end_is_said_and_one_that_is_not_there_has_ended() -> None:
    with serving(Flink(["mine"], after=10**9)) as address:
        assert not cancel_job(address, "mine")
        assert cancel_job(address, "gone")


def test_no_flink_is_no_error() -> None:
    assert not cancel_job("http://127.0.0.1:9", "mine")
    assert not cancel_job("nowhere", "mine")


def test_a_job_is_waited_for_until_it_ends_or_nobody_tells() -> None:
    flink = Flink(["mine", "other"], after=2)
    flink.jobs[0]["state"] = "CANCELLING"
    with serving(flink) as address:
        assert await_job(address, "mine")
    assert flink.asked == ["GET /jobs/overview"] * 3
    assert not await_job("http://127.0.0.1:9", "mine")


def test_an_address_that_is_not_flink_s_is_a_user_s_mistake() -> None:
    flink = Flink([])
    with serving(flink) as address:
        with pytest.raises(UsageError, match="is not Flink's REST interface"):
            check_flink(address)  # it has no version
        flink.answer = lambda *_: {"flink-version": "1.19.0"}  # type: ignore[method-assign]
        check_flink(address)
    for nobody in ("nonsense", "http://127.0.0.1:9", "ftp://127.0.0.1"):
        with pytest.raises(UsageError, match="is not Flink's REST interface"):
            check_flink(nobody)

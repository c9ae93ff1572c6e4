"""``newsbeam workers``: starts Python workers when a cluster's task manager asks, each a process of its own."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from types import FrameType
from typing import Any, Final

import grpc
from apache_beam.portability.api import beam_fn_api_pb2, beam_fn_api_pb2_grpc

from pipelines.checks import CommandError

_LOG = logging.getLogger("newsbeam.workers")

_STARTS: Final = 4
"""How often a worker is started that is killed; a task manager waits for ever for one that was killed at its start."""
_END_S: Final = 10.0
"""How long a worker may take to end when it is asked to."""


def workers(given: argparse.Namespace) -> int:
    """The exit status after SIGTERM or SIGINT, which end all workers. Raises CommandError if the port is in use."""
    stop = threading.Event()

    def end(_: int, __: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    pool = WorkerPool(["--log_format", given.log_format, *(["--verbose"] if given.verbose else [])])
    server = grpc.server(ThreadPoolExecutor(8), options=[("grpc.so_reuseport", 0)])
    beam_fn_api_pb2_grpc.add_BeamFnExternalWorkerPoolServicer_to_server(pool, server)
    address = f"{given.host}:{given.port}"
    try:
        server.add_insecure_port(address)
    except RuntimeError:
        raise CommandError(
            f"cannot listen on {address}: is the port in use, or the address another machine's?"
        ) from None
    server.start()
    _LOG.info("workers can be asked for", extra={"address": address})
    stop.wait()
    server.stop(None)
    pool.close()
    return 0


class WorkerPool(beam_fn_api_pb2_grpc.BeamFnExternalWorkerPoolServicer):
    """Beam's external workers. A worker that is killed is started again under its own name, unless it was stopped.

    Workers end with the process of the pool, however that ends. `options` are those of `pipelines.worker`.
    """

    def __init__(self, options: list[str]) -> None:
        self._options = options
        self._lock = threading.Lock()
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def StartWorker(self, request: Any, _: Any) -> Any:  # noqa: N802  (Beam's name)
        """Start a worker; its error in words if it cannot be started."""
        try:
            self._start(request.worker_id, request.control_endpoint.url, _STARTS, None)
        except OSError as error:
            return beam_fn_api_pb2.StartWorkerResponse(error=str(error))
        return beam_fn_api_pb2.StartWorkerResponse()

    def StopWorker(self, request: Any, _: Any) -> Any:  # noqa: N802
        """End a worker; nothing if there is none of this name."""
        with self._lock:
            worker = self._running.pop(request.worker_id, None)
        if worker is not None:
            _end(worker)
        return beam_fn_api_pb2.StopWorkerResponse()

    def close(self) -> None:
        """End all workers."""
        with self._lock:
            running, self._running = list(self._running.values()), {}
        for worker in running:
            worker.terminate()
        for worker in running:
            _end(worker)

    def _start(self, name: str, control: str, starts: int, killed: subprocess.Popen[bytes] | None) -> None:
        """Start a worker; after one that was `killed` only if nobody has stopped it meanwhile."""
        command = [sys.executable, "-m", "pipelines.worker", control, name, *self._options]
        with self._lock:
            if killed is not None and self._running.get(name) is not killed:
                return
            # Its standard input is the thread by which it hangs on this process: it ends when that is cut.
            worker = self._running[name] = subprocess.Popen(command, stdin=subprocess.PIPE)  # noqa: S603  (our own)
        _LOG.info("worker started", extra={"worker": name, "pid": worker.pid})
        threading.Thread(target=self._watch, args=(name, control, worker, starts), daemon=True).start()

    def _watch(self, name: str, control: str, worker: subprocess.Popen[bytes], starts: int) -> None:
        status = worker.wait()
        with self._lock:
            is_stopped = self._running.get(name) is not worker
        if is_stopped:
            return
        level = logging.WARNING if status < 0 else logging.INFO
        _LOG.log(level, "worker ended", extra={"worker": name, "pid": worker.pid, "status": status})
        if status < 0 and starts > 1:
            self._start(name, control, starts - 1, worker)


def _end(worker: subprocess.Popen[bytes]) -> None:
    worker.terminate()
    try:
        worker.wait(_END_S)
    except subprocess.TimeoutExpired:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()

"""Makes a run of a backfill in a process of its own, which takes the run's memory with it when it ends.

In one process each run of 10,000 pages leaves some 70 MiB in pieces that no allocator gives back.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection

from pipelines.archives.backfill import NotMade
from pipelines.checks import INTERRUPTED, TERMINATED
from pipelines.commands.backfill.one_run import GivenRun, one_run
from pipelines.logs import RunLogs, start_logging
from schemas.run import RunManifest
from transforms.sandbox.hidden_main import hidden_main


def run_in_own_process(run: GivenRun, logs: RunLogs) -> RunManifest | NotMade:
    """See `one_run`. The new process writes its own logs and bars; the run's name is told here too.

    Ctrl-C is passed on to it, and raised here once the run has ended; a second one kills it. It ends with this process,
    however that ends.
    """
    context = multiprocessing.get_context("spawn")  # one forked from a process with threads may hang
    line, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(theirs, run), name="backfill run")
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # which a new process inherits
    try:
        with hidden_main():
            process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    theirs.close()
    # A thread listens, since Ctrl-C in the midst of a message would lose its rest.
    with line, ThreadPoolExecutor(1) as listening:
        told = listening.submit(_told, line, logs)
        try:
            made = told.result()
            process.join()
        except KeyboardInterrupt:
            process.terminate()
            told.result()
            process.join()
            raise
        finally:
            process.kill()  # if it has not ended by itself
            process.join()
    why = f"the process of the run ended with exit code {process.exitcode}: has it too little memory?"
    return NotMade(1, why) if made is None else made


def _told(line: Connection, logs: RunLogs) -> RunManifest | NotMade | None:
    """What the process tells at its end; None if it ended without a word."""
    while True:
        try:
            said: str | RunManifest | NotMade = line.recv()
        except (EOFError, OSError):
            return None
        if not isinstance(said, str):
            return said
        logs.name_run(said)


def _serve(line: Connection, run: GivenRun) -> None:
    """The whole of the new process. Ctrl-C, which a terminal sends to all processes, passes by it: SIGTERM is what
    interrupts it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_end_with_parent, daemon=True).start()
    logs = start_logging(run.given.log_format, run.given.verbose)

    def name_run(run_id: str) -> None:
        logs.name_run(run_id)
        line.send(run_id)

    try:
        made = one_run(run, name_run)
    except KeyboardInterrupt:
        made = NotMade(INTERRUPTED, "")
    with suppress(OSError):  # the command has gone, and so will this process
        line.send(made)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(TERMINATED)

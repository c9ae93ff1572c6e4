"""The process from which all workers are forked: what it loads before, and how to start it ahead of the first call."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Sequence
from multiprocessing import forkserver, resource_tracker

from transforms.sandbox.serve import serve


def choose_preload(modules: Sequence[str]) -> None:
    """Name the modules that the fork server imports at its start; later choices of the process change nothing."""
    # A process forked from one that has threads (Beam's, obstore's) can hang; the fork server has none.
    multiprocessing.get_context("forkserver").set_forkserver_preload([serve.__module__, *modules])


def start_fork_server(modules: Sequence[str]) -> None:
    """Start the fork server without waiting for it, so that its imports go on beside our own."""
    choose_preload(modules)
    ensure_fork_server()


def ensure_fork_server() -> None:
    """Start the fork server if it does not run.

    Ctrl-C, which a terminal sends to all processes, passes by it: the command ends it. Python's fork server ignores the
    signal too, but only once it has loaded everything.
    """
    resource_tracker.ensure_running()  # else the fork server starts it, and it lets the signal through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # which a new process inherits
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

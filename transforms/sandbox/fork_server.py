"""The process from which all workers are forked: what it loads before, and how to start it ahead of the first call."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from multiprocessing import forkserver

from transforms.sandbox.serve import serve


def choose_preload(modules: Sequence[str]) -> None:
    """Name the modules that the fork server imports at its start; later choices of the process change nothing."""
    # A process forked from one that has threads (Beam's, obstore's) can hang; the fork server has none.
    multiprocessing.get_context("forkserver").set_forkserver_preload([serve.__module__, *modules])


def start_fork_server(modules: Sequence[str]) -> None:
    """Start the fork server without waiting for it, so that its imports go on beside our own."""
    choose_preload(modules)
    forkserver.ensure_running()

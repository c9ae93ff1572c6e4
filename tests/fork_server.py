"""The fork server of the tests' process. Imports nothing else, since workers import what tests that use it import."""

from __future__ import annotations

import multiprocessing
from multiprocessing import forkserver


def start_fork_server() -> None:
    """Start the fork server with all that builds pages, before the first pool of a test decides what it loads.

    After a pool without `preload` each worker of each later run would import it anew.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["transforms.sandbox.serve", "pipelines.run.preload"])
    forkserver.ensure_running()

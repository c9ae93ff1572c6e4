"""A Python worker of a cluster: ``python -m pipelines.worker CONTROL NAME``, as `newsbeam workers` starts it."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import threading

from pipelines.logs import start_logging


def main() -> None:
    """Work until the task manager's control channel ends, or the process that started this one."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.worker", description=__doc__)
    parser.add_argument("control", help="the address of the task manager's control service")
    parser.add_argument("name", help="the worker's name")
    parser.add_argument("--log_format", choices=("text", "json"), default="text")
    parser.add_argument("--verbose", action="store_true")
    given = parser.parse_args()
    start_logging(given.log_format, given.verbose)  # before the import of Beam, which logs at once
    threading.Thread(target=_end_with_parent, daemon=True).start()

    import grpc  # noqa: PLC0415
    from apache_beam.runners.worker.sdk_worker import SdkHarness  # noqa: PLC0415

    import pipelines.stream.stream_runs  # noqa: F401, PLC0415  (loaded now, not when the first piece comes)

    status = 0
    try:
        # No state is cached, since Flink keeps it near; data is sent when a bundle ends.
        SdkHarness(given.control, worker_id=given.name, state_cache_size=0, data_buffer_time_limit_ms=-1).run()
    except (grpc.RpcError, grpc.FutureTimeoutError) as error:
        logging.getLogger("newsbeam.workers").info("the task manager has ended the channel: %s", type(error).__name__)
        status = 1
    os._exit(status)  # threads of a bundle that nobody waits for would keep the process


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    main()

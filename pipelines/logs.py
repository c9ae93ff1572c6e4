"""Logs with the run's id on standard error, and progress bars if it is a terminal."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from pythonjsonlogger.json import JsonFormatter
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from pipelines.printable import indented, plain
from transforms.common.progress import LOGGER_NAME, Stages
from transforms.web.log_fields import fields_at_hand

_QUIET = ("apache_beam", "asyncio", "aiohttp", "tldextract", "htmldate", "trafilatura", "charset_normalizer")

_REPEATED = ("apache_beam.runners.common", "apache_beam.runners.worker")
"""Loggers that log each exception on its way up, some twice; the run logs it once, at its end."""


class RunLogs(logging.Handler):
    """Writes records to standard error, each with the id of the present run, and with the feed, host and address that
    it is about where they are known."""

    def __init__(self, log_format: str, verbose: bool = False) -> None:
        super().__init__()
        self.run_id = "-"
        self.named_run: str | None = None
        """The run that was named since `forget_run`."""
        self.failure = ""
        """Why that run was not committed."""
        self._verbose = verbose
        if log_format == "json":
            fields = {"levelname": "level", "name": "logger", "run_id": "run"}
            self.setFormatter(
                # `timestamp` is in UTC: whoever collects the logs of many machines does not know their time zones.
                JsonFormatter("%(levelname)s %(name)s %(run_id)s %(message)s", rename_fields=fields, timestamp="time")
            )
        else:
            self.setFormatter(_TextFormatter())

    def name_run(self, run_id: str) -> None:
        """Put this run's id into all further records."""
        self.run_id = self.named_run = run_id

    def forget_run(self) -> None:
        """Begin a new try, which has neither a run's name nor a failure yet; records keep the former run's id."""
        self.named_run, self.failure = None, ""

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith("apache_beam") and "KeyboardInterrupt" in record.getMessage():
            return  # Ctrl-C is no error, and the command itself reports it
        if record.module == "portable_runner" and not self._verbose:
            return  # what a job server says of an error, which the run logs once, at its end
        if record.name == "root" and record.levelno < logging.ERROR and not self._verbose:
            return  # some of Beam's warnings; the level of this logger is that of all libraries
        if not hasattr(record, "run_id"):  # a stream on a cluster names its run with each record
            record.run_id = self.run_id
        for name, value in fields_at_hand().items():
            if not hasattr(record, name):
                setattr(record, name, value)
        with suppress(BrokenPipeError):
            sys.stderr.write(self.format(record) + "\n")


class _TextFormatter(logging.Formatter):
    """``08:00:00 INFO run started  feeds=12 output=lake  run=…``: the message, then its facts."""

    _STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "run_id", "taskName"}

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", "%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (the name is logging's)
        facts = [f"{name}={plain(str(value))}" for name, value in record.__dict__.items() if name not in self._STANDARD]
        return "  ".join([plain(super().formatMessage(record)), *facts, f"run={record.__dict__['run_id']}"])

    def formatException(self, ei: Any) -> str:  # noqa: N802
        """The traceback, indented and made plain, since its last line may quote foreign text."""
        return indented(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:  # noqa: N802
        """The stack, indented and made plain, since it may quote foreign text."""
        return indented(super().formatStack(stack_info))


class _ProgressBars(logging.Handler):
    """Turns progress records into bars: one for each stage, summed over the stage's parallel parts."""

    def __init__(self, bars: Bars) -> None:
        super().__init__(logging.DEBUG)
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}
        self._stages = Stages()

    def emit(self, record: logging.LogRecord) -> None:
        stage = self._stages.take(record)
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(stage)
        done, total = self._stages.sums()[stage]
        self._bars.update(self._tasks[stage], completed=done, total=total)


def start_logging(log_format: str, verbose: bool) -> RunLogs:
    """The one handler of all logs: ours from INFO on, libraries' from WARNING on (some ERROR); `verbose`: all INFO.

    Single failures are logged as JSON, for those who collect logs, and with `verbose`; people have the report.
    """
    handler = RunLogs(log_format, verbose)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO if verbose else logging.WARNING)
    logging.getLogger("newsbeam").setLevel(logging.INFO)
    if not verbose and log_format != "json":
        logging.getLogger("newsbeam.failures").setLevel(logging.WARNING)
    logging.captureWarnings(True)
    for name in () if verbose else _QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
    for name in () if verbose else _REPEATED:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return handler


@contextmanager
def shown_progress() -> Iterator[None]:
    """Show progress bars while the block runs, if standard error is a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    logger = logging.getLogger(LOGGER_NAME)
    columns = (TextColumn("{task.description:<9}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=console, transient=True) as bars:
        handler = _ProgressBars(bars)
        level, propagate = logger.level, logger.propagate
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
        logger.propagate = False
        try:
            yield
        finally:
            logger.removeHandler(handler)
            logger.setLevel(level)
            logger.propagate = propagate

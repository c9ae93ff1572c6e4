"""The metrics file of a lake: its counters go on from command to command, and miss no committed run."""

from __future__ import annotations

from pathlib import Path

from pipelines.checks import UsageError
from pipelines.telemetry.exposition import one_at_a_time, read_textfile, write_textfile
from pipelines.telemetry.follow_runs import RunFollower
from pipelines.telemetry.process_figures import take_figures
from pipelines.telemetry.run_spans import TriedRun
from pipelines.telemetry.totals import NotOursError, Totals
from schemas.run import RunManifest
from transforms.lake.files.storage import Storage


class MetricsFile:
    """Adds to the file what has happened since it was written: all runs that the lake has committed after the newest
    one in the file, also those of a command that was killed before it could tell of them.

    A new file begins with the runs after `newest`, the newest one when the command started (None: there was none).
    Raises UsageError if the file is another's, which must not be lost.
    """

    def __init__(self, path: Path, storage: Storage, newest: RunManifest | None) -> None:
        self._path = path
        self._storage = storage
        self._newest = newest
        try:
            read_textfile(path, storage.address)
        except NotOursError as error:
            raise UsageError(f"--metrics_file: {path} {error}; name a file of its own for each lake") from None
        except OSError as error:
            raise UsageError(f"--metrics_file: {path} cannot be read: {error.strerror}") from None

    def update(self, tried: TriedRun | None) -> None:
        """Write the file anew, with how a try ended. Raises OSError and NotOursError if that cannot be; a lake out of
        reach is told of by what the file says already."""
        with one_at_a_time(self._path):
            totals = Totals()
            known = read_textfile(self._path, self._storage.address)
            totals.restore(known)
            if not known and self._newest is not None:
                totals.note(self._newest)
            runs = RunFollower(self._storage, totals.last_run or "")
            try:
                for manifest in runs.new_runs():
                    totals.add(manifest)
            finally:
                if tried is not None:
                    totals.try_ended(tried.status, tried.ended_us)
                take_figures(totals)
                write_textfile(self._path, totals, self._storage.address)

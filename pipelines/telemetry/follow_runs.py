"""Follows the committed runs of a lake: whoever wrote them, on whatever runner, their manifests are there to read."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from schemas.run import ManifestError, RunManifest
from transforms.lake.committed import committed_runs
from transforms.lake.files.manifests import read_manifest
from transforms.lake.files.storage import Storage, StorageError

_LOG = logging.getLogger("newsbeam.telemetry")


class RunFollower:
    """Gives each committed run of a lake once, in order of time.

    Runs are committed in the order of their ids, because each holds the lake's lock. So what is behind the `last` one
    seen is new. A manifest that cannot be read is passed over, with a warning.
    """

    def __init__(self, storage: Storage, after: str = "") -> None:
        self._storage = storage
        self.last = after

    def skip_to_newest(self) -> RunManifest | None:
        """The newest committed run, after which all further ones are new; None if there is none that can be read, as
        where the lake is out of reach, which the run itself will say."""
        try:
            runs = committed_runs(self._storage)
        except (StorageError, OSError):
            return None
        self.last = runs[-1] if runs else ""
        return self._manifest(runs[-1]) if runs else None

    def new_runs(self) -> Iterator[RunManifest]:
        """The runs committed since the last call. Raises StorageError or OSError if the lake is out of reach."""
        for run_id in committed_runs(self._storage):
            if run_id > self.last:
                manifest = self._manifest(run_id)
                self.last = run_id
                if manifest is not None:
                    yield manifest

    def _manifest(self, run_id: str) -> RunManifest | None:
        try:
            return read_manifest(self._storage, run_id)
        except ManifestError as error:
            _LOG.warning("a run is left out of the metrics", extra={"run_id": run_id, "reason": str(error)})
            return None

"""The one way to the lake's bytes: a small interface on obstore, a path or URI choosing the place."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import obstore
import pyarrow as pa
from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore, from_url


@dataclass(slots=True)
class Storage:
    """Objects under `root`: a local folder, or a URI that obstore knows (``s3://…``, ``gs://…``, ``az://…``).

    Every put is atomic: readers see the whole object or none. On a local disk it also outlives a power cut, because
    file and folder are synced before `put` returns (obstore's own local put renames without fsync). Pickles; the
    connection is made at first use, never in a process that is forked later.
    """

    root: str
    _store: Any = field(default=None, init=False, repr=False, compare=False)

    def __reduce__(self) -> tuple[type[Storage], tuple[str]]:
        return Storage, (self.root,)

    @property
    def folder(self) -> Path | None:
        """The local folder, or None where the lake is in an object store."""
        if self.root.startswith("file://"):
            return Path(self.root.removeprefix("file://")).absolute()
        return None if "://" in self.root else Path(self.root).absolute()

    def put(self, path: str, data: bytes) -> None:
        """Write an object whole; an earlier one of the same name is replaced."""
        obstore.put(self._connected(), path, data)
        self._sync(path)

    def put_if_absent(self, path: str, data: bytes) -> bool:
        """Write an object unless there is one of that name; False when there is. Atomic between processes."""
        try:
            obstore.put(self._connected(), path, data, mode="create")
        except AlreadyExistsError:
            return False
        self._sync(path)
        return True

    def get(self, path: str) -> bytes:
        """An object's bytes; FileNotFoundError when there is none."""
        return bytes(obstore.get(self._connected(), path).bytes())

    def open(self, path: str) -> pa.NativeFile:
        """An object for pyarrow to read from, in ranges; FileNotFoundError when there is none."""
        folder = self.folder
        if folder is not None:
            return pa.memory_map(str(folder / path))
        return pa.PythonFile(obstore.open_reader(self._connected(), path), mode="r")

    def list(self, prefix: str = "") -> Iterator[str]:
        """The paths of all objects below a folder, sorted."""
        batches = obstore.list(self._connected(), prefix or None)
        return iter(sorted(meta["path"] for batch in batches for meta in batch))

    def exists(self, path: str) -> bool:
        """Whether there is an object of that name."""
        try:
            obstore.head(self._connected(), path)
        except FileNotFoundError:
            return False
        return True

    def delete(self, path: str) -> None:
        """Remove an object; one that is gone already is no error."""
        try:
            obstore.delete(self._connected(), path)
        except FileNotFoundError:
            return

    def sweep(self) -> None:
        """Remove what killed local puts left behind (``name#1``), which `list` does not show, and empty folders."""
        folder = self.folder
        if folder is None:
            return
        for left in folder.rglob("*#[0-9]*"):
            left.unlink(missing_ok=True)
        for below, _, _ in os.walk(folder, topdown=False):
            if Path(below) != folder and not os.listdir(below):
                os.rmdir(below)

    def _connected(self) -> Any:
        if self._store is None:
            folder = self.folder
            self._store = LocalStore(folder, mkdir=True) if folder is not None else from_url(self.root)
        return self._store

    def _sync(self, path: str) -> None:
        folder = self.folder
        if folder is None:
            return
        for place in (folder / path, (folder / path).parent):
            handle = os.open(place, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

"""The one way to the lake's bytes: a small interface on obstore, a path or URI choosing the place."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import IO, Any, NamedTuple

import obstore
import pyarrow as pa
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, from_url

from schemas.run import Run
from transforms.lake.layout import OWN_FOLDERS, is_left, is_own_folder
from transforms.lake.local_files import local_files


class StorageError(Exception):
    """The place where the lake lies cannot be read or written; one line that says what and why."""


class Stat(NamedTuple):
    """An object's size, and when it was last written."""

    size_bytes: int
    written_at: datetime


@dataclass(slots=True)
class Storage:
    """Objects under `root`: a local folder, or a URI that obstore knows (``s3://…``, ``gs://…``, ``az://…``).

    Every put is atomic: readers see the whole object or none. On a local disk it also outlives a power cut, because
    file and folder are synced before `put` returns (obstore's own local put renames without fsync). A local folder is
    made if it is not there, but not by workers: what a storage was pickled for `must_exist`. Pickles; the connection is
    made at first use, never in a process that is forked later. Raises StorageError where the place does not answer.
    """

    root: str
    must_exist: bool = field(default=False, compare=False)
    _store: Any = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.root.strip():
            raise ValueError("a lake needs a folder: the name is empty")

    def __reduce__(self) -> tuple[type[Storage], tuple[str, bool]]:
        return Storage, (self.root, True)

    @property
    def folder(self) -> Path | None:
        """The local folder, or None where the lake is in an object store."""
        if self.root.startswith("file://"):
            return Path(self.root.removeprefix("file://")).absolute()
        return None if "://" in self.root else Path(self.root).absolute()

    def put(self, path: str, data: bytes) -> None:
        """Write an object whole; an earlier one of the same name is replaced."""
        with self._told("write", path):
            obstore.put(self._connected(), path, data)
            self._sync(path)

    def put_file(self, path: str, source: IO[bytes]) -> None:
        """Write an object from a file, a piece in memory at a time."""
        with self._told("write", path):
            source.seek(0)
            obstore.put(self._connected(), path, source)
            self._sync(path)

    def put_if_absent(self, path: str, data: bytes) -> bool:
        """Write an object unless there is one of that name; False when there is. Atomic between processes."""
        with self._told("write", path):
            try:
                obstore.put(self._connected(), path, data, mode="create")
            except AlreadyExistsError:
                return False
            self._sync(path)
            return True

    def scratch(self) -> AbstractContextManager[IO[bytes]]:
        """A nameless file for what is too large for memory; it vanishes with the process."""
        with self._told("write", ""):
            state = None if self.folder is None else self.folder / "_state"
            return tempfile.TemporaryFile(dir=state if state is not None and state.is_dir() else None)

    def check_folders(self, folders: Sequence[str] = OWN_FOLDERS) -> None:
        """StorageError where one of our folders on a local disk is no folder, or none to write to.

        A run that finds out when it writes there has fetched its pages by then.
        """
        for place in () if self.folder is None else map(self.folder.joinpath, folders):
            with self._told("write", place.name):
                if os.path.lexists(place) and not place.is_dir():
                    raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
                if place.is_dir() and not os.access(place, os.W_OK | os.X_OK):
                    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    def get(self, path: str) -> bytes:
        """An object's bytes; FileNotFoundError when there is none."""
        with self._told("read", path):
            return bytes(obstore.get(self._connected(), path).bytes())

    def open(self, path: str) -> pa.NativeFile:
        """An object for pyarrow to read from, in ranges; FileNotFoundError when there is none."""
        with self._told("read", path):
            folder = self.folder
            if folder is not None:
                return pa.memory_map(str(folder / path))
            return pa.PythonFile(_Reader(self, path, obstore.open_reader(self._connected(), path)), mode="r")

    def list(self, prefix: str = "") -> Iterator[str]:
        """The paths of all objects below a folder, sorted."""
        return iter(sorted(self.stats(prefix)))

    def stats(self, prefix: str = "") -> dict[str, Stat]:
        """All objects below a folder; in a local one, files that can be none of ours are left out."""
        folder = self.folder
        with self._told("list", prefix):
            if folder is not None:
                return {
                    path: Stat(found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))
                    for path, found in local_files(folder, prefix)
                }
            batches = obstore.list(self._connected(), prefix or None)
            return {meta["path"]: Stat(meta["size"], meta["last_modified"]) for batch in batches for meta in batch}

    def exists(self, path: str) -> bool:
        """Whether there is an object of that name."""
        return self.stat(path) is not None

    def stat(self, path: str) -> Stat | None:
        """An object's size and time, None where there is none."""
        with self._told("read", path):
            try:
                meta = obstore.head(self._connected(), path)
            except FileNotFoundError:
                return None
            return Stat(meta["size"], meta["last_modified"])

    def delete(self, path: str) -> None:
        """Remove an object; one that is gone already is no error."""
        with self._told("delete", path):
            try:
                obstore.delete(self._connected(), path)
            except FileNotFoundError:
                return

    def sweep(self, folders: Sequence[str] = OWN_FOLDERS) -> None:
        """Remove what killed local puts left behind in some folders of ours (``name#1``), and empty partitions.

        Such files are not in a `list`. Ours are told by place and name; all else stays.
        """
        root = self.folder
        if root is None:
            return
        for own in folders:
            with self._told("tidy up", own):
                for below, _, files in os.walk(root / own, topdown=False):
                    _sweep_folder(root, Path(below), files)

    @contextmanager
    def _told(self, doing: str, path: str) -> Iterator[None]:
        """Any trouble but a missing object as one line."""
        try:
            yield
        except FileNotFoundError:
            raise
        except (OSError, BaseError) as error:
            place = f"{path} in the lake at {self.root}" if path else f"the lake at {self.root}"
            raise StorageError(f"cannot {doing} {place}: {_reason(error)}") from error

    def _connected(self) -> Any:
        if self._store is None:
            folder = self.folder
            made = folder is not None and not self.must_exist
            try:
                self._store = LocalStore(folder, mkdir=made) if folder is not None else from_url(self.root)
            except ValueError as error:
                raise StorageError(f"{self.root} is no place for a lake: {error}") from error
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


class _Reader:
    """A file in an object store as pyarrow reads it; what the store refuses is told as StorageError.

    Else pyarrow and our own reading would take the store's trouble for damage to the file.
    """

    def __init__(self, storage: Storage, path: str, file: Any) -> None:
        self._storage, self._path, self._file = storage, path, file
        self.closed = False

    def read(self, size: int | None = None) -> bytes:
        """The next bytes."""
        with self._storage._told("read", self._path):
            return bytes(self._file.read() if size is None or size < 0 else self._file.read(size))

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move to a place."""
        with self._storage._told("read", self._path):
            return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        """The place."""
        return int(self._file.tell())

    def close(self) -> None:
        """Let go of the file."""
        self.closed = True
        self._file.close()


def _sweep_folder(root: Path, folder: Path, files: Sequence[str]) -> None:
    for name in files:
        if "#" in name and is_left((folder / name).relative_to(root).as_posix()):
            (folder / name).unlink(missing_ok=True)
    if is_own_folder(folder.relative_to(root).as_posix()) and not os.listdir(folder):
        folder.rmdir()


def _reason(error: Exception) -> str:
    """What the system said: obstore's errors tell it behind much else, and go on over many lines."""
    if isinstance(error, OSError) and error.errno:  # whose text is Arrow's where that opened the file
        return os.strerror(error.errno)
    first = str(error).partition("\n")[0]
    said, mark, _ = first.rpartition(" (os error ")
    return said.rpartition(":")[2].strip() if mark else first


def storage_of(run: Run) -> Storage:
    """The lake that a run writes to, as its workers see it. One connection a process."""
    return _opened(run.output)


@cache
def _opened(output: str) -> Storage:
    return Storage(output, must_exist=True)

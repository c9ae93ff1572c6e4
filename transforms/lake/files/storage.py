"""All reading and writing of the lake's files, in a local folder or an object store, by way of obstore."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

import obstore
import pyarrow as pa
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore

from schemas.run import Run
from transforms.lake.files.layout import OWN_FOLDERS, VIEWS_FILE, is_left, is_own_folder
from transforms.lake.files.local_files import local_files
from transforms.lake.files.object_store import (
    ObjectFile,
    beginning,
    connected,
    in_memory,
    in_own_words,
    is_missing_object,
    refuses_conditions,
)

_REQUESTS_AT_ONCE: Final = 16


class StorageError(Exception):
    """The lake's folder or store cannot be read or written; the message is one line that says what and why."""


class DamagedPartError(Exception):
    """A part of the lake cannot be read; the message is one line that names the part and the remedy."""


class Stat(NamedTuple):
    """An object's size, and when it was last written."""

    size_bytes: int
    written_at: datetime


@dataclass(slots=True)
class Storage:
    """The objects under `root`: a local folder, or a URI that obstore knows (``s3://…``, ``gs://…``, ``az://…``).

    Every put is atomic: readers see the whole object or none. On a local disk a put also outlives a power cut, because
    file and folder are synced before `put` returns (obstore's own local put renames without fsync). A missing local
    folder is created, but not by workers: an unpickled storage has `must_exist`. The connection is made at first use,
    never in a process that is forked later. Options and credentials of a store are those of the environment. Raises
    StorageError if the folder or store does not answer, after a minute at most.
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
        """The local folder, or None for a lake in an object store."""
        if self.root.startswith("file://"):
            return Path(self.root.removeprefix("file://")).absolute()
        return None if "://" in self.root else Path(self.root).absolute()

    @property
    def address(self) -> str:
        """The absolute path or the URI of the lake: the same place for a process that works in another folder."""
        return self.root if self.folder is None else str(self.folder)

    def put(self, path: str, data: bytes) -> None:
        """Write an object; replaces an earlier object of the same name."""
        with self._storage_errors("write", path):
            obstore.put(self._connected(), path, data)
            self._sync(path)

    def put_file(self, path: str, source: IO[bytes]) -> None:
        """Write an object from a file, one piece in memory at a time."""
        with self._storage_errors("write", path):
            source.seek(0)
            obstore.put(self._connected(), path, source)
            self._sync(path)

    def put_if_absent(self, path: str, data: bytes) -> bool:
        """Write an object unless one of that name exists; False if one does. Atomic between processes."""
        with self._storage_errors("write", path):
            try:
                obstore.put(self._connected(), path, data, mode="create")
            except AlreadyExistsError:
                return False
            except (OSError, BaseError, NotImplementedError) as error:
                if self.folder is None and refuses_conditions(error):
                    raise self.unconditional() from None
                raise
            self._sync(path)
            return True

    def unconditional(self) -> StorageError:
        """The error for a store that would let two runs write at a time."""
        return StorageError(
            f"the store of the lake at {self.root} knows no conditional put (If-None-Match), by which one run of "
            "several gets the lake; it cannot hold a lake that is written to"
        )

    def scratch(self) -> AbstractContextManager[IO[bytes]]:
        """A temporary file without a name, for what is too large for memory; it vanishes with the process."""
        with self._storage_errors("write", ""):
            state = None if self.folder is None else self.folder / "_state"
            return tempfile.TemporaryFile(dir=state if state is not None and state.is_dir() else None)

    def check_folders(self, folders: Sequence[str] = OWN_FOLDERS) -> None:
        """Raise StorageError if one of our folders on a local disk is not a folder or not writable.

        Without this check a run would find out only when it writes there, after it has fetched its pages.
        """
        for place in () if self.folder is None else map(self.folder.joinpath, folders):
            with self._storage_errors("write", place.name):
                if os.path.lexists(place) and not place.is_dir():
                    raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
                if place.is_dir() and not os.access(place, os.W_OK | os.X_OK):
                    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    def get(self, path: str) -> bytes:
        """An object's bytes; raises FileNotFoundError if there is no such object."""
        with self._storage_errors("read", path):
            return bytes(obstore.get(self._connected(), path).bytes())

    def open(self, path: str) -> pa.NativeFile:
        """A file that pyarrow reads an object from, range by range; raises FileNotFoundError if there is none."""
        with self._storage_errors("read", path):
            folder = self.folder
            if folder is not None:
                return pa.memory_map(str(folder / path))
            size, first = beginning(self._connected(), path)
        if size <= len(first):
            return in_memory(first)
        return pa.PythonFile(ObjectFile(size, first, partial(self._range, path)), mode="r")

    def damaged(self, path: str, why: str) -> DamagedPartError:
        """The error for a part that cannot be read: its path, `why`, and the remedy."""
        return DamagedPartError(f"{path} is damaged ({why}); run: newsbeam repair --output {self.root}")

    def ranges(self, path: str, wanted: Sequence[tuple[int, int]]) -> list[Any]:
        """The bytes of an object from each start to its end (not included), as buffers. Those of a local file are read
        when they are looked at; those of an object by a request each, some at a time."""
        if self.folder is not None:
            with self.open(path) as file:
                everything = memoryview(file.read_buffer())
            return [everything[start:end] for start, end in wanted]
        if len(wanted) == 1:
            return [self._range(path, *wanted[0])]
        with ThreadPoolExecutor(max(1, min(len(wanted), _REQUESTS_AT_ONCE))) as threads:
            return list(threads.map(lambda one: self._range(path, *one), wanted))

    def _range(self, path: str, start: int, end: int) -> bytes:
        if start == end:
            return b""
        with self._storage_errors("read", path):
            return bytes(obstore.get_range(self._connected(), path, start=start, end=end))

    def list(self, prefix: str = "") -> Iterator[str]:
        """The paths of all objects below a folder, sorted."""
        folder = self.folder
        if folder is None:
            return iter(sorted(self.stats(prefix)))
        with self._storage_errors("list", prefix):
            return iter(sorted(path for path, _ in local_files(folder, prefix)))

    def stats(self, prefix: str = "", after: str = "") -> dict[str, Stat]:
        """Size and time of all objects below a folder whose paths sort behind `after`, by path; local files that cannot
        be ours are skipped."""
        folder = self.folder
        with self._storage_errors("list", prefix):
            if folder is not None:
                return dict(_with_stats(one for one in local_files(folder, prefix) if one[0] > after))
            batches = obstore.list(self._connected(), prefix or None, offset=after or None)
            return {meta["path"]: Stat(meta["size"], meta["last_modified"]) for batch in batches for meta in batch}

    def exists(self, path: str) -> bool:
        """Whether there is an object at this path."""
        return self.stat(path) is not None

    def stat(self, path: str) -> Stat | None:
        """An object's size and time, None if there is no such object."""
        with self._storage_errors("read", path):
            try:
                meta = obstore.head(self._connected(), path)
            except FileNotFoundError:
                return None
            return Stat(meta["size"], meta["last_modified"])

    def delete(self, path: str) -> None:
        """Delete an object; no error if there is none."""
        with self._storage_errors("delete", path):
            try:
                obstore.delete(self._connected(), path)
            except FileNotFoundError:
                return

    def sweep(self, folders: Sequence[str] = OWN_FOLDERS) -> None:
        """Delete the files that killed local puts left in `folders` (``name#1``), and folders of ours that are empty.

        `list` does not show these files. Only files and folders that are ours by place and name are deleted.
        """
        root = self.folder
        if root is None:
            return
        with self._storage_errors("tidy up", ""):
            _sweep_folder(root, root, [one.name for one in root.glob(f"{VIEWS_FILE}#*")])
        for own in folders:
            with self._storage_errors("tidy up", own):
                for below, _, files in os.walk(root / own, topdown=False):
                    _sweep_folder(root, Path(below), files)

    @contextmanager
    def _storage_errors(self, doing: str, path: str) -> Iterator[None]:
        """Turns any error, except a missing object, into a StorageError of one line."""
        try:
            yield
        except (OSError, BaseError) as error:
            is_remote = self.folder is None
            if isinstance(error, FileNotFoundError) and not (is_remote and _is_no_store(error, doing)):
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path) from None
            place = f"{path} in the lake at {self.root}" if path else f"the lake at {self.root}"
            if is_remote and not (isinstance(error, OSError) and error.errno):
                # Without its cause, which holds the request and may end up in a log.
                raise StorageError(f"cannot {doing} {place}: {in_own_words(error)}") from None
            raise StorageError(f"cannot {doing} {place}: {_reason(error)}") from error

    def _connected(self) -> Any:
        if self._store is None:
            folder = self.folder
            made = folder is not None and not self.must_exist
            try:
                self._store = LocalStore(folder, mkdir=made) if folder is not None else connected(self.root)
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


def _with_stats(files: Iterator[tuple[str, os.DirEntry[str]]]) -> Iterator[tuple[str, Stat]]:
    for path, entry in files:
        try:
            found = entry.stat()
        except FileNotFoundError:  # it has vanished since
            continue
        yield path, Stat(found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))


def _sweep_folder(root: Path, folder: Path, files: Sequence[str]) -> None:
    for name in files:
        if "#" in name and is_left((folder / name).relative_to(root).as_posix()):
            (folder / name).unlink(missing_ok=True)
    if is_own_folder(folder.relative_to(root).as_posix()) and not os.listdir(folder):
        folder.rmdir()


def _is_no_store(error: FileNotFoundError, doing: str) -> bool:
    """Whether a store's "not found" is of more than an object: nothing but an object that is read can be missing."""
    return doing in ("write", "list") or not is_missing_object(error)


def _reason(error: Exception) -> str:
    """The operating system's words for an error, which obstore hides in an error text of many lines."""
    if isinstance(error, OSError) and error.errno:  # its own text may be Arrow's
        return os.strerror(error.errno)
    first = str(error).partition("\n")[0]
    said, mark, _ = first.rpartition(" (os error ")
    return said.rpartition(":")[2].strip() if mark else first


def storage_of(run: Run) -> Storage:
    """The lake that a run writes to, for its workers; one connection in each process."""
    return _opened(run.output)


@cache
def _opened(output: str) -> Storage:
    return Storage(output, must_exist=True)

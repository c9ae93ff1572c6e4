"""Opens WARC files: local ones, those in any store that a lake can lie in, and those behind http(s)."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import obstore

from schemas.failure import Reason
from transforms.lake.files.object_store import connected, in_own_words, is_missing_object
from transforms.pages.warc.archive_file import ArchiveError, ArchiveFile

_AT_ONCE_BYTES: Final = 8 << 20
"""So much is read by one request at least."""


def is_uri(warc_file: str) -> bool:
    """Whether an archive is not a local file."""
    return "://" in warc_file


def open_archive(warc_file: str) -> ArchiveFile:
    """The archive at a path or URI. Raises ArchiveError (NOT_FOUND, UNREACHABLE)."""
    if not is_uri(warc_file):
        try:
            return _LocalFile(warc_file, os.open(warc_file, os.O_RDONLY))
        except OSError as error:
            raise _local_error(warc_file, error) from None
    return _object(warc_file)


def size_of(warc_file: str) -> int | None:
    """The size of an archive; None if it cannot be told now."""
    try:
        file = open_archive(warc_file)
    except ArchiveError:
        return None
    try:
        return file.size_bytes
    finally:
        file.close()


@dataclass(slots=True)
class _LocalFile:
    """A file on a disk, which is not mapped: its pages would count as our memory."""

    name: str
    handle: int

    @property
    def size_bytes(self) -> int:
        return os.fstat(self.handle).st_size

    def read(self, start: int, end: int) -> bytes:
        try:
            return os.pread(self.handle, max(0, end - start), start)
        except OSError as error:
            raise _local_error(self.name, error) from None

    def close(self) -> None:
        with suppress(OSError):
            os.close(self.handle)


class _Object:
    """An object in a store; the latest range that was read stays in memory."""

    def __init__(self, uri: str, store: Any, path: str, size_bytes: int) -> None:
        self._uri, self._store, self._path = uri, store, path
        self.size_bytes = size_bytes
        self._start, self._held = 0, b""

    def read(self, start: int, end: int) -> bytes:
        end = min(end, self.size_bytes)
        if end <= start:
            return b""
        if start < self._start or end > self._start + len(self._held):
            until = min(max(end, start + _AT_ONCE_BYTES), self.size_bytes)
            get = partial(obstore.get_range, self._store, self._path, start=start, end=until)
            self._start, self._held = start, bytes(_asked(self._uri, get))
        return self._held[start - self._start : end - self._start]

    def close(self) -> None:
        self._held = b""


def _object(uri: str) -> ArchiveFile:
    folder, _, name = uri.rpartition("/")
    store = _asked(uri, partial(connected, folder))
    meta = _asked(uri, partial(obstore.head, store, name))
    return _Object(uri, store, name, int(meta["size"]))


def _asked(uri: str, ask: Any) -> Any:
    """What a store answers. Raises ArchiveError in one line, without the request: that may carry secrets."""
    try:
        return ask()
    except (OSError, obstore.exceptions.BaseError, ValueError) as error:
        if is_missing_object(error):
            raise ArchiveError(Reason.NOT_FOUND, f"there is no {uri}") from None
        said = in_own_words(error)
    raise ArchiveError(Reason.UNREACHABLE, f"cannot read {uri}: {said}")


def _local_error(name: str, error: OSError) -> ArchiveError:
    if isinstance(error, FileNotFoundError):
        return ArchiveError(Reason.NOT_FOUND, f"there is no file {name}")
    return ArchiveError(Reason.UNREACHABLE, f"cannot read {name}: {error.strerror}")

"""A WARC file as a stream that can be entered anywhere, wherever the file lies."""

from __future__ import annotations

from typing import Final, Protocol

from schemas.failure import ReasonedError

_FIRST_CHUNK_BYTES: Final = 1 << 16
_CHUNK_BYTES: Final = 1 << 20
"""Pieces that are read at once: the first is small, since behind a broken record little may be read; each next one is
twice as large."""


class ArchiveError(ReasonedError):
    """A WARC file cannot be had, or not to its end: `reason` is NOT_FOUND or UNREACHABLE."""


class ArchiveFile(Protocol):
    """An open WARC file. Its methods raise ArchiveError."""

    @property
    def size_bytes(self) -> int:
        """Its size."""
        ...

    def read(self, start: int, end: int) -> bytes:
        """Its bytes from `start` to `end` (not included), fewer only at its end."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class OpenArchive(Protocol):
    """Opens a WARC file by its path or URI. Can be pickled. Raises ArchiveError."""

    def __call__(self, warc_file: str) -> ArchiveFile: ...


class ArchiveStream:
    """A WARC file from `start` on, as fastwarc reads it; it remembers the last bytes that it gave.

    `error` is what the file raised: fastwarc may pass it on as another exception.
    """

    def __init__(self, file: ArchiveFile, start: int) -> None:
        self.error: ArchiveError | None = None
        self._file = file
        self._start = self._at = start
        self._before_at = self._chunk_at = start
        self._before = self._chunk = b""
        self._size = _FIRST_CHUNK_BYTES

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size`; none at the end."""
        end_at = self._chunk_at + len(self._chunk)
        if self._at >= end_at:
            try:
                chunk = self._file.read(end_at, min(end_at + self._size, self._file.size_bytes))
            except ArchiveError as error:
                self.error = error
                raise
            self._before_at, self._before = self._chunk_at, self._chunk
            self._chunk_at, self._chunk = end_at, chunk
            self._size = min(2 * self._size, _CHUNK_BYTES)
        start = self._at - self._chunk_at
        given = self._chunk[start:] if size < 0 else self._chunk[start : start + size]
        self._at += len(given)
        return given

    def tell(self) -> int:
        """How many bytes were read."""
        return self._at - self._start

    def near(self, at: int, size: int) -> bytes:
        """The `size` bytes at an offset that was read not long ago; the file is asked only for older ones."""
        if at >= self._before_at and at + size <= self._chunk_at + len(self._chunk):
            start = at - self._before_at
            held = self._before[start : start + size]
            beyond = max(0, at - self._chunk_at)
            return held + self._chunk[beyond : beyond + size - len(held)]
        return self._file.read(at, min(at + size, self._file.size_bytes))

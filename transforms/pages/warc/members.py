"""Where the records of a WARC file begin and end, told from its bytes alone: for what a parser has stumbled over."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple, Protocol

import pyarrow as pa

from transforms.pages.warc.archive_file import ArchiveFile

_WINDOW_BYTES: Final = 1 << 20
_STEP_BYTES: Final = 1 << 16
_HEAD_BYTES: Final = 512
_GZIP: Final = b"\x1f\x8b\x08"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_VERSION: Final = re.compile(rb"WARC/\d")
_PLAIN: Final = re.compile(rb"WARC/\d\.\d{1,3}\r?\n[A-Za-z]")
_OVERLAP_BYTES: Final = 32
_HEADER_END: Final = b"\r\n\r\n"


class _Readable(Protocol):
    @property
    def size_bytes(self) -> int: ...

    def read(self, start: int, end: int) -> bytes: ...


class Form(StrEnum):
    """How a WARC file is stored, by its first bytes."""

    PLAIN = "plain"
    GZIP = "gzip"
    ZSTD = "zstd"


def form_of(file: ArchiveFile) -> Form:
    """The form of a file, by its first bytes."""
    head = file.read(0, min(5, file.size_bytes))
    if head.startswith(_GZIP[:2]):
        return Form.GZIP
    if head.startswith(_ZSTD) or head[1:4] == b"\x2a\x4d\x18":  # or a frame to skip
        return Form.ZSTD
    return Form.PLAIN if head.startswith(b"WARC/") else _form_behind_garbage(file)


def _form_behind_garbage(file: ArchiveFile) -> Form:
    """The form of the first record in the first MiB."""
    beginning = _Range(file, 0, min(_WINDOW_BYTES, file.size_bytes))
    found = {form: next_record(beginning, 0, form) for form in Form}
    places = {form: at for form, at in found.items() if at is not None}
    return min(places, key=lambda form: places[form], default=Form.PLAIN)


def is_record(head: bytes, form: Form) -> bool:
    """Whether a record begins at these bytes, in a member of its own where the file is compressed."""
    try:
        return _VERSION.match(_inflated_head(head, form)) is not None
    except (zlib.error, OSError):
        return False


def begins_member(head: bytes, form: Form) -> bool:
    """Whether these bytes are the beginning of a compressed member of this form, which may be cut off."""
    magic = _GZIP if form is Form.GZIP else _ZSTD
    return form is not Form.PLAIN and head[: len(magic)] == magic[: len(head)]


def next_record(file: _Readable, start: int, form: Form) -> int | None:
    """The offset of the first record at or after `start`; None if there is none."""
    for at in _candidates(file, start, form):
        if form is Form.PLAIN or is_record(file.read(at, min(at + _HEAD_BYTES, file.size_bytes)), form):
            return at
    return None


class Member(NamedTuple):
    """A member: where it ends in the file, and how many bytes it holds; with the size of its first record's header,
    blank line included, 0 if there is none."""

    end: int
    holds: int
    header: int


def member_at(file: ArchiveFile, at: int, form: Form) -> Member | None:
    """The gzip member or zstd frame at an offset, read to its end; None if it is broken or stops early."""
    try:
        return _gzip_member(file, at) if form is Form.GZIP else _zstd_frame(file, at)
    except (zlib.error, OSError):
        return None


def _inflated_head(head: bytes, form: Form) -> bytes:
    if form is Form.GZIP:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, 8) if head.startswith(_GZIP) else b""
    if form is Form.ZSTD:
        if not head.startswith(_ZSTD):
            return b""
        return _unzstd_head(head)
    return head


def _unzstd_head(head: bytes) -> bytes:
    """The first bytes of a frame. Where its first block is cut off none can be had: then its magic number decides."""
    try:
        with pa.CompressedInputStream(pa.BufferReader(head), "zstd") as stream:
            return bytes(stream.read(8))
    except OSError as error:
        if "truncated" in str(error).lower():
            return b"WARC/1"
        raise


def _candidates(file: _Readable, start: int, form: Form) -> Iterator[int]:
    pattern = _PLAIN if form is Form.PLAIN else re.compile(re.escape(_GZIP if form is Form.GZIP else _ZSTD))
    at = start
    while at < file.size_bytes:
        window = file.read(at, min(at + _WINDOW_BYTES + _OVERLAP_BYTES, file.size_bytes))
        for found in pattern.finditer(window):
            if found.start() < _WINDOW_BYTES:
                yield at + found.start()
        at += _WINDOW_BYTES


def _gzip_member(file: ArchiveFile, start: int) -> Member | None:
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
    counted = _Counted()
    at = start
    while not inflater.eof:
        given = inflater.unconsumed_tail
        if not given:
            given = file.read(at, min(at + _STEP_BYTES, file.size_bytes))
            at += len(given)
            if not given:
                return None
        counted.add(inflater.decompress(given, _STEP_BYTES))
    return Member(at - len(inflater.unused_data), counted.size, counted.header)


def _zstd_frame(file: ArchiveFile, start: int) -> Member | None:
    end = _zstd_end(file, start)
    if end is None:
        return None
    counted = _Counted()
    with pa.CompressedInputStream(_Piecewise(_Range(file, start, end)), "zstd") as stream:
        while piece := stream.read(_STEP_BYTES):
            counted.add(piece)
    return Member(end, counted.size, counted.header)


def _zstd_end(file: ArchiveFile, start: int) -> int | None:
    """Where a frame ends, by the sizes of its blocks (RFC 8878, 3.1.1)."""
    head = file.read(start, min(start + 6, file.size_bytes))
    if len(head) < 6 or not head.startswith(_ZSTD):
        return None
    flags = head[4]
    is_single, dictionary = flags >> 5 & 1, (0, 1, 2, 4)[flags & 3]
    size = (1 if is_single else 0, 2, 4, 8)[flags >> 6]
    at = start + 5 + (1 - is_single) + dictionary + size
    is_last = False
    while not is_last:
        block = file.read(at, min(at + 3, file.size_bytes))
        if len(block) < 3:
            return None
        described = int.from_bytes(block, "little")
        is_last = bool(described & 1)
        at += 3 + (1 if described >> 1 & 3 == 1 else described >> 3)
    at += 4 if flags >> 2 & 1 else 0
    return at if at <= file.size_bytes else None


class _Counted:
    """How much was inflated, and how long the first header in it is."""

    def __init__(self) -> None:
        self.size = self.header = 0
        self._head = b""

    def add(self, piece: bytes) -> None:
        self.size += len(piece)
        if not self.header and len(self._head) < _STEP_BYTES:
            self._head += piece
            found = self._head.find(_HEADER_END)
            self.header = found + len(_HEADER_END) if found >= 0 else 0


class _Range:
    """The part of a file from `start` to `end`."""

    def __init__(self, file: ArchiveFile, start: int, end: int) -> None:
        self._file, self._start = file, start
        self.size_bytes = end - start

    def read(self, start: int, end: int) -> bytes:
        return self._file.read(self._start + start, self._start + min(end, self.size_bytes))


class _Piecewise:
    """A part of a file, as Arrow reads it."""

    def __init__(self, part: _Range) -> None:
        self._part, self._at = part, 0
        self.closed = False

    def read(self, size: int = -1) -> bytes:
        end = self._part.size_bytes if size < 0 else min(self._at + size, self._part.size_bytes)
        found = self._part.read(self._at, end) if end > self._at else b""
        self._at += len(found)
        return found

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        self.closed = True

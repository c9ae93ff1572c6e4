"""A WARC file to its records, those that are broken among them: what follows a broken one is found again."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any, BinaryIO, Final, cast

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from schemas.failure import Reason
from transforms.pages.warc.archive_file import ArchiveFile, ArchiveStream
from transforms.pages.warc.members import Form, begins_member, form_of, is_record, member_at, next_record
from transforms.web.settings import MIB

MOST_BLOCK_BYTES: Final = 33 * MIB
"""The longest record of which the content is read: the longest page that is fetched, and its headers."""
MOST_STUMBLES: Final = 10_000
"""So often reading goes on behind a broken record of one file."""
_MOST_METADATA_BYTES: Final = 4 * MIB
_END: Final = b"\r\n\r\n"
"""What follows each record."""
_HEAD_BYTES: Final = 512
_ANSWERS: Final = (WarcRecordType.response, WarcRecordType.revisit)
_PANIC: Final = "PanicException"
"""What a bug of fastwarc raises: it is written in Rust, and its exception is no `Exception`."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """The HTTP answer in a record: its head as sent, and its body, which may be coded still."""

    status: int | None
    status_line: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Record:
    """A whole record: its place in the file, and what its header says; texts are empty where that says nothing.

    `length` is None where the record cannot be read alone: it shares a compressed member with others. `answer` is set
    for HTTP responses that were wanted, and for revisits with a head; `block` for metadata. `refers_to` are address and
    date of the capture that a revisit repeats. `too_long` says that its content was not read for that.
    """

    offset: int
    length: int | None
    kind: str
    uri: str
    date: str
    ip_address: str | None = None
    is_http: bool = False
    record_id: str = ""
    concurrent_to: str = ""
    refers_to: tuple[str, str] = ("", "")
    content_bytes: int = 0
    answer: HttpAnswer | None = None
    block: bytes = b""
    too_long: bool = False


@dataclass(frozen=True, slots=True)
class Broken:
    """A record, or what stands in place of one, that cannot be read; and why."""

    offset: int
    reason: Reason
    why: str


Wanted = Callable[[Record], bool]
"""Whether the content of a response is read, by what its header says."""


_Some = Generator[Record | Broken, None, int | None]
"""Records, and then where to go on; None at the end of the file."""


def read_records(file: ArchiveFile, is_wanted: Wanted) -> Iterator[Record | Broken]:
    """Every record of a file in order, whatever its type, and a `Broken` in place of each that cannot be read.

    After one, reading goes on at the next record that can be found: the next compressed member that holds one, or in a
    plain file the next header that begins one; of the `MOST_STUMBLES`th the rest of the file is not read, since then it
    is no archive. One record is in memory at a time. Raises ArchiveError.
    """
    form = form_of(file) if file.size_bytes else Form.PLAIN
    start: int | None = 0
    stumbles = 0
    while start is not None and start < file.size_bytes:
        if stumbles == MOST_STUMBLES:
            yield Broken(start, Reason.BAD_RECORD, f"the {stumbles}th broken record; the rest of the file is not read")
            return
        start = yield from _some(file, start, form, is_wanted)
        stumbles += 1


def first_date(data: bytes) -> str | None:
    """The date of the first record that the beginning of a file holds; None if none can be read."""
    try:
        for raw in ArchiveIterator(BytesIO(data), parse_http=False):
            return raw.headers.get("WARC-Date")
    except BaseException as error:
        if not _is_of_parser(error):
            raise
    return None


def read_answer(data: bytes) -> tuple[str, HttpAnswer] | None:
    """Address and answer of the response that these bytes, a record or its compressed member, begin with; None if they
    do not."""
    try:
        for raw in ArchiveIterator(BytesIO(data), parse_http=False):
            record = _read(raw, 0, lambda _: True)
            return (record.uri, record.answer) if isinstance(record, Record) and record.answer else None
    except BaseException as error:
        if not _is_of_parser(error):
            raise
    return None


def _some(file: ArchiveFile, start: int, form: Form, is_wanted: Wanted) -> _Some:
    """The records from `start` until one is broken; returns where to go on, None at the end of the file."""
    stream = ArchiveStream(file, start)
    held: Record | None = None
    try:
        for raw in ArchiveIterator(cast(BinaryIO, stream), parse_http=False):
            at = start + raw.stream_pos
            if held is not None:
                yield held if held.length is None else replace(held, length=at - held.offset)
                held = None
            found = _read(raw, at, is_wanted)
            if isinstance(found, Broken):
                goes_on = next_record(file, at + 1, form)
                is_cut = goes_on is None and _stops_within(file, at, form)
                yield replace(found, reason=Reason.TRUNCATED) if is_cut else found
                return goes_on
            is_alone = form is Form.PLAIN or is_record(stream.near(at, _HEAD_BYTES), form)
            held = found if is_alone else replace(found, length=None)
    except BaseException as error:
        if stream.error is not None:
            raise stream.error from None
        if not _is_of_parser(error):
            raise
        why = str(error)[:200]
    else:
        if stream.error is not None:
            raise stream.error
        why = ""
    if held is None and not why:
        return None
    return (yield from _end(file, start, form, held, why))


def _end(file: ArchiveFile, start: int, form: Form, held: Record | None, why: str) -> _Some:
    """The last record before an error (`why`) or the end of the file, if it is whole; what is broken behind it; and
    where to go on."""
    if held is None:
        return (yield from _skip(file, start, form, why))
    if held.length is None:  # the member that it shares holds no record that is found again
        yield held
        if why:
            yield Broken(held.offset, Reason.BAD_RECORD, f"behind this record, in one compressed member with it: {why}")
        return next_record(file, held.offset + 1, form)
    end, misfit = _end_of(file, held, form)
    if misfit:
        yield Broken(held.offset, Reason.BAD_RECORD if why or form is Form.PLAIN else Reason.TRUNCATED, misfit)
        return next_record(file, held.offset + 1, form)
    yield replace(held, length=end - held.offset)
    rest = file.read(end, min(end + _HEAD_BYTES, file.size_bytes))
    if not rest.strip():
        return None if end + len(rest) >= file.size_bytes else end + len(rest)
    return (yield from _skip(file, end, form, why))


def _skip(file: ArchiveFile, at: int, form: Form, why: str) -> _Some:
    """What cannot be read at an offset, as broken; and where the next record begins. Without an error (`why`), or where
    nothing that is whole begins there and no record comes any more, the file stops there."""
    goes_on = next_record(file, at + 1, form)
    if not why or (goes_on is None and _stops_within(file, at, form)):
        yield Broken(at, Reason.TRUNCATED, "the file stops within this record")
    else:
        yield Broken(at, Reason.BAD_RECORD, f"no record can be read here: {why}")
    return goes_on


def _stops_within(file: ArchiveFile, at: int, form: Form) -> bool:
    """Whether a record begins at an offset that has no end in the file."""
    head = file.read(at, min(at + 2 * MIB, file.size_bytes))
    if form is Form.PLAIN:
        return is_record(head, form) and _END not in head
    return begins_member(head, form) and member_at(file, at, form) is None


def _end_of(file: ArchiveFile, held: Record, form: Form) -> tuple[int, str]:
    """Where a record ends by its own account, and how that differs from what the file holds, "" if it does not."""
    if form is Form.PLAIN:
        head = file.read(held.offset, min(held.offset + 2 * MIB, file.size_bytes))
        end = held.offset + head.find(_END) + len(_END) + held.content_bytes
        if end > file.size_bytes:
            return end, f"its Content-Length of {held.content_bytes} is more than the file holds"
        tail = file.read(end, min(end + len(_END), file.size_bytes))
        if tail.strip() and not tail.startswith(b"\r\n"):
            return end, f"its Content-Length of {held.content_bytes} is not where it ends"
        return end + len(tail) - len(tail.lstrip()), ""
    member = member_at(file, held.offset, form)
    if member is None:
        return held.offset, "its compressed member is broken or stops early"
    holds = member.holds - member.header
    if not held.content_bytes <= holds <= held.content_bytes + len(_END):
        return member.end, f"its Content-Length is {held.content_bytes}, and there are {holds} bytes"
    return member.end, ""


def _read(raw: WarcRecord, at: int, is_wanted: Wanted) -> Record | Broken:
    """One record as fastwarc gives it; its content is read only where it is wanted."""
    headers = raw.headers
    stated = headers.get("Content-Length")
    kind = headers.get("WARC-Type")
    if not kind or stated is None or not stated.strip().isdigit():
        lacks = "no WARC-Type" if not kind else "no Content-Length that is a number"
        return Broken(at, Reason.BAD_RECORD, f"the record's header has {lacks}")
    record = Record(
        offset=at,
        length=0,
        kind=kind.strip().lower(),
        uri=(headers.get("WARC-Target-URI") or "").strip().strip("<>"),
        date=(headers.get("WARC-Date") or "").strip(),
        ip_address=(headers.get("WARC-IP-Address") or "").strip() or None,
        is_http=bool(raw.is_http),
        record_id=(headers.get("WARC-Record-ID") or "").strip(),
        concurrent_to=(headers.get("WARC-Concurrent-To") or "").strip(),
        refers_to=_refers_to(headers),
        content_bytes=int(stated) if len(stated) < 16 else 1 << 60,
    )
    if raw.record_type == WarcRecordType.metadata and record.content_bytes <= _MOST_METADATA_BYTES:
        block = raw.reader.read()
        return replace(record, block=block) if len(block) == record.content_bytes else _cut(record, len(block))
    if raw.record_type not in _ANSWERS or not record.is_http or not is_wanted(record):
        return record
    if record.content_bytes > MOST_BLOCK_BYTES:
        return replace(record, too_long=True)
    try:
        raw.parse_http(quirks_mode=True)
    except OSError as error:
        return Broken(at, Reason.BAD_RECORD, f"the record's HTTP head cannot be read: {error}"[:300])
    left = raw.content_length
    body = raw.reader.read()
    if len(body) != left:
        return _cut(record, record.content_bytes - left + len(body))
    head = raw.http_headers
    answer = HttpAnswer(head.status_code, head.status_line_bytes or b"", tuple(head.items_bytes()), body)
    return replace(record, answer=answer)


def _is_of_parser(error: BaseException) -> bool:
    """Whether fastwarc could not read a record, or has a bug that the record's bytes bring out."""
    return isinstance(error, OSError) or type(error).__name__ == _PANIC


def _refers_to(headers: Any) -> tuple[str, str]:
    uri, date = headers.get("WARC-Refers-To-Target-URI"), headers.get("WARC-Refers-To-Date")
    return (uri.strip().strip("<>"), date.strip()) if uri and date else ("", "")


def _cut(record: Record, read: int) -> Broken:
    return Broken(record.offset, Reason.TRUNCATED, f"the record stops after {read} of {record.content_bytes} bytes")

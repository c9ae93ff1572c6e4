"""Reads one archive: its records become pages, which are stored, failures and counts. Plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import replace
from hashlib import blake2b
from typing import Final, NamedTuple, Protocol

from schemas.failure import Failure, InputKind, Reason, Stage
from schemas.feed import OF_FEED, SAID, FeedEntry
from schemas.page import Page
from schemas.run import FilePart
from transforms.common.clock import Now
from transforms.common.progress import Progress
from transforms.pages.haul import Flushing
from transforms.pages.warc.archive_file import ArchiveError, ArchiveFile, OpenArchive
from transforms.pages.warc.archive_work import ArchiveWork, GivenArchive
from transforms.pages.warc.feed_facts import Stated, nothing_stated, stated_before
from transforms.pages.warc.filters import HEAD_BYTES, Filters
from transforms.pages.warc.page_of_record import captured_us, head_of, is_of, page_of
from transforms.pages.warc.records import Broken, HttpAnswer, Record, read_answer, read_records
from transforms.web.errors import FetchError
from transforms.web.settings import MIB
from transforms.web.urls import BadUrl, url_key

FLUSHING: Final = Flushing(at_bytes=16 * MIB)
_KINDS: Final = frozenset(
    {"warcinfo", "response", "resource", "request", "metadata", "revisit", "conversion", "continuation"}
)
_MOST_PAGES: Final = 500
"""Pages of a file, also where they are small."""


class CapturedPages(Protocol):
    """What the lake knows of captures already."""

    def is_known(self, url_key: str, fetched_at_us: int) -> bool:
        """Whether the lake has this very capture."""
        ...

    def entries(self, url_keys: Sequence[str]) -> Mapping[str, FeedEntry]:
        """What feeds said of these pages, where it is known."""
        ...

    def is_forgotten(self, url: str) -> bool:
        """Whether the lake has forgotten this address, so that it must not come back."""
        ...


class PageStore(Protocol):
    """The store of pages."""

    def write(self, pages: Sequence[Page], chunk: str) -> list[FilePart]:
        """The files in which `pages` are stored, named by `chunk`; a file of the same name is replaced."""
        ...

    def check(self) -> None:
        """Raise if the run may no longer write here."""
        ...


class BytesAtHand(NamedTuple):
    """Takes the bytes of pages that have just been stored, by file, for a later step in this process; and forgets those
    of a file. Bytes that are not taken from there are read from the archive again."""

    keep: Callable[[str, dict[str, bytes]], None]
    forget: Callable[[str], None]


class Stored(NamedTuple):
    """Files that were stored, and the pages in them with their bytes."""

    files: list[FilePart]
    pages: list[Page]


class ArchiveReader:
    """Reads archives one after another; what becomes of their records is in `counts` and `failures`.

    A capture that the lake has, or that the run has read before, is known. Memory: the pages of one file, and of each
    capture of the run some hundred bytes.
    """

    def __init__(
        self, work: ArchiveWork, store: PageStore, known: CapturedPages, open_archive: OpenArchive, clock: Now
    ) -> None:
        self.counts: Counter[str] = Counter()
        self.failures: list[Failure] = []
        self._work = work
        self._store = store
        self._known = known
        self._open = open_archive
        self._clock = clock
        self._chunks = 0
        self._gathered: list[Page] = []
        self._gathered_bytes = 0
        self._captures: set[bytes] = set()
        self._places: dict[bytes, tuple[str, int, int]] = {}

    @property
    def captures(self) -> int:
        """How many pages were found so far, new or known: a run that goes on after a dead one stops where that did."""
        return self.counts["records.page"] + self.counts["records.known"]

    def read(self, archive: GivenArchive, progress: Progress) -> Iterator[Stored]:
        """The files in which an archive's pages are stored, each as soon as it is. Raises ArchiveError if the archive
        cannot be read (to its end); what was read of it until then is stored."""
        try:
            with closing(self._open(archive.warc_file)) as file:
                yield from self._records(archive.warc_file, file, progress)
        except ArchiveError:
            if self._gathered:
                yield self._flush()
            raise
        if self._gathered:
            yield self._flush()

    def fail(
        self,
        reason: Reason,
        message: str,
        kind: InputKind,
        tried: str,
        url: str | None = None,
        status: int | None = None,
    ) -> None:
        """Note a failure."""
        self.failures.append(
            Failure(
                stage=Stage.WARC,
                reason=reason,
                message=message,
                input_kind=kind,
                input=tried,
                failed_at_us=self._clock.now_us(),
                run_id=self._work.run.run_id,
                url_key=_key(url),
                status=status,
            )
        )

    def _records(self, name: str, file: ArchiveFile, progress: Progress) -> Iterator[Stored]:
        before: Record | None = None
        for found in read_records(file, self._is_wanted):
            self.counts["records"] += 1
            progress.reach(found.offset // MIB)
            if isinstance(found, Broken):
                self.counts["records.broken"] += 1
                self.fail(found.reason, found.why, InputKind.RECORD, f"{name}#{found.offset}")
            elif found.is_http and found.kind == "response":
                self._response(name, found, before, found.uri)
            elif found.is_http and found.kind == "revisit" and (whole := self._original_of(name, file, found)):
                self._response(whole.place, whole.record, before, found.refers_to[0])
            else:
                self.counts[f"other.{found.kind if found.kind in _KINDS else 'unknown'}"] += 1
            before = found if isinstance(found, Record) else None
            if self._is_due():
                yield self._flush()
        progress.reach(-(-file.size_bytes // MIB))

    def _is_wanted(self, record: Record) -> bool:
        """Whether a response's content is read: not where its header alone says that a filter leaves it out."""
        try:
            return self._left_out(record, record.uri) is None
        except (FetchError, BadUrl):
            return False

    def _left_out(self, record: Record, url: str) -> str | None:
        if self._known.is_forgotten(url):
            return "forgotten"
        captured = captured_us(record, self._work.run.started_at_us)
        return self._work.asked.filters.by_header(url, url_key(url), captured)

    def _response(self, name: str, record: Record, before: Record | None, uri_there: str) -> None:
        """Take a page, if it is wanted. `uri_there` is the address of the record at its place, a revisit's original."""
        self.counts["records.response"] += 1
        try:
            left_out = self._left_out(record, record.uri)
            if left_out is None:
                left_out = _by_language(self._work.asked.filters, record.answer)
            if left_out is not None:
                self.counts[f"filtered.{left_out}"] += 1
                return
            captured = captured_us(record, self._work.run.started_at_us)
            stated = stated_before(before, record) or nothing_stated(record.uri)
            page = page_of(record, stated, captured, self._work.run.run_id)
        except BadUrl as error:
            self._failed(name, record, FetchError(Reason.BAD_URL, str(error)))
        except FetchError as error:
            self._failed(name, record, error)
        else:
            length = record.length if is_of(page, uri_there) else None
            self._gather(replace(page, warc_file=name, warc_offset=record.offset, warc_length=length), stated)
            if record.length is not None:
                self._places[_place(record.uri, record.date)] = name, record.offset, record.length

    def _failed(self, name: str, record: Record, error: FetchError) -> None:
        self.counts["records.failed"] += 1
        message = f"{error.message} (record at {record.offset} of {name})"
        self.fail(
            error.reason, message, InputKind.PAGE, record.uri or f"{name}#{record.offset}", record.uri, error.status
        )

    def _gather(self, page: Page, stated: Stated) -> None:
        capture = bytes.fromhex(page.page_id)
        if capture in self._captures or self._known.is_known(page.url_key, page.fetched_at_us):
            self.counts["records.known"] += 1
            return
        self._captures.add(capture)
        self.counts["records.page"] += 1
        if not stated.is_ours:
            page = replace(page, entry_id="")  # asked for with the others of its file
        self._gathered.append(page)
        self._gathered_bytes += len(page.body) + len(page.entry_content_html or "")

    def _is_due(self) -> bool:
        if not self._gathered:
            return False
        return len(self._gathered) >= _MOST_PAGES or FLUSHING.is_due(self._chunks, self._gathered_bytes, 0.0)

    def _flush(self) -> Stored:
        self._store.check()
        unlisted = sorted({page.url_key for page in self._gathered if not page.entry_id})
        entries = self._known.entries(unlisted)
        pages = [page if page.entry_id else _with_entry(page, entries.get(page.url_key)) for page in self._gathered]
        self._gathered, self._gathered_bytes = [], 0
        kept = [page if self._is_kept(page) else replace(page, body=b"") for page in pages]
        files = self._store.write(kept, f"{self._chunks:05d}")
        self._chunks += 1
        return Stored(files, pages)

    def _is_kept(self, page: Page) -> bool:
        """Whether a page's bytes are stored: where the user wants it, or they cannot be had from the archive alone."""
        return self._work.asked.store_pages or page.warc_length is None

    def _original_of(self, name: str, file: ArchiveFile, revisit: Record) -> _Placed | None:
        """A revisit with the body of the capture that it repeats, which is then also where its bytes are; None if that
        capture was not read in this run, or left out."""
        found = self._places.get(_place(*revisit.refers_to))
        if found is None or not self._is_wanted(revisit):
            return None
        place, offset, length = found
        with nullcontext(file) if place == name else closing(self._open(place)) as archive:
            original = read_answer(archive.read(offset, offset + length))
        if original is None:
            return None
        answer = original[1]
        if revisit.answer is not None and revisit.answer.status:
            answer = replace(revisit.answer, body=answer.body)
        return _Placed(place, replace(revisit, offset=offset, length=length, answer=answer))


class _Placed(NamedTuple):
    """A record, and the archive in which its bytes are."""

    place: str
    record: Record


def _by_language(filters: Filters, answer: HttpAnswer | None) -> str | None:
    if not filters.languages or answer is None:
        return None
    stated = ",".join(value.decode("latin-1") for name, value in answer.headers if name.lower() == b"content-language")
    return filters.by_language(stated, b"" if stated.strip() else head_of(answer, HEAD_BYTES))


def _with_entry(page: Page, entry: FeedEntry | None) -> Page:
    """The page with what its feed said of it; without a feed its address is its entry's id."""
    if entry is None:
        return replace(page, entry_id=page.url)
    said = {f"entry_{name}": getattr(entry, name) for name in SAID}
    said |= {name: getattr(entry, name) for name in OF_FEED}
    return replace(page, entry_id=entry.entry_id, **said)


def _place(uri: str, date: str) -> bytes:
    return blake2b(f"{date} {uri}".encode(errors="replace"), digest_size=12).digest()


def _key(url: str | None) -> str | None:
    try:
        return url_key(url) if url else None
    except BadUrl:
        return None

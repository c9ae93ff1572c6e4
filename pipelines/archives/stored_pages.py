"""The stored pages of a run with their bytes, also of those that are kept by reference to a WARC file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Final

from pipelines.archives.open_archive import open_archive
from schemas.page import PAGES, LostPage, Page
from transforms.common.batches import batches
from transforms.lake.files.draft_files import DraftFiles
from transforms.pages.warc.archive_file import ArchiveError, ArchiveFile
from transforms.pages.warc.page_of_record import body_of, is_of
from transforms.pages.warc.read_archive import BytesAtHand
from transforms.pages.warc.records import read_answer
from transforms.web.errors import FetchError

_AT_HAND: Final[dict[str, dict[str, bytes]]] = {}
"""By page file and page id the bytes of pages that this process has just read and stored."""
_SPAN: Final = 4
"""Records are read at once with what lies between them, where that is no more than so many times their size."""


@dataclass(frozen=True, slots=True)
class StoredPages(DraftFiles):
    """The page files and draft files of one run; pages come with their bytes.

    The bytes of a page that is kept by reference are taken from the process that has just read it, else from its
    archive. Where that cannot be read any more, or holds something else there, the page is lost (`LostPage`).
    """

    def pages(self, path: str) -> Iterator[Page | LostPage]:
        """The pages of a page file; one row group is in memory at a time."""
        at_hand = _AT_HAND.get(path, {})
        return with_bytes(_from_hand(page, at_hand) for page in self.stored(path))


def with_bytes(pages: Iterable[Page]) -> Iterator[Page | LostPage]:
    """The pages in their order, those by reference with the bytes from their archive; a row group's are in memory."""
    for some in batches(pages, PAGES.row_group_rows):
        found = dict(_from_archives([page for page in some if is_by_reference(page)]))
        for page in some:
            yield found.get(page.page_id, page)


def is_by_reference(page: Page) -> bool:
    """Whether a page's bytes are in a WARC file and not in the lake."""
    return not page.body and page.warc_file is not None and page.warc_length is not None


def bytes_at_hand() -> BytesAtHand:
    """Where a step that has just stored pages leaves their bytes for the next one of its process."""
    return BytesAtHand(_keep, _forget)


def _keep(path: str, bodies: dict[str, bytes]) -> None:  # a function, since pickling a bound method copies its object
    _AT_HAND[path] = bodies


def _forget(path: str) -> None:
    _AT_HAND.pop(path, None)


def _from_hand(page: Page, at_hand: dict[str, bytes]) -> Page:
    return replace(page, body=at_hand[page.page_id]) if not page.body and page.page_id in at_hand else page


def _from_archives(pages: Sequence[Page]) -> Iterator[tuple[str, Page | LostPage]]:
    """The pages with their bytes, by page id; each archive is opened once, and read in its order."""
    for name in sorted({page.warc_file or "" for page in pages}):
        here = sorted((page for page in pages if page.warc_file == name), key=lambda page: page.warc_offset or 0)
        try:
            with closing(open_archive(name)) as file:
                for page, data in zip(here, _records(file, here), strict=True):
                    yield page.page_id, _read(page, data)
        except ArchiveError as error:
            yield from ((page.page_id, LostPage(page, error.message)) for page in here)


def _records(file: ArchiveFile, pages: Sequence[Page]) -> Iterator[bytes]:
    places = [(page.warc_offset or 0, page.warc_length or 0) for page in pages]
    first, last = places[0][0], max(offset + length for offset, length in places)
    if last - first <= _SPAN * sum(length for _, length in places):
        span = file.read(first, last)
        yield from (span[offset - first : offset - first + length] for offset, length in places)
    else:
        yield from (file.read(offset, offset + length) for offset, length in places)


def _read(page: Page, data: bytes) -> Page | LostPage:
    found = read_answer(data)
    where = f"at {page.warc_offset} of {page.warc_file}"
    if found is None or not is_of(page, found[0]):
        return LostPage(page, f"there is no such record {where}")
    try:
        return replace(page, body=body_of(found[1]))
    except FetchError as error:
        return LostPage(page, f"{error.message} ({where})")

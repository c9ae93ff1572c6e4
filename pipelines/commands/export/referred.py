"""Reads the bytes of pages that are kept by reference, from the WARC files of others."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pipelines.checks import SCHEMES
from schemas.page import Page
from transforms.archive.referred_page import MAX_BYTES, RecordError, payload_of
from transforms.lake.files.storage import Storage, StorageError


@dataclass(slots=True)
class Referred:
    """Pages with their bytes. Keeps the connection to the storage of the last file."""

    _storage: Storage | None = field(default=None, repr=False)

    def whole(self, page: Page) -> Page:
        """The page, its body from the WARC file where it is kept by reference.

        Raises RecordError, which says why, if it cannot be had.
        """
        if page.body or page.warc_file is None:
            return page
        if page.warc_offset is None or page.warc_length is None or page.warc_length > MAX_BYTES:
            raise RecordError("it is not said where the record stands, or it is too large")
        return replace(page, body=payload_of(page, self._bytes(page.warc_file, page.warc_offset, page.warc_length)))

    def _bytes(self, warc_file: str, offset: int, length: int) -> bytes:
        scheme, is_uri, _ = warc_file.partition("://")
        if is_uri and scheme.lower() not in SCHEMES:
            raise RecordError(f"{warc_file} is on the web, where an export asks nobody")
        folder, _, name = warc_file.rpartition("/")
        folder = folder or ("/" if warc_file.startswith("/") else ".")
        try:
            if self._storage is None or self._storage.root != folder:
                self._storage = Storage(folder, must_exist=True)
            with self._storage.open(name) as file:
                file.seek(offset)
                data: bytes = file.read(length)
        except FileNotFoundError:
            raise RecordError(f"{warc_file} is not there") from None
        except (StorageError, OSError, ValueError) as error:
            raise RecordError(f"{warc_file}: {str(error).partition(chr(10))[0]}") from error
        return data

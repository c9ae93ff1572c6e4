"""Writes WACZ files (Web Archive Collection Zipped, 1.1.1): WARC files with index and list of pages, in one zip."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from schemas.page import Page
from schemas.run import iso
from transforms.archive.page_records import target_uri
from transforms.archive.warc_files import Sink

WACZ_VERSION: Final = "1.1.1"
_INDEX = "indexes/index.cdx.gz"
_LINES: Final = 1024
"""Index lines in a gzip member, as in the files of py-wacz and Webrecorder: a reader fetches one such member."""
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)
"""The zip format's zero, so that two exports of the same pages are equal byte for byte."""


def page_line(page: Page, title: str | None) -> bytes:
    """The line of a page in the list of pages."""
    line = {"id": page.page_id, "url": target_uri(page), "ts": iso(page.fetched_at_us)}
    return _json_line(line | ({"title": title} if title else {}))


def pages_header() -> bytes:
    """The first line of the list of pages."""
    return _json_line({"format": "json-pages-1.0", "id": "pages", "title": "All pages"})


class _Entry:
    """A file of the zip that is being written, its checksum and size counted on the way."""

    def __init__(self, inner: IO[bytes]) -> None:
        self._inner = inner
        self.checksum = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes, /) -> int:
        self.checksum.update(data)
        self.size += len(data)
        return self._inner.write(data)

    def close(self) -> None:
        self._inner.close()


class WaczFile:
    """A WACZ file that is written front to back into `out`. First come the WARC files, one after another, then
    `finish`."""

    def __init__(self, out: IO[bytes], software: str) -> None:
        self._zip = ZipFile(out, "w")
        self._software = software
        self._resources: list[dict[str, Any]] = []
        self._open: tuple[str, _Entry] | None = None

    def begin_warc(self, name: str) -> Sink:
        """The WARC file `archive/<name>`, to write to; the one before is complete."""
        # Not compressed again, so that a reader gets a record by its offset from the zip.
        return self._begin(f"archive/{name}", ZIP_STORED)

    def finish(self, title: str, index_lines: Iterable[str], pages: IO[bytes]) -> None:
        """Write the index, its lines given in order; the list of pages; and what describes and closes the file."""
        blocks = [*self._write_index(iter(index_lines))]
        meta = json.dumps({"format": "cdxj-gzip-1.0", "filename": _INDEX.rpartition("/")[2]})
        self._put("indexes/index.idx", "\n".join([f"!meta 0 {meta}", *blocks, ""]).encode())
        pages.seek(0)
        shutil.copyfileobj(pages, self._begin("pages/pages.jsonl", ZIP_DEFLATED), 1 << 20)
        self._end()
        described = _json(
            {
                "profile": "data-package",
                "title": title,
                "wacz_version": WACZ_VERSION,
                "software": self._software,
                "resources": self._resources,
            }
        )
        self._put("datapackage.json", described)
        digest = f"sha256:{hashlib.sha256(described).hexdigest()}"
        self._put("datapackage-digest.json", _json({"path": "datapackage.json", "hash": digest}))
        self._zip.close()

    def close(self) -> None:
        """Let go of the file; what was not finished is worth nothing."""
        # Or zipfile would try it later, when nobody looks.
        with suppress(OSError, ValueError):
            if self._open is not None:
                self._open[1].close()
        with suppress(OSError, ValueError):
            self._zip.close()

    def _write_index(self, lines: Iterator[str]) -> Iterator[str]:
        """Write the index in members of `_LINES` lines; the line of each for the index of these members."""
        file, offset = self._begin(_INDEX, ZIP_STORED), 0
        while block := [*islice(lines, _LINES)]:
            member = gzip.compress("".join(f"{line}\n" for line in block).encode(), mtime=0)
            file.write(member)
            facts = {
                "offset": offset,
                "length": len(member),
                "digest": f"sha256:{hashlib.sha256(member).hexdigest()}",
                "filename": _INDEX.rpartition("/")[2],
            }
            yield f"{block[0].partition('{')[0]}{json.dumps(facts)}"
            offset += len(member)
        self._end()

    def _put(self, path: str, data: bytes) -> None:
        self._begin(path, ZIP_DEFLATED).write(data)
        self._end()

    def _begin(self, path: str, compression: int) -> _Entry:
        self._end()
        info = ZipInfo(path, _NO_TIME)
        info.compress_type = compression
        info.external_attr = 0o644 << 16
        entry = _Entry(self._zip.open(info, "w", force_zip64=True))
        self._open = path, entry
        return entry

    def _end(self) -> None:
        if self._open is None:
            return
        path, entry = self._open
        entry.close()
        self._open = None
        checksum = f"sha256:{entry.checksum.hexdigest()}"
        self._resources.append(
            {"name": path.rpartition("/")[2].lower(), "path": path, "hash": checksum, "bytes": entry.size}
        )


def _json(value: Any) -> bytes:
    return json.dumps(value, indent=2, ensure_ascii=False).encode()


def _json_line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"

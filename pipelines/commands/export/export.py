"""``newsbeam export``: writes the stored pages of a lake as WARC or WACZ files."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field

from pipelines.archives.stored_pages import with_bytes
from pipelines.checks import LOOK, CommandError
from pipelines.commands.export.archives import Archive, WaczArchive, WarcArchive
from pipelines.commands.export.new_files import NewFiles
from pipelines.commands.export.selected_pages import SelectedPages, Selection
from pipelines.given.lakes import lake_at, reading_lake
from pipelines.given.times import days_of, now_of
from pipelines.printable import json_text, plain
from schemas.page import Page
from transforms.archive.export_notes import ExportNotes
from transforms.archive.page_records import payload_digest, records_of, target_uri

_SHOWN = 20
"""So many pages that are left out are named, one a line; all are counted."""


@dataclass(slots=True)
class Exported:
    """What an export wrote: files, their bytes together, captures by kind; and how many pages were left out, whose
    bytes could not be had."""

    files: list[str] = field(default_factory=list)
    bytes: int = 0
    responses: int = 0
    revisits: int = 0
    left_out: int = 0


def export(given: argparse.Namespace) -> int:
    """0 after ``newsbeam export pages``; 3 if pages were left out.

    Raises UsageError if there is no lake or the file exists, CommandError if there is nothing to export or the lake
    cannot be read.
    """
    given.since, given.until = days_of(given.since, given.until, now_of(given))
    try:
        with reading_lake():
            pages = SelectedPages(lake_at(given.output), Selection(given.since, given.until, given.hosts))
            done = _export_pages(given, pages)
    except sqlite3.OperationalError as error:
        raise CommandError(f"cannot write the export's notes to the temporary folder: {error}") from error
    _show(done, given)
    return LOOK if done.left_out else 0


def _export_pages(given: argparse.Namespace, pages: SelectedPages) -> Exported:
    done = Exported()
    out, suffix = (given.warc, ".warc.gz") if given.warc is not None else (given.wacz, ".wacz")
    with NewFiles(out, suffix) as files, ExportNotes() as notes:
        if given.warc is None:
            notes.add_headlines(pages.headlines())
        with closing(_archive(given, files, notes)) as archive:
            for page in _with_bytes(pages.in_order(files.folder), done):
                digest = payload_digest(page.body)
                # An empty payload says nothing: it repeats no other.
                original = notes.original_of(digest, target_uri(page), page.fetched_at_us) if page.body else None
                records = records_of(page, digest, original)
                archive.add(page, digest, records)
                done.revisits += records.is_revisit
                done.responses += not records.is_revisit
            if not done.responses:
                raise CommandError(_nothing(given, done))
            archive.finish()
        kept = files.keep()
    done.files = [str(path) for path in kept]
    done.bytes = sum(path.stat().st_size for path in kept)
    return done


def _archive(given: argparse.Namespace, files: NewFiles, notes: ExportNotes) -> Archive:
    if given.warc is not None:
        return WarcArchive(files, given.max_file_mb)
    return WaczArchive(files, given.max_file_mb, notes)


def _with_bytes(pages: Iterator[Page], done: Exported) -> Iterator[Page]:
    """The pages with their bytes; those whose bytes cannot be had are counted, and told on standard error."""
    for page in with_bytes(pages):
        if isinstance(page, Page):
            yield page
            continue
        done.left_out += 1
        if done.left_out <= _SHOWN:
            print(plain(f"newsbeam export: left out {page.page.final_url}: {page.why}"), file=sys.stderr)


def _nothing(given: argparse.Namespace, done: Exported) -> str:
    """Why there is nothing to export."""
    if done.left_out:
        return f"nothing to export: the bytes of all {done.left_out} page(s) are in files that cannot be read"
    among = [f"since {given.since}"] if given.since else []
    among += [f"before {given.until}"] if given.until else []
    among += [f"of {', '.join(sorted(given.hosts))}"] if given.hosts else []
    return f"nothing to export: {given.output} has no stored page {' '.join(among)}".rstrip()


def _show(done: Exported, given: argparse.Namespace) -> None:
    if given.json:
        print(json_text({"output": given.output, **asdict(done)}, sort_keys=True))
        return
    for path in done.files:
        print(plain(path))
    kinds = f"{done.responses} response(s), {done.revisits} revisit(s)"
    print(f"{done.responses + done.revisits} page(s), {kinds}, {done.bytes / 1e6:.1f} MB in {len(done.files)} file(s).")
    if done.left_out:
        print(f"{done.left_out} page(s) left out: their bytes are kept by reference, in files that cannot be read.")

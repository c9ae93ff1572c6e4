"""The edition of a lake in which addresses and domains are forgotten, in all tables and all state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import pyarrow as pa

from schemas.article import ARTICLES, RemovalReason
from schemas.forgotten import FORGOTTEN, ForgottenAddress, ForgottenKind, RowsGone
from schemas.page import PAGES
from schemas.run import FilePart, RunManifest
from schemas.site import SITES
from schemas.table import Table
from schemas.tables import DATA, SNAPSHOTS, STATE
from transforms.common.progress import Progress
from transforms.lake.committed import Committed, committed
from transforms.lake.editions.edition import Edition, open_edition
from transforms.lake.files.layout import edition_shard, forgets_path
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import Storage
from transforms.lake.forget.asked import ToForget
from transforms.lake.forget.find import Found, find, goes
from transforms.lake.forget.finish import finish_forgetting
from transforms.lake.forget.naming import NAMING
from transforms.lake.forget.record import COMMAND, as_setting, read_record
from transforms.lake.forget.sieve import SiteHashes, is_touched, sieved, without_lines
from transforms.lake.merged.merge_parts import newest_of_sites
from transforms.lake.recover import recover
from transforms.web.forgotten import Forgotten
from transforms.web.urls import host_of, name_of

TABLES: Final[tuple[Table[Any], ...]] = tuple(table for table in (*DATA, *STATE) if table.name in NAMING)


@dataclass
class Forgetting:
    """What goes: rows by table, files that are written anew, and pages that lie in WARC files outside of the lake."""

    rows: Counter[str] = field(default_factory=Counter)
    changed: dict[str, list[str]] = field(default_factory=dict)
    """The files that hold a row that goes or is changed, by table."""
    by_reference: int = 0


def forget(
    storage: Storage,
    generation: int,
    now_us: int,
    asked: Sequence[ToForget],
    reason: str | None,
    site_hashes: SiteHashes,
) -> tuple[RunManifest, Forgetting]:
    """Take everything of these addresses and domains out of the lake, in one edition without grace.

    Only files that hold something of them are written anew; the others stay as they are. Call it under the lock of
    `generation`. Killed before the edition is committed, it has not happened; killed after that, readers see the new
    files only, and the next run or call deletes what is left (`finish_forgetting`).
    """
    finish_forgetting(storage, now_us)
    recover(storage)
    reader, held = PartReader(storage), committed(storage)
    found, what = look(reader, held, asked)
    lines = _lines_of_sites(reader, found, what, site_hashes)
    with open_edition(storage, generation, COMMAND, now_us) as opened:
        edition = opened
        writing = _Writing(edition, reader, held, found, lines)
        for table in TABLES:
            writing.table(table, what.changed.get(table.name, []))
        rows = _record(edition, now_us, asked, reason, found, what, read_record(storage))
        writing.add(FORGOTTEN, edition.writer.write(FORGOTTEN, rows, edition_shard(writing.number)))
        edition.counts[f"built.{FORGOTTEN.name}"] = len(rows)
        storage.put(forgets_path(edition.edition_id), b"{}\n")
        edition = replace(edition, settings=as_setting(rows))
        manifest = edition.commit(writing.files, writing.replaced, now_us, at_once=True)
    finish_forgetting(storage, now_us)
    return manifest, what


def look(reader: PartReader, held: Committed, asked: Sequence[ToForget]) -> tuple[Found, Forgetting]:
    """What is to be forgotten, and where it stands; changes nothing."""
    keys = frozenset(one.key for one in asked if one.kind == ForgottenKind.URL)
    domains = frozenset(one.key for one in asked if one.kind == ForgottenKind.DOMAIN)
    hosts = frozenset(name_of(host_of(one.text)) for one in asked if one.kind == ForgottenKind.URL)
    found, what = find(reader, held, Forgotten(keys, domains, hosts)), Forgetting()
    progress = Progress("files", "look", sum(len(held.parts(table)) for table in TABLES))
    for table in TABLES:
        names, parts = NAMING[table.name].columns(table), held.parts(table)
        for path in parts:
            rows = reader.columns(path, names)
            progress.step()
            is_sites = table is SITES and bool(found.articles)  # the lines of an article stand there without its name
            if not (is_sites or is_touched(found, table, rows)):
                continue
            what.changed.setdefault(table.name, []).append(path)
            if table not in SNAPSHOTS or path == parts[-1]:
                gone = goes(found, table, rows)
                what.rows[table.name] += sum(gone.to_pylist())
                if table is PAGES:
                    kept_elsewhere = reader.columns(path, ["warc_file"])
                    if "warc_file" in kept_elsewhere.column_names:
                        files = kept_elsewhere.column("warc_file").filter(gone)
                        what.by_reference += len(files) - files.null_count
    what.rows = +what.rows
    return found, what


def _lines_of_sites(reader: PartReader, found: Found, what: Forgetting, site_hashes: SiteHashes) -> dict[str, set[int]]:
    """The hashes that the memories of sites have of the articles that go, by site."""
    lines: dict[str, set[int]] = {}
    names = (*NAMING[ARTICLES.name].columns(ARTICLES), "article_body", "removed")
    for path in what.changed.get(ARTICLES.name, []):
        rows = reader.columns(path, names)
        for row in rows.filter(goes(found, ARTICLES, rows)).to_pylist():
            furniture = [one["text"] for one in row["removed"] or () if one["reason"] == RemovalReason.SITE]
            text = "\n".join([row["article_body"], *furniture])
            lines.setdefault(row["publisher_domain"], set()).update(site_hashes(row["article_id"], text))
    return lines


class _Writing:
    """Writes the files of an edition that forgets, and counts their rows."""

    def __init__(
        self, edition: Edition, reader: PartReader, held: Committed, found: Found, lines: dict[str, set[int]]
    ) -> None:
        self.files: list[FilePart] = []
        self.replaced: list[str] = []
        self.number = 0
        self._edition = edition
        self._reader = reader
        self._held = held
        self._found = found
        self._lines = lines

    def table(self, table: Table[Any], changed: Sequence[str]) -> None:
        """Replace the files of a table that are changed; of snapshots and sites all, as the newest row counts."""
        if not changed:
            return
        parts = self._held.parts(table)
        if table in SNAPSHOTS:
            self._replace(table, parts[-1:], parts)
        elif table is SITES:
            self._replace(table, parts, parts)
        else:
            for path in changed:
                self._replace(table, [path], [path])

    def add(self, table: Table[Any], part: FilePart) -> None:
        """Count a file as written; a file of a table for readers only if it has a row."""
        if part.rows or not table.partition:
            self.files.append(part)
        else:
            self._edition.storage.delete(part.path)
        self.number += 1

    def _replace(self, table: Table[Any], read: Sequence[str], replaced: Sequence[str]) -> None:
        edition = self._edition
        partition = replaced[0].split("/")[1].partition("=")[2] if table.partition else ""
        pieces, shard = self._pieces(table, read), edition_shard(self.number)
        if table.partition:
            part = edition.writer.write_sorted(table, pieces, shard, partition)
        else:
            part = edition.writer.write_pieces(table, pieces, shard)
        before = sum(self._reader.row_count(path) for path in replaced)
        edition.counts.update(
            {
                f"replaced.{table.name}": before,
                f"kept.{table.name}": part.rows,
                f"dropped.{table.name}": before - part.rows,
            }
        )
        self.add(table, part)
        self.replaced += replaced

    def _pieces(self, table: Table[Any], paths: Sequence[str]) -> Iterator[pa.Table]:
        newest = newest_of_sites(self._reader, paths) if table is SITES else None
        for path in paths:
            for piece in self._reader.batches(table, path):
                if newest is None:
                    yield sieved(self._found, table, piece)
                else:
                    rows = piece.filter(pa.array(newest(path, piece)))
                    yield without_lines(sieved(self._found, table, rows), self._lines)


def _record(
    edition: Edition,
    now_us: int,
    asked: Sequence[ToForget],
    reason: str | None,
    found: Found,
    what: Forgetting,
    known: Sequence[ForgottenAddress],
) -> list[ForgottenAddress]:
    """The rows of the record: what was asked for, and by their keys alone the other addresses that went with it."""
    gone = tuple(RowsGone(table, rows) for table, rows in sorted(what.rows.items()))
    rows = {
        one.key: ForgottenAddress(one.key, one.kind, one.text, now_us, reason, gone, edition.edition_id)
        for one in asked
    }
    others = found.forgotten.keys - rows.keys() - {row.key for row in known}
    for key in sorted(others):
        rows[key] = ForgottenAddress(key, ForgottenKind.URL, None, now_us, reason, (), edition.edition_id)
    return list(rows.values())

"""Deletes what is left after something was forgotten: replaced files, drafts, pages of dead runs, damaged files."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from schemas.page import PAGES
from schemas.table import Table
from schemas.tables import DATA, STATE
from transforms.lake.committed import committed, goes_at_once
from transforms.lake.editions.edition import delete_replaced
from transforms.lake.feed_orders import forget_orders
from transforms.lake.files.draft_files import delete_drafts
from transforms.lake.files.layout import (
    DAMAGED,
    PIECES,
    REPLACED,
    is_piece,
    run_ids,
    run_of,
    shard_of,
    table_folder,
)
from transforms.lake.files.manifests import delete_part
from transforms.lake.files.parts import PartReader, PartWriter
from transforms.lake.files.storage import DamagedPartError, Storage
from transforms.lake.forget.find import Found, goes
from transforms.lake.forget.naming import NAMING
from transforms.lake.forget.record import as_forgotten, forgotten_in, from_manifests
from transforms.lake.push.subscription_file import forget_subscriptions
from transforms.lake.views import write_views
from transforms.web.forgotten import Forgotten


def finish_forgetting(storage: Storage, now_us: int) -> None:
    """Delete what an edition that forgets has left, if there is one; call it under the lock, before `recover`.

    The list of replaced files goes last: while it is there, this is not done. Files outside of the committed tables
    cannot be replaced by an edition: page files of runs that died are written anew in their place, other files that no
    run has committed are deleted if they hold something, and so are damaged files that cannot be read.
    """
    urgent = [edition for edition in run_ids(storage.list(REPLACED)) if goes_at_once(storage, edition)]
    if urgent and frozenset(urgent) & frozenset(committed(storage).editions):
        write_views(committed(storage))  # which name the files that go
        found = Found(_record_of(storage))
        delete_drafts(storage)
        for path in filter(is_piece, storage.list(PIECES)):
            storage.delete(path)
        for table in DATA:
            _clean_table(storage, found, table)
        _delete_loose_state(storage)
        _clean_damaged(storage, found)
        forget_orders(storage, found.forgotten)
        forget_subscriptions(storage, found.forgotten)
        delete_replaced(storage, now_us, None)


def _record_of(storage: Storage) -> Forgotten:
    try:
        return forgotten_in(storage)
    except DamagedPartError:  # which is rebuilt later
        return as_forgotten(list(from_manifests(storage, committed(storage))))


def _clean_table(storage: Storage, found: Found, table: Table[Any]) -> None:
    """Take what is forgotten out of the files of a table that no run has committed."""
    held = committed(storage)
    counted = frozenset(held.parts(table)) | held.replaced
    for path in [path for path in storage.list(table.name) if run_of(path) is not None and path not in counted]:
        if not _holds(storage, found, table, path):
            continue
        if table is PAGES:
            _write_without(storage, found, path)
        else:
            storage.delete(path)


def _delete_loose_state(storage: Storage) -> None:
    """Delete the files of the state that no run has committed: nobody reads them."""
    held = committed(storage)
    for table in STATE:
        counted = frozenset(held.parts(table)) | held.replaced
        for path in list(storage.list(table_folder(table))):
            if run_of(path) is not None and path not in counted:
                delete_part(storage, path)


def _holds(storage: Storage, found: Found, table: Table[Any], path: str) -> bool:
    """Whether a file holds a forgotten row; also True if it cannot be read."""
    try:
        rows = PartReader(storage).columns(path, NAMING[table.name].columns(table))
        PartReader(storage).columns(path, table.schema.names)
        return any(goes(found, table, rows).to_pylist())
    except (DamagedPartError, OSError, pa.ArrowException):
        return True


def _write_without(storage: Storage, found: Found, path: str) -> None:
    """Write a page file of a dead run anew under its name, or delete it if nothing is left or it cannot be read."""
    reader = PartReader(storage)
    try:
        pieces = [piece.filter(_stays(found, piece)) for piece in reader.batches(PAGES, path)]
    except DamagedPartError:
        pieces = []
    if not sum(piece.num_rows for piece in pieces):
        storage.delete(path)
        return
    writer = PartWriter(storage, run_of(path) or "")
    writer.write_sorted(PAGES, iter(pieces), shard_of(path) or "", path.split("/")[1].partition("=")[2])


def _stays(found: Found, rows: pa.Table) -> pa.Array:
    return pa.array([not gone for gone in goes(found, PAGES, rows).to_pylist()], pa.bool_())


def _clean_damaged(storage: Storage, found: Found) -> None:
    """Delete files that repair put aside: those that hold a forgotten row, and those that nobody can read to see."""
    by_name = {table.name: table for table in DATA}
    for path in storage.list(DAMAGED):
        table = by_name.get(path.removeprefix(f"{DAMAGED}/").partition("/")[0])
        if table is not None and _holds(storage, found, table, path):
            storage.delete(path)

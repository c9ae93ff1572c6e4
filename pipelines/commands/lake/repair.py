"""``newsbeam repair``: compares the whole lake with its manifests, and mends or puts aside damaged files."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from pipelines.checks import LOCKED, LOOK, CommandError
from pipelines.given.lakes import lake_at, runs_of
from pipelines.logs import shown_progress
from pipelines.printable import json_text, plain
from pipelines.run.lost_state.rebuild_state import rebuild_state
from schemas.article import ARTICLES
from schemas.run import FilePart, RunManifest, iso, started_us
from schemas.table import Table
from schemas.tables import DATA, STATE
from transforms.lake.committed import committed, replaced_by
from transforms.lake.feed_orders import mend_orders
from transforms.lake.files.layout import DAMAGED, OWN_FOLDERS, VIEWS_FILE, is_merged, run_of, table_folder
from transforms.lake.files.lock import LakeGoneError, LakeLockedError, lake_lock
from transforms.lake.files.manifests import delete_part, read_note
from transforms.lake.files.parts import PartReader, checksum_of
from transforms.lake.files.storage import DamagedPartError, Storage, StorageError
from transforms.lake.forget.finish import finish_forgetting
from transforms.lake.verify.examine import Examination, examine
from transforms.lake.verify.trouble import Kind, Trouble
from transforms.lake.views import write_views


@dataclass(frozen=True, slots=True)
class Finding:
    """A damaged or missing file: what was found, what was done, and what is lost for good (None: nothing)."""

    path: str
    found: str
    done: str
    lost: str | None = None
    is_mended: bool = True


def repair(given: argparse.Namespace) -> int:
    """The exit status of checking and mending: 0 if all is whole or mended, 3 if something is lost or cannot be
    mended, 75 if locked.

    Raises CommandError (status 1) if the lake cannot be read or written, and UsageError without a committed run.
    """
    storage = lake_at(given.output)
    try:
        runs_of(storage, given.output)
        with shown_progress(), lake_lock(storage, "repair"):
            findings = list(mend(storage, time.time_ns() // 1000))
    except LakeLockedError as error:
        print(f"newsbeam repair: {plain(str(error))}", file=sys.stderr)
        return LOCKED
    except (StorageError, LakeGoneError, DamagedPartError) as error:
        raise CommandError(str(error)) from error
    _show(findings, given)
    return LOOK if any(finding.lost or not finding.is_mended for finding in findings) else 0


def mend(storage: Storage, now_us: int) -> Iterator[Finding]:
    """Everything that is wrong with a lake; each finding is mended as far as possible before it is yielded.

    Call it under the lock. Data comes first, so that state is rebuilt from what can be read. If it is killed, the next
    call goes on.
    """
    storage.sweep()
    finish_forgetting(storage, now_us)
    examined = examine(storage)
    for trouble in examined.troubles():
        if trouble.kind is not Kind.STATE:
            yield _mended(storage, examined, trouble)
    for rebuilt in rebuild_state(storage, examined.check, now_us):
        yield Finding(rebuilt.damage.path, rebuilt.damage.why, rebuilt.cost, rebuilt.lost)
    if (orders := mend_orders(storage)) is not None:
        yield Finding(orders, "it cannot be read", "the orders before it stand again", "orders for feeds")
    if storage.exists(VIEWS_FILE):  # not before all files are where they stay
        write_views(committed(storage))


def _mended(storage: Storage, examined: Examination, trouble: Trouble) -> Finding:
    path, what, table = trouble.path, trouble.what, trouble.table
    if trouble.kind is Kind.MANIFEST:
        run_id = next(one for one in examined.check.damaged_manifests if examined.check.manifest_path(one) == path)
        return _mend_manifest(storage, run_id, path)
    if table is not None and trouble.kind is Kind.MISSING:
        return Finding(path, what, "nothing", f"{trouble.rows} rows of {table.name}")
    if table is not None and trouble.kind is Kind.DAMAGED:
        return _put_aside(storage, table, path, what, f"{_number(trouble.rows)}rows of {table.name}")
    if table is not None and trouble.kind is Kind.ORPHAN and table.partition:
        return _put_aside(storage, table, path, what, None)
    if trouble.kind is Kind.VIEWS:
        return Finding(path, what, "written anew")
    if trouble.kind in (Kind.ORPHAN, Kind.REPLACED):
        delete_part(storage, path)
        return Finding(path, what, "deleted")
    return Finding(path, what, "nothing: it cannot be mended", is_mended=False)


def _number(rows: int | None) -> str:
    return "" if rows is None else f"{rows} "


def _put_aside(storage: Storage, table: Table[Any], path: str, why: str, lost: str | None) -> Finding:
    storage.put(f"{DAMAGED}/{path}", storage.get(path))
    storage.delete(path)
    return Finding(path, why, f"put aside in {DAMAGED}/, so that the rest of {table.name} can be read", lost)


def _mend_manifest(storage: Storage, run_id: str, path: str) -> Finding:
    """The finding on a damaged manifest, which is replaced by one made from the files of its run or edition.

    Its counts, its settings and the list of pages that a run took over are lost.
    """
    parts = [
        _measured(storage, part)
        for folder in OWN_FOLDERS
        for part in storage.list(folder)
        if run_of(part) == run_id and not is_merged(part)
    ]
    rows: dict[str, int] = {}
    for part in parts:
        rows[part.table] = rows.get(part.table, 0) + part.rows
    at = iso(started_us(run_id))
    counts = {f"rows.{table}": n for table, n in rows.items()}
    manifest = RunManifest(run_id, "repair", at, at, {}, {}, counts, {}, tuple(sorted(parts)), tables=rows)
    storage.put(path, replace(manifest, replaced=tuple(replaced_by(storage, run_id))).to_json())
    return Finding(path, "it cannot be read", "made anew from the run's files", "the run's counts and settings")


def _measured(storage: Storage, path: str) -> FilePart:
    """A part as it is now, with 0 rows if it cannot be read; damaged state is rebuilt later."""
    table = next(
        one for one in (*DATA, *STATE) if path.startswith(f"{one.name if one.partition else table_folder(one)}/")
    )
    note = read_note(storage, path)
    if note is not None:
        return note
    data = storage.get(path)
    try:
        rows = PartReader(storage).row_count(path)
    except DamagedPartError:
        rows = 0
    return FilePart(table.name, path, rows, len(data), checksum_of(data))


def _show(findings: list[Finding], given: argparse.Namespace) -> None:
    lost = [finding for finding in findings if finding.lost]
    if given.json:
        shown = {"output": given.output, "findings": [asdict(one) for one in findings], "lost": len(lost)}
        print(json_text(shown, sort_keys=True))
        return
    for one in findings:
        print(plain(f"{one.path}: {one.found}; {one.done}" + (f"; lost: {one.lost}" if one.lost else "")))
    if any(one.lost and one.path.startswith(f"{ARTICLES.name}/") for one in findings):
        again = f"newsbeam rebuild --output {given.output}"
        print(plain(f"Articles whose pages are still kept come back by: {again}"))
    if not findings:
        print("The lake is whole.")
    else:
        print(
            f"{len(findings)} finding(s); {f'of {len(lost)} of them something is lost' if lost else 'nothing is lost'}."
        )

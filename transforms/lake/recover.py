"""Cleans up after runs that died: adopts their page files and draft files that are whole, deletes the rest."""

from __future__ import annotations

import json
from dataclasses import dataclass

from schemas.draft import DRAFTS
from schemas.page import PAGES
from schemas.run import FilePart, ManifestError
from transforms.lake.files.check_parts import trouble_reading
from transforms.lake.files.draft_files import delete_drafts
from transforms.lake.files.layout import (
    EDITIONS,
    OPEN_RUNS,
    OWN_FOLDERS,
    PIECES,
    RUNS,
    STATE,
    edition_path,
    forgets_path,
    is_of_edition,
    is_piece,
    manifest_path,
    open_path,
    replaced_path,
    run_ids,
    run_of,
    table_folder,
)
from transforms.lake.files.manifests import read_manifest
from transforms.lake.files.parts import PartReader, checksum_of
from transforms.lake.files.storage import Storage


@dataclass(frozen=True, slots=True)
class Recovery:
    """What a run takes over from runs that died: their page parts, their ids, and the paths of their draft files."""

    adopted: tuple[FilePart, ...] = ()
    dead_runs: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()


def known_runs(storage: Storage) -> list[str]:
    """The ids of all runs and editions that have begun, committed or not, in order; a new id must be later than all.

    Otherwise a run could get the id of a dead run, and would overwrite the pages that it adopts.
    """
    return sorted({run_id for folder in (RUNS, EDITIONS, OPEN_RUNS) for run_id in run_ids(storage.list(folder))})


def begin_run(storage: Storage, run_id: str) -> None:
    """Write a run's marker, before the run writes anything else. Raises StorageError if the lake is not writable."""
    storage.check_folders()
    storage.put(open_path(run_id), json.dumps({"run_id": run_id}).encode())


def recover(storage: Storage) -> Recovery:
    """What dead runs left that can be used; deletes the rest. Call it under the lock, before `begin_run`.

    The markers of dead runs stay until a later run has committed (`end_run`): if the adopting run dies too, the next
    run adopts their pages again. Pages that a committed run adopted are not adopted again, even if that run was killed
    before `end_run`. A page file that cannot be read to its end is deleted, and its pages are fetched again. Only files
    and folders that are ours by place and name are touched.
    """
    storage.sweep((STATE, RUNS, EDITIONS))
    begun = set(run_ids(storage.list(OPEN_RUNS)))
    committed = {run_id for run_id in begun if _has_happened(storage, run_id)}
    taken_over = {run for run_id in committed for run in _taken_over(storage, run_id)} & begun
    for run_id in sorted(taken_over) + sorted(committed):  # the committed runs' markers last, as in `end_run`
        storage.delete(open_path(run_id))
    dead = begun - committed - taken_over
    delete_drafts(storage, keep=frozenset(dead))
    for path in filter(is_piece, storage.list(PIECES)):  # of runs on a cluster
        storage.delete(path)
    if not dead:
        return Recovery()
    for run_id in dead:
        storage.delete(replaced_path(run_id))  # of an edition that has not happened
        storage.delete(forgets_path(run_id))
    adopted, drafts = [], []
    for path in (path for folder in OWN_FOLDERS for path in storage.list(folder)):
        if run_of(path) not in dead:
            continue
        if (
            path.startswith(f"{PAGES.name}/")
            and not is_of_edition(path)
            and (part := whole_pages(storage, path)) is not None
        ):
            adopted.append(part)
        elif path.startswith(f"{table_folder(DRAFTS)}/") and trouble_reading(storage, DRAFTS, path) is None:
            drafts.append(path)
        else:
            storage.delete(path)
    storage.sweep()
    return Recovery(tuple(adopted), tuple(sorted(dead)), tuple(drafts))


def _has_happened(storage: Storage, run_id: str) -> bool:
    return any(storage.exists(path(run_id)) for path in (manifest_path, edition_path))


def whole_pages(storage: Storage, path: str) -> FilePart | None:
    """A page part, described from its footer and bytes; None if it cannot be read to its end."""
    if trouble_reading(storage, PAGES, path) is not None:
        return None
    data = storage.get(path)
    return FilePart(PAGES.name, path, PartReader(storage).row_count(path), len(data), checksum_of(data))


def _taken_over(storage: Storage, run_id: str) -> set[str]:
    """The dead runs whose pages a committed run adopted.

    If that run's manifest is damaged, none are known. Their pages are then built again, and their articles are found
    to be unchanged.
    """
    if not storage.exists(manifest_path(run_id)):
        return set()  # an edition
    try:
        manifest = read_manifest(storage, run_id)
    except ManifestError:
        return set()
    return {run for part in manifest.adopted if (run := run_of(part.path)) is not None}


def end_run(storage: Storage, run_id: str, recovery: Recovery) -> None:
    """Delete the markers of a committed run and of the dead runs that it cleaned up after."""
    for done in (*recovery.dead_runs, run_id):
        storage.delete(open_path(done))

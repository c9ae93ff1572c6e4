"""An edition of the lake: new files that take the place of others, for readers in the instant its manifest is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from schemas.run import FilePart, ManifestError, RunManifest, from_us, iso, new_run_id
from transforms.lake.accounts import AccountsError
from transforms.lake.committed import goes_at_once, replaced_by, switching, write_replaced
from transforms.lake.files.layout import (
    EDITIONS,
    REPLACED,
    STATE,
    edition_path,
    open_path,
    replaced_path,
    run_ids,
    run_of,
)
from transforms.lake.files.lock import check_lock
from transforms.lake.files.manifests import delete_part, read_edition
from transforms.lake.files.parts import PartWriter
from transforms.lake.files.storage import Storage
from transforms.lake.recover import begin_run, known_runs

GRACE_S: Final = 900.0
"""How long replaced files stay by default, for readers that have begun: longer than most queries take."""


@dataclass(frozen=True)
class Edition:
    """An edition under way. Its parts do not count before `commit`; if it is killed before, the next run deletes them.

    `counts` has for each table that it touches the rows of the files that it replaces (``replaced.TABLE``), those of
    them that stay (``kept.…``) and those that go (``dropped.…``), and rows that were not there before (``built.…``).
    """

    storage: Storage
    edition_id: str
    generation: int
    command: str
    settings: Mapping[str, Any]
    counts: Counter[str] = field(default_factory=Counter)
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def writer(self) -> PartWriter:
        """Writes the edition's parts, whose shards are named by `edition_shard`."""
        return PartWriter(self.storage, self.edition_id, self.generation)

    def commit(
        self, files: Sequence[FilePart], replaced: Sequence[str], now_us: int, at_once: bool = False
    ) -> RunManifest:
        """Switch: from now on `files` count and `replaced` do not. `at_once`: replaced files have no grace.

        The manifest also names the state parts that earlier editions replaced by parts which this one replaces: of a
        chain of editions only the last has parts that lead a reader to its manifest. Raises AccountsError if a row was
        lost or counted twice, and LockLostError if another run has taken over.
        """
        rows: Counter[str] = Counter()
        for part in files:
            rows[part.table] += part.rows
        if wrong := unequal_sums(self.counts, rows):
            raise AccountsError(f"the edition does not add up: {'; '.join(wrong)}")
        manifest = RunManifest(
            run_id=self.edition_id,
            command=self.command,
            started_at=iso_of(self.edition_id),
            finished_at=iso(now_us),
            settings=dict(self.settings),
            versions=dict(self.versions),
            counts=dict(sorted(self.counts.items())),
            reasons={},
            files=tuple(sorted(files)),
            tables=dict(sorted(rows.items())),
            replaced=tuple(sorted({*replaced, *_replaced_before(self.storage, replaced)})),
        )
        check_lock(self.storage, self.generation, thoroughly=True)
        write_replaced(self.storage, self.edition_id, replaced, at_once)
        self.storage.put(edition_path(self.edition_id), manifest.to_json())
        self.storage.delete(open_path(self.edition_id))
        return manifest


def iso_of(edition_id: str) -> str:
    """The start of a run or an edition, which its id states, as in manifests."""
    return datetime.strptime(edition_id, "%Y%m%dT%H%M%S.%f%z").strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@contextmanager
def open_edition(
    storage: Storage,
    generation: int,
    command: str,
    now_us: int,
    settings: Mapping[str, Any] | None = None,
    versions: Mapping[str, str] | None = None,
) -> Iterator[Edition]:
    """Begin an edition under the lock of `generation`. Where it is not committed, the next run deletes its parts.

    Its manifest names the `versions` of what made its rows, where they were made anew.
    """
    known = known_runs(storage)
    edition_id = new_run_id(now_us, known[-1] if known else None)
    begin_run(storage, edition_id)
    yield Edition(storage, edition_id, generation, command, settings or {}, versions=versions or {})


def _replaced_before(storage: Storage, replaced: Sequence[str]) -> set[str]:
    """The state parts that editions have replaced by some of these paths, in the same tables."""
    state = [path for path in replaced if path.startswith(f"{STATE}/")]
    folders = {path.rpartition("/")[0] for path in state}
    by_edition = {run_of(path) or "" for path in state} & set(run_ids(storage.list(EDITIONS)) if state else ())
    before = {path for edition in by_edition for path in read_edition(storage, edition).replaced}
    return {path for path in before if path.rpartition("/")[0] in folders}


def unequal_sums(counts: Mapping[str, int], rows: Mapping[str, int]) -> list[str]:
    """One line for each table whose rows an edition lost or counted twice; `rows` are those of the files written."""
    wrong = []
    tables = {name.partition(".")[2] for name in counts} | set(rows)
    for table in sorted(tables):
        replaced, kept, dropped, built = (
            counts.get(f"{kind}.{table}", 0) for kind in ("replaced", "kept", "dropped", "built")
        )
        if replaced != kept + dropped or rows.get(table, 0) != kept + built:
            wrong.append(
                f"of {replaced} rows of {table} {kept} are kept and {dropped} dropped, {built} are new, and "
                f"{rows.get(table, 0)} are written"
            )
    return wrong


def delete_replaced(storage: Storage, now_us: int, grace_s: float | None) -> int:
    """Delete the files that editions have replaced at least `grace_s` seconds ago; returns their number.

    Those that an edition replaced at once have no grace, nor have all that were replaced before: what is forgotten may
    stand in them too; without `grace_s` only these are deleted. Call it under the lock. Killed halfway, the next call
    deletes the rest.
    """
    if not any(storage.list(REPLACED)):
        return 0
    waiting = switching(storage, sorted(run_ids(storage.list(EDITIONS))))
    urgent = max((edition_id for edition_id in waiting if goes_at_once(storage, edition_id)), default="")
    gone = 0
    for edition_id in waiting:
        if edition_id > urgent and not _is_due(storage, edition_id, now_us, grace_s):
            continue
        for path in replaced_by(storage, edition_id):
            (delete_part if path.startswith(f"{STATE}/") else Storage.delete)(storage, path)
            gone += 1
        storage.delete(replaced_path(edition_id))
    return gone


def _is_due(storage: Storage, edition_id: str, now_us: int, grace_s: float | None) -> bool:
    return grace_s is not None and _finished(storage, edition_id) + timedelta(seconds=grace_s) <= from_us(now_us)


def _finished(storage: Storage, edition_id: str) -> datetime:
    try:
        return datetime.fromisoformat(read_edition(storage, edition_id).finished_at)
    except ManifestError:  # which repair makes anew
        return datetime.fromisoformat(iso_of(edition_id))

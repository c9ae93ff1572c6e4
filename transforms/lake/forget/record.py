"""The record of what was forgotten: read for a run, for `newsbeam forget --list`, and rebuilt from the manifests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import lru_cache
from typing import Any, Final

from schemas.forgotten import FORGOTTEN, ForgottenAddress, ForgottenKind, RowsGone
from schemas.run import ManifestError, Run
from transforms.lake.committed import Committed, committed
from transforms.lake.files.manifests import read_edition
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import Storage
from transforms.web.forgotten import NOTHING_FORGOTTEN, Forgotten

COMMAND: Final = "forget"
"""The command in the manifests of editions that forget."""
_SETTING: Final = "forgotten"


def forgotten_of(run: Run) -> Forgotten:
    """What the lake of a run has forgotten, as the run found it; for any of its workers, and read once in each."""
    return _of_parts(run.output, run.state.forgotten) if run.state.forgotten else NOTHING_FORGOTTEN


@lru_cache(maxsize=4)
def _of_parts(output: str, parts: tuple[str, ...]) -> Forgotten:
    return as_forgotten(read_record(Storage(output, must_exist=True), parts))


def forgotten_in(storage: Storage) -> Forgotten:
    """What a lake has forgotten up to now."""
    return as_forgotten(read_record(storage))


def read_record(storage: Storage, parts: Sequence[str] | None = None) -> list[ForgottenAddress]:
    """The whole record, in order of time. Raises DamagedPartError: then nothing may be fetched."""
    reader = PartReader(storage)
    found = committed(storage).parts(FORGOTTEN) if parts is None else parts
    rows = {(row.run_id, row.kind, row.key): row for path in found for row in reader.rows(FORGOTTEN, path)}
    return sorted(rows.values(), key=lambda row: (row.forgotten_at_us, row.run_id, row.asked is None, row.key))


def as_forgotten(rows: Sequence[ForgottenAddress]) -> Forgotten:
    """The record as a run needs it."""
    by_kind = {kind: frozenset(row.key for row in rows if row.kind == kind) for kind in ForgottenKind}
    return Forgotten(by_kind[ForgottenKind.URL], by_kind[ForgottenKind.DOMAIN])


def as_setting(rows: Sequence[ForgottenAddress]) -> dict[str, Any]:
    """The record as it stands in the edition's manifest too, from which it is rebuilt where the table is damaged."""
    values = [asdict(row) | {"rows": [[*one] for one in row.rows]} for row in rows]
    return {_SETTING: values}


def from_manifests(storage: Storage, held: Committed) -> Iterator[ForgottenAddress]:
    """The record as the manifests of editions tell it; damaged manifests are left out."""
    for edition in held.editions:
        try:
            manifest = read_edition(storage, edition)
        except ManifestError:
            continue
        for values in manifest.settings.get(_SETTING, ()) if manifest.command == COMMAND else ():
            yield ForgottenAddress(**values | {"rows": tuple(RowsGone(*one) for one in values["rows"])})

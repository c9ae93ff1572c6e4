"""``newsbeam verify``: reads the whole lake, says what is wrong, and changes nothing."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from pipelines.checks import LOOK, CommandError
from pipelines.given.lakes import lake_at, runs_of
from pipelines.logs import shown_progress
from pipelines.printable import json_text, plain
from schemas.article import ARTICLES
from schemas.run import ManifestError
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import DamagedPartError, Storage, StorageError
from transforms.lake.verify.dangling import dangling
from transforms.lake.verify.examine import Examination, examine
from transforms.lake.verify.trouble import Trouble


def verify_command(given: argparse.Namespace) -> int:
    """0 if all is whole, 3 if something is not. Raises CommandError (status 1) if the lake cannot be read, UsageError
    without a committed run."""
    storage = lake_at(given.output)
    try:
        runs_of(storage, given.output)
        with shown_progress():
            examined, troubles = troubles_of(storage)
            lost = _dangling(storage, examined)
    except (StorageError, ManifestError) as error:
        raise CommandError(str(error)) from error
    _show(given, examined, troubles, lost)
    return LOOK if troubles else 0


def troubles_of(storage: Storage) -> tuple[Examination, list[Trouble]]:
    """What is wrong with a lake to which a run may be writing: what two looks, one after the other, both find."""
    examined = examine(storage)
    first = list(examined.troubles())
    if not first:
        return examined, first
    again = examine(storage)
    second = {(one.kind, one.path) for one in again.troubles()}
    return again, [one for one in first if (one.kind, one.path) in second]


def _dangling(storage: Storage, examined: Examination) -> dict[str, int] | None:
    try:
        return dangling(PartReader(storage), examined.held.parts(ARTICLES))
    except DamagedPartError:  # a trouble that was found, or a file that a run has deleted meanwhile
        return None


def _show(
    given: argparse.Namespace, examined: Examination, troubles: Sequence[Trouble], lost: dict[str, int] | None
) -> None:
    if given.json:
        shown: dict[str, Any] = {
            "output": given.output,
            "troubles": [{"kind": one.kind, "path": one.path, "what": one.what} for one in troubles],
            "rows": dict(sorted(examined.rows.items())),
            "dangling": lost,
            "replaced_waiting": examined.waiting(),
        }
        print(json_text(shown, sort_keys=True))
        return
    for one in troubles:
        print(plain(f"{one.path}: {one.kind}: {one.what}"))
    if any((lost or {}).values()):
        named = ", ".join(f"{n:,} by {name}" for name, n in (lost or {}).items() if n)
        print(f"Articles name others that are not there, as after retain: {named}.")
    if examined.waiting():
        print(f"{examined.waiting():,} replaced files wait for their grace to be over.")
    rows = ", ".join(f"{n:,} {table}" for table, n in sorted(examined.rows.items()) if n)
    print(f"{len(troubles)} trouble(s) found in {rows}." if troubles else f"The lake is whole: {rows}.")

"""``newsbeam compact``: makes few large files of the many small ones of each partition."""

from __future__ import annotations

import argparse

from pipelines.commands.lake.upkeep import upkeep
from pipelines.printable import json_text
from schemas.run import RunManifest
from transforms.lake.editions.compact import compact as compacted
from transforms.lake.editions.edition import delete_replaced
from transforms.lake.files.storage import Storage


def compact(given: argparse.Namespace) -> int:
    """The exit status of compacting: 0 if it was done or nothing was to do, 75 if another run holds the lake.

    Raises CommandError (status 1) if the lake cannot be read or written, and UsageError without a committed run.
    """

    def work(storage: Storage, generation: int, now_us: int) -> None:
        gone = delete_replaced(storage, now_us, given.grace)
        edition = compacted(storage, generation, now_us, given.target_mb << 20, given.all)
        if given.grace == 0:
            gone += delete_replaced(storage, now_us, 0)
        _show(edition, gone, given)

    return upkeep(given, work)


def _show(edition: RunManifest | None, gone: int, given: argparse.Namespace) -> None:
    replaced = len(edition.replaced) if edition else 0
    files = len(edition.files) if edition else 0
    if given.json:
        edition_id = edition.run_id if edition else None
        counts = {"replaced": replaced, "files": files, "deleted": gone}
        shown = {"output": given.output, "edition": edition_id, **counts}
        print(json_text(shown, sort_keys=True))
        return
    if edition is None:
        print("Every partition has as few files as it can." if given.all else "Every closed partition is compact.")
    else:
        rows = ", ".join(f"{count} {name}" for name, count in edition.tables.items())
        print(f"{replaced} files became {files} ({rows}): edition {edition.run_id}")
    if gone:
        print(f"{gone} files that were replaced before are deleted.")

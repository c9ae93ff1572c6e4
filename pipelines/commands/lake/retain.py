"""``newsbeam retain``: drops partitions that are older than they are to be kept."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from pipelines.checks import UsageError
from pipelines.commands.lake.upkeep import upkeep
from pipelines.printable import json_text
from schemas.run import RunManifest
from schemas.tables import DATA
from transforms.lake.editions.edition import delete_replaced
from transforms.lake.editions.retain import Expired, expired, retain
from transforms.lake.files.storage import Storage


def retain_command(given: argparse.Namespace) -> int:
    """The exit status of dropping what is older than the limits, or with ``--dry_run`` of saying what would go: 0, or
    75 if another run holds the lake. Raises UsageError without a limit."""
    named = {table.name: limit for table in DATA if (limit := getattr(given, table.name)) is not None}
    if not named:
        options = ", ".join(f"--{table.name}" for table in DATA)
        raise UsageError(f"nothing to do: say how long a table is kept, by one of {options}, such as --pages 90d")
    days = {table: limit for table, limit in named.items() if limit}

    def work(storage: Storage, generation: int, now_us: int) -> None:
        if given.dry_run:
            _show(given, expired(storage, now_us, days), None)
            return
        edition, gone = retain(storage, generation, now_us, days)
        delete_replaced(storage, now_us, given.grace)
        _show(given, gone, edition)

    return upkeep(given, work)


def _show(given: argparse.Namespace, gone: Sequence[Expired], edition: RunManifest | None) -> None:
    if given.json:
        shown = [one._asdict() | {"paths": list(one.paths)} for one in gone]
        edition_id = edition.run_id if edition else None
        print(json_text({"output": given.output, "dry_run": given.dry_run, "edition": edition_id, "dropped": shown}))
        return
    verb = "would go" if given.dry_run else "dropped"
    for table in dict.fromkeys(one.table for one in gone):
        some = [one for one in gone if one.table == table]
        files, rows = sum(len(one.paths) for one in some), sum(one.rows for one in some)
        size = sum(one.size_bytes for one in some) / 1e6
        days = f"{some[0].partition} to {some[-1].partition}"
        print(f"{table} {verb}: {files:,} files, {rows:,} rows, {size:,.1f} MB, {days}")
    if not gone:
        print("No partition is older than its table is to be kept.")

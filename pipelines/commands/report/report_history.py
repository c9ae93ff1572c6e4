"""The report's part on a lake's history: each run and edition on a line; and one edition in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table as Grid

from pipelines.printable import cell
from schemas.run import RunManifest
from schemas.tables import DATA
from transforms.lake.editions.what_changed import Happened, TableChange

_DONE = {
    "compact": "few large files in place of many small ones; all rows stay",
    "retain": "whole days dropped that were older than they were to be kept",
    "rebuild": "articles made anew from their stored pages",
    "forget": "addresses and domains taken out for good",
    "repair": "manifest lost and made anew, its counts and settings are gone",
}


def as_json(one: Happened) -> dict[str, Any]:
    """An entry of the history, for ``--history --json``."""
    manifest = one.manifest
    return {
        "id": manifest.run_id,
        "kind": one.kind,
        "command": manifest.command,
        "started_at": manifest.started_at,
        "finished_at": manifest.finished_at,
        "tables": changes_as_json(one),
    }


def changes_as_json(one: Happened) -> dict[str, dict[str, int | None]]:
    """Files and rows before and after, by table."""
    return {name: asdict(change) for name, change in one.tables.items()}


def print_history(history: Sequence[Happened], console: Console) -> None:
    """Print a line for each run and edition, oldest first, with files and rows of the tables for readers."""
    grid = Grid(box=None, padding=(0, 2, 0, 0))
    for name in ("id", "kind", "command"):
        grid.add_column(name, no_wrap=True)
    for name in ("files", *(table.name for table in DATA)):
        grid.add_column(name, justify="right", no_wrap=True)
    for one in history:
        changes = [one.tables.get(table.name, TableChange()) for table in DATA]
        files = sum(change.files_before for change in changes), sum(change.files_after for change in changes)
        rows = (_step(change.rows_before, change.rows_after) for change in changes)
        grid.add_row(one.manifest.run_id, one.kind, cell(one.manifest.command), _step(*files), *rows)
    console.print(grid)


def _step(before: int | None, after: int) -> str:
    """``+7`` for what is only new, ``9 > 7`` for what was replaced."""
    if before == 0:
        return f"+{after}" if after else ""
    return f"{'?' if before is None else before} > {after}"


def print_edition(one: Happened, console: Console) -> None:
    """Print what an edition did, why, and the files and rows of each table that it changed, before and after."""
    manifest = one.manifest
    done = _DONE.get(manifest.command, "files that took the place of others")
    console.print(f"[bold]Edition {manifest.run_id}[/bold] by", cell(f"newsbeam {manifest.command}: {done}"))
    facts = Grid(box=None, padding=(0, 2, 0, 0), show_header=False)
    facts.add_row("from, to", cell(f"{manifest.started_at}, {manifest.finished_at}"))
    for name, value in _asked(manifest):
        facts.add_row(cell(name), cell(value))
    if rebuilt := ", ".join(_counted(manifest.counts, "rebuild.")):
        facts.add_row("rebuilt", cell(rebuilt))
    console.print(facts)
    grid = Grid(box=None, padding=(0, 2, 0, 0))
    grid.add_column("table")
    for name in ("files", "rows", "kept", "gone", "new"):
        grid.add_column(name, justify="right")
    for name, change in one.tables.items():
        files = _step(change.files_before, change.files_after)
        rows = _step(change.rows_before, change.rows_after)
        grid.add_row(name, files, rows, *(str(n) if n else "" for n in (change.kept, change.dropped, change.built)))
    console.print(grid)


def _asked(manifest: RunManifest) -> Iterator[tuple[str, str]]:
    """What the edition was asked to do. Of the record of what was forgotten only what was asked for now."""
    for name, value in manifest.settings.items():
        if name == "forgotten" and isinstance(value, list):
            mine = (row for row in value if isinstance(row, Mapping) and row.get("run_id") == manifest.run_id)
            for row in (row for row in mine if row.get("asked")):
                yield "forgotten", f"{row['asked']}" + (f" ({row['reason']})" if row.get("reason") else "")
        elif isinstance(value, Mapping):
            yield name.replace("_", " "), ", ".join(f"{key} {one}" for key, one in value.items())
        elif value not in (None, [], ""):
            yield name.replace("_", " "), str(value)


def _counted(counts: Mapping[str, int], prefix: str) -> Iterable[str]:
    return (f"{n} {name.removeprefix(prefix)}" for name, n in counts.items() if n and name.startswith(prefix))

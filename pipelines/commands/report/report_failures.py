"""The report's part on failures: which addresses failed, and why."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from pipelines.printable import cell
from schemas.failure import FAILURES, Failure
from schemas.run import RunManifest
from transforms.lake.committed import committed
from transforms.lake.files.storage import Storage

_SHOWN = 25


def failures_of_run(storage: Storage, manifest: RunManifest) -> list[Failure]:
    """The failures that a run wrote, sorted by stage, reason and address."""
    parts = committed(storage).of_run(FAILURES, manifest.run_id)
    rows = [failure for _, part in parts for failure in FAILURES.from_arrow(part)]
    return sorted(rows, key=lambda failure: (failure.stage, failure.reason, failure.input))


def print_failures(failures: Sequence[Failure], console: Console) -> None:
    """Print the first 25 failures with stage, reason, address and message; nothing if nothing failed."""
    if not failures:
        return
    console.print(f"[bold]Failures[/bold], {min(_SHOWN, len(failures))} of {len(failures)}")
    for failure in failures[:_SHOWN]:
        line = f"{failure.stage}/{failure.reason}  {failure.input}  {failure.message}"
        console.print(cell(line), soft_wrap=True)  # an address is not wrapped, so that it can be copied
    if len(failures) > _SHOWN:
        console.print("the rest stands in the table failures")

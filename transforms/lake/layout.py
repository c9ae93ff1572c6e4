"""Where everything lies: one place that knows the names."""

from __future__ import annotations

import re

from schemas.table import Table

RUNS = "runs"
STATE = "_state"
OPEN_RUNS = f"{STATE}/open"
LOCKS = f"{STATE}/lock"
MERGED = "merged"
"""The shard name of a state part that holds what many runs left."""

_PART = re.compile(r"/part-(?P<run_id>\d{8}T\d{6}\.\d{6}Z)-(?P<shard>[\w-]+)\.parquet$")


def part_path(table: Table[object], partition: str, run_id: str, shard: str) -> str:
    """A table's part: the run and the shard name it, so that a retry replaces and a new run never does."""
    folder = f"{table.name}/{table.partition}={partition}" if table.partition else f"{STATE}/{table.name}"
    return f"{folder}/part-{run_id}-{shard}.parquet"


def run_of(path: str) -> str | None:
    """The run that wrote a part, or None where the path is no part."""
    match = _PART.search(path)
    return match["run_id"] if match else None


def manifest_path(run_id: str) -> str:
    """The manifest that makes a run committed."""
    return f"{RUNS}/{run_id}.json"


def open_path(run_id: str) -> str:
    """The marker of a run that has begun and is not cleaned up."""
    return f"{OPEN_RUNS}/{run_id}.json"


def run_ids(paths: list[str]) -> list[str]:
    """The run ids in paths of manifests or markers, in their order."""
    return [path.rsplit("/", 1)[-1].removesuffix(".json") for path in paths if path.endswith(".json")]

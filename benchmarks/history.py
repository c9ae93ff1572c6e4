"""What a run reads of the articles of earlier runs: its look-ups in `seen`, copies and stories, with and without them.

    python -m benchmarks.history [--stored 1000000] [--new 10 10000] [--folder FOLDER] [--before CHECKOUT]

Makes the state of a lake that remembers so many articles of 30 days, 96 runs a day, as merging leaves it; its last 7
runs are not merged yet (6 GB for a million; kept and used again with `--folder`). All hashes are by chance. All
articles are in English and have terms as frequent as words are, in a vocabulary of 60,000: the worst case for stories.
Of the new articles one in ten is a copy and one in ten a revision of one of the last three days; half of their entries
were seen before.

Each measurement is made in a process of its own, some times; the one with the least processor time counts.
With `--before` the code of another checkout measures the same lake, of which it reads the parts and not the indexes.
Also printed is a digest of what was decided: it is the same for the same decisions.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import stored_lake
from pipelines.run.lost_state.rebuild_state import INDEXES
from schemas.fingerprint import FINGERPRINTS, Fingerprint
from schemas.run import RunManifest, iso, new_run_id
from schemas.state import SEEN
from schemas.story import STORIES
from schemas.table import Table
from transforms.common.clock import DAY_US
from transforms.lake.files.layout import MERGED, manifest_path, part_path
from transforms.lake.files.parts import PartWriter
from transforms.lake.files.storage import Storage
from transforms.lake.merged.levels import MOST_SMALL, limits_of, merged_with
from transforms.lake.merged.merge_parts import write_pieces
from transforms.lake.merged.part_index import write_index

DAYS: Final = 30
RUNS_A_DAY: Final = 96
NOT_MERGED: Final = MOST_SMALL - 1
_AT_ONCE: Final = 16
"""Runs whose articles are made at a time."""
_MEASURED: Final = Path(__file__).with_name("history_measured.py")
_BYTES: Final = {FINGERPRINTS.name: 1_750, STORIES.name: 520, SEEN.name: 25}
"""Of a row in a merged part."""


def spans(table: str, runs: int, rows: int) -> list[tuple[int, int]]:
    """The runs whose rows each merged part holds, from the first to the last (not included)."""
    merged: list[tuple[int, int]] = []
    for run in range(MOST_SMALL, runs + 1, MOST_SMALL):
        sizes = [(end - start) * rows * _BYTES[table] for start, end in merged]
        kept = len(merged) - merged_with(MOST_SMALL * rows * _BYTES[table], sizes, limits_of(table))
        first = merged[kept][0] if kept < len(merged) else run - MOST_SMALL
        merged = [*merged[:kept], (first, run)]
    return merged


def store(articles: int, folder: Path) -> None:
    """Store the state of so many articles, and the new ones that are looked up."""
    storage, chance = Storage(str(folder)), np.random.default_rng(articles)
    runs = DAYS * RUNS_A_DAY // MOST_SMALL * MOST_SMALL
    rows, now_us = articles // (runs + NOT_MERGED), time.time_ns() // 1000

    def started_us(run: int) -> int:
        return now_us - (runs + NOT_MERGED - run) * DAY_US // RUNS_A_DAY

    def numbers(first: int, last: int) -> Any:
        return np.arange(first * rows, last * rows)

    def made(table: Table[Any], first: int, last: int) -> Iterator[pa.Table]:
        for start in range(first, last, _AT_ONCE):
            end = min(start + _AT_ONCE, last)
            yield _MAKERS[table.name](numbers(start, end), started_us(end - 1), chance)

    for table in (SEEN, FINGERPRINTS, STORIES):
        for first, last in spans(table.name, runs, rows):
            run_id = new_run_id(started_us(last - 1), None)
            part = write_pieces(storage, table, part_path(table, "", run_id, MERGED), made(table, first, last))
            write_index(storage, part, INDEXES[table.name])
            _commit(storage, run_id)
        for run in range(runs, runs + NOT_MERGED):
            run_id = new_run_id(started_us(run), None)
            PartWriter(storage, run_id).write_pieces(table, made(table, run, run + 1), "00000")
            _commit(storage, run_id)


def _seen(numbers: Any, at_us: int, _: np.random.Generator) -> pa.Table:
    return stored_lake.table_of(
        SEEN,
        url_key=stored_lake.ids(numbers),
        seen_at=np.full(len(numbers), at_us),
        listed_at=np.full(len(numbers), at_us),
    )


_MAKERS: Final[Mapping[str, Callable[..., pa.Table]]] = {
    SEEN.name: _seen,
    FINGERPRINTS.name: stored_lake.fingerprints,
    STORIES.name: stored_lake.sketches,
}


def _commit(storage: Storage, run_id: str) -> None:
    at = iso(time.time_ns() // 1000)
    storage.put(manifest_path(run_id), RunManifest(run_id, "ingest", at, at, {}, {}, {}, {}, ()).to_json())


def add_new(folder: Path, count: int, stored: int) -> None:
    """Write new articles beside the lake, as every checkout can read them."""
    chance, now_us = np.random.default_rng(count), time.time_ns() // 1000
    numbers = np.arange(10**9, 10**9 + count)
    prints = FINGERPRINTS.from_arrow(stored_lake.fingerprints(numbers, now_us, chance))
    sketches = STORIES.from_arrow(stored_lake.sketches(numbers, now_us, chance))
    recent = np.arange(stored - stored // 10, stored)
    ids = stored_lake.ids(recent[:: max(1, 5 * recent.size // count)])
    known = {one.article_id: one for one in _some(folder, frozenset(ids))}
    copied = sorted(known)
    for number in range(0, count if copied else 0, 10):
        former = known[copied[number // 5 % len(copied)]]
        mine = prints[number]
        prints[number] = replace(mine, keys=former.keys, shingles=former.shingles, content_hash=former.content_hash)
        if number + 1 < count:
            other = known[copied[(number // 5 + 1) % len(copied)]].article_id
            prints[number + 1] = replace(prints[number + 1], article_id=other)
    prints = [replace(one, cluster_id=None) for one in prints]
    sketches = [replace(one, story_id=None) for one in sketches]
    pq.write_table(FINGERPRINTS.to_arrow(prints), folder / f"new-{count}.fingerprints")
    pq.write_table(STORIES.to_arrow(sketches), folder / f"new-{count}.stories")
    half = np.arange(0, stored, max(1, 2 * stored // count))[: count // 2]
    (folder / f"new-{count}.keys").write_text("\n".join(stored_lake.ids(np.append(half, numbers[: count // 2]))))


def _some(folder: Path, ids: frozenset[str]) -> Iterator[Fingerprint]:
    for path in sorted((folder / "_state/fingerprints").glob("*.parquet")):
        rows = pq.read_table(path, filters=[("article_id", "in", ids)])
        yield from FINGERPRINTS.from_arrow(rows)


def measured(code: Path, folder: Path, count: int, lake: str, tries: int) -> dict[str, Any]:
    """The quickest of some processes that run the code of a checkout."""
    command = [sys.executable, str(_MEASURED), lake, str(folder), str(count)]
    found = [
        json.loads(subprocess.run(command, env={**os.environ, "PYTHONPATH": str(code)}, check=True, stdout=-1).stdout)
        for _ in range(tries)
    ]
    return min(found, key=lambda one: sum(processor for _, processor in one["spent"].values()))


def main() -> None:
    """Store, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stored", type=int, default=1_000_000)
    parser.add_argument("--new", type=int, nargs="+", default=[10, 10_000])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--before", type=Path, metavar="CHECKOUT")
    parser.add_argument("--tries", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        if not (folder / "_state").exists():
            store(given.stored, folder)
        print(f"{'new':>7} {'':26}{'seen':>14}{'copies':>14}{'stories':>14}{'together':>14}  MiB  decided")
        for count in given.new:
            if not (folder / f"new-{count}.keys").exists():
                add_new(folder, count, given.stored)
            here = Path(__file__).parents[1]
            ways = [("nothing stored", here, temporary + "/none"), (f"{given.stored:,} stored", here, str(folder))]
            ways += [("the same, before", given.before, str(folder))] if given.before else []
            for name, code, lake in ways:
                _show(count, name, measured(code, folder, count, lake, given.tries))


def _show(count: int, name: str, found: dict[str, Any]) -> None:
    spent = found["spent"]
    together = [sum(some) for some in zip(*spent.values(), strict=True)]
    columns = [spent["seen"], spent["copies"], spent["stories"], together]
    shown = "".join(f"{wall:8.2f}{processor:6.2f}" for wall, processor in columns)
    print(f"{count:>7} {name:26}{shown}{found['peak_mib']:>6}  {found['decided']}", flush=True)


if __name__ == "__main__":
    main()

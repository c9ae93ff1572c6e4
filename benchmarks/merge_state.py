"""What merging the state of many runs costs in time and peak memory: one row group at a time, or all rows in memory.

``python -m benchmarks.merge_state`` makes 64 parts with the fingerprints of 1,000 articles each, and merges them in a
process of its own. ``--whole`` also merges them as release 0.1.0 did, for comparison.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time

import numpy as np

from benchmarks.measured import own_peak_mib
from schemas.fingerprint import FINGERPRINTS, Fingerprint
from schemas.run import RunManifest, iso, new_run_id
from transforms.lake.committed import committed, committed_runs
from transforms.lake.files.layout import manifest_path
from transforms.lake.files.parts import PartReader, PartWriter
from transforms.lake.files.storage import Storage
from transforms.lake.merged.merge_parts import merge_parts

NOON_US = 1_772_452_800_000_000
HOUR_US = 3_600_000_000
WORDS = 750


def main() -> None:
    """Print a line for each way of merging."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=64, metavar="N")
    parser.add_argument("--articles", type=int, default=1_000, metavar="N", help="articles a run")
    parser.add_argument("--merge", metavar="LAKE", help=argparse.SUPPRESS)
    parser.add_argument("--whole", action="store_true", help="also with all rows in memory")
    given = parser.parse_args()
    if given.merge:
        _merge(Storage(given.merge), given.whole)
        return
    for whole in (False, True) if given.whole else (False,):
        with tempfile.TemporaryDirectory() as folder:
            _fill(Storage(folder), given.runs, given.articles)
            command = [sys.executable, "-m", "benchmarks.merge_state", "--merge", folder]
            subprocess.run([*command, *(("--whole",) if whole else ())], check=True)


def _fill(storage: Storage, runs: int, articles: int) -> None:
    draw = np.random.default_rng(0)
    for number in range(runs):
        run_id, at = new_run_id(NOON_US + number * HOUR_US, None), iso(NOON_US)
        PartWriter(storage, run_id).write(FINGERPRINTS, [_fingerprint(draw) for _ in range(articles)], "00000")
        storage.put(manifest_path(run_id), RunManifest(run_id, "ingest", at, at, {}, {}, {}, {}, ()).to_json())


def _fingerprint(draw: np.random.Generator) -> Fingerprint:
    name = draw.bytes(16).hex()
    keys = np.sort(np.frombuffer(draw.bytes(8 * (WORDS // 9)), dtype="<u8"))
    return Fingerprint(
        name, name, f"https://example.org/{name}", "example.org", None, NOON_US, "2026-03-02", name, 1, name, WORDS,
        keys.tobytes(), draw.bytes(4 * WORDS),
    )  # fmt: skip


def _merge(storage: Storage, whole: bool) -> None:
    parts = committed(storage).parts(FINGERPRINTS)
    before, started = own_peak_mib(), time.process_time()
    if whole:
        reader = PartReader(storage)
        rows = [row for path in parts for row in reader.rows(FINGERPRINTS, path)]
        PartWriter(storage, "whole").write(FINGERPRINTS, rows, "merged")
    else:
        merge_parts(storage, FINGERPRINTS, parts, committed_runs(storage)[-1])
    way = "all rows in memory" if whole else "a row group at a time"
    spent = time.process_time() - started
    print(f"{len(parts)} parts, {way}: peak {before:.0f} -> {own_peak_mib():.0f} MiB, {spent:.1f} s processor time")


if __name__ == "__main__":
    main()

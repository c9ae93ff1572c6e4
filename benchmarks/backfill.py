"""``newsbeam backfill`` over WARC files, against a bare loop and against datatrove on the same bytes and cores.

    python -m benchmarks.backfill FOLDER… [--pages N] [--files N] [--datatrove PYTHON] [--rounds N] [--only bare,…]

FOLDER is as for `benchmarks.extraction`; the WARC files are those of `benchmarks.warc_set`. The bare loop is fastwarc,
then decoding, then ``trafilatura.bare_extraction(include_comments=False, with_metadata=True)``, in one process and in a
pool of two that take files in turn. PYTHON is the interpreter of an environment with datatrove and what its stages need
(``datatrove[io]``, ``trafilatura``, ``fasteners``, ``warcio``, ``spacy``); its pipeline is
WarcReader, Trafilatura, the four MinHash stages, ParquetWriter, with two workers. Everything counts: imports, reading,
copies, Parquet.

Printed for each: processor milliseconds a page, wall seconds, pages a second, peak memory of all processes, rows; then
the ratios. With several rounds all are measured in turn and the medians printed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

from benchmarks.measured import compile_sources, measured
from benchmarks.warc_set import write_warcs

_BARE: Final = """
import sys, multiprocessing
import trafilatura
from fastwarc.warc import ArchiveIterator, WarcRecordType

def extract(path):
    rows = 0
    with open(path, "rb") as stream:
        for record in ArchiveIterator(stream, record_types=WarcRecordType.response, auto_decode="all"):
            body = record.reader.read()
            document = trafilatura.bare_extraction(body, include_comments=False, with_metadata=True)
            rows += document is not None and bool(document.text)
    return rows

if __name__ == "__main__":
    workers, paths = int(sys.argv[1]), sys.argv[2:]
    if workers == 1:
        rows = sum(map(extract, paths))
    else:
        with multiprocessing.get_context("fork").Pool(workers) as pool:
            rows = sum(pool.imap_unordered(extract, paths, chunksize=1))
    print(rows)
"""
_DATATROVE: Final = """
import sys
from pathlib import Path
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupFilter, MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.pipeline.extractors import Trafilatura
from datatrove.pipeline.readers import JsonlReader, WarcReader
from datatrove.pipeline.writers import JsonlWriter, ParquetWriter

if __name__ == "__main__":
    folder, out = sys.argv[1], Path(sys.argv[2])
    config = MinhashConfig()

    def run(name, pipeline, tasks=2, workers=2):
        LocalPipelineExecutor(
            pipeline=pipeline, tasks=tasks, workers=workers, logging_dir=str(out / "logs" / name), skip_completed=False
        ).run()

    run("read", [WarcReader(folder, glob_pattern="*.warc*"), Trafilatura(timeout=20), JsonlWriter(str(out / "texts"))])
    texts = lambda: JsonlReader(str(out / "texts"))
    run("signatures", [texts(), MinhashDedupSignature(str(out / "signatures"), config=config)])
    run("buckets", [MinhashDedupBuckets(str(out / "signatures"), str(out / "buckets"), config=config)],
        tasks=config.num_buckets)
    run("clusters", [MinhashDedupCluster(str(out / "buckets"), str(out / "removed"), config=config)], 1, 1)
    run("filter", [texts(), MinhashDedupFilter(str(out / "removed")), ParquetWriter(str(out / "rows"))])
    import pyarrow.dataset as ds
    print(ds.dataset(str(out / "rows")).count_rows())
"""


class _Figures(NamedTuple):
    cpu_ms: float
    wall_s: float
    peak_mib: float
    rows: int


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--pages", type=int, default=1_500, help="how many pages (default: 1500)")
    parser.add_argument("--files", type=int, default=16, help="in how many files (default: 16)")
    parser.add_argument("--datatrove", metavar="PYTHON", help="an interpreter that has datatrove")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", default="one,two,datatrove,backfill", help="which are measured")
    given = parser.parse_args()
    compile_sources()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = write_warcs(given.folders, folder / "set", given.pages, given.files)
        size = sum(path.stat().st_size for path in paths)
        print(f"{given.pages} pages in {len(paths)} files of {size / 1e6:.0f} MB together")
        wanted = [one for one in given.only.split(",") if one != "datatrove" or given.datatrove]
        found: dict[str, list[_Figures]] = {one: [] for one in wanted}
        for round_ in range(given.rounds):
            for one in wanted:
                found[one].append(_measured(one, paths, folder / f"{one}-{round_}", given.datatrove, given.pages))
    medians = {one: _Figures(*(median(values) for values in zip(*some, strict=True))) for one, some in found.items()}
    for one, figures in medians.items():
        print(
            f"{_NAMES[one]:28} processor {figures.cpu_ms:6.1f} ms a page  wall {figures.wall_s:7.1f} s  "
            f"{given.pages / figures.wall_s:6.1f} pages/s  peak {figures.peak_mib:5.0f} MiB  rows {figures.rows}"
        )
    ours = medians.get("backfill")
    for other in ("two", "datatrove"):
        if ours and other in medians:
            cpu, rate = ours.cpu_ms / medians[other].cpu_ms, medians[other].wall_s / ours.wall_s
            print(f"backfill to {_NAMES[other]:16} processor {cpu:.2f} x  pages a second {rate:.2f} x")


_NAMES: Final = {
    "one": "bare loop",
    "two": "bare loop in a pool of two",
    "datatrove": "datatrove, two workers",
    "backfill": "newsbeam backfill",
}


def _measured(what: str, paths: Sequence[Path], out: Path, datatrove: str | None, pages: int) -> _Figures:
    out.mkdir()
    script = out / "run.py"
    if what == "backfill":
        lake = out / "lake"
        command = [sys.executable, "-m", "pipelines.cli", "backfill", "--output", str(lake), "--json"]
        command += ["--warc", f"{paths[0].parent}/*.warc*"]
    elif what == "datatrove":
        script.write_text(_DATATROVE)
        command = [str(datatrove), str(script), str(paths[0].parent), str(out)]
    else:
        script.write_text(_BARE)
        command = [sys.executable, str(script), "1" if what == "one" else "2", *map(str, paths)]
    run = measured(command)
    last = run.output.strip().splitlines()[-1]
    rows = _accounted(json.loads(last), pages) if what == "backfill" else int(last)
    return _Figures(1000 * run.cpu_s / pages, run.wall_s, run.peak_bytes / (1 << 20), rows)


def _accounted(summary: dict[str, dict[str, int]], pages: int) -> int:
    """The articles of a backfill. Raises SystemExit if a page has neither a row nor a failure."""
    counts = summary["counts"]
    ended = counts["records.page"] + counts.get("records.failed", 0) + counts.get("records.known", 0)
    if ended != pages:
        raise SystemExit(f"{pages} pages, of which {ended} ended in a row or a failure")
    return summary["tables"]["articles"]


if __name__ == "__main__":
    main()

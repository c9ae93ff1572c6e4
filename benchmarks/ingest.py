"""``newsbeam ingest`` over served pages, against a bare trafilatura loop over the same bytes.

    python -m benchmarks.ingest FOLDER… [--predicted OUT.json]

Prints rows, failures by reason, the F1 of 4-word shingles of both, and wall and processor seconds of both with their
ratio. Everything counts: imports, feeds, fetching, copies, Parquet.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote

import pyarrow.dataset as ds

from benchmarks.measured import Measured, compile_sources, measured
from benchmarks.pages import PageSet, served, shingle_f1

_BARE = """
import json, sys, trafilatura
from benchmarks.pages import PageSet
from pathlib import Path
texts = {}
for folder in sys.argv[2:]:
    for name, body in PageSet(Path(folder)).bodies.items():
        document = trafilatura.bare_extraction(body, include_comments=False, with_metadata=True)
        texts[name] = (document.text or "") if document else ""
Path(sys.argv[1]).write_text(json.dumps(texts))
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--predicted", type=Path, help="write {id: article_body} of newsbeam here")
    given = parser.parse_args()
    compile_sources()
    sets = [PageSet(folder) for folder in given.folders]
    pages = {name: body for one in sets for name, body in one.bodies.items()}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bare = measured([sys.executable, "-c", _BARE, str(folder / "bare.json"), *map(str, given.folders)])
        bare_texts = json.loads((folder / "bare.json").read_text())
        with served(pages) as feeds:
            run, texts = _ingested(folder, feeds)
    if given.predicted:
        given.predicted.write_text(json.dumps(texts))
    summary = json.loads(run.output.splitlines()[-1])
    print(f"pages {len(pages)}  rows {summary['tables']['articles']}  failures {summary['reasons'] or 'none'}")
    for one in sets:
        f1, bare_f1 = shingle_f1(one.gold, texts), shingle_f1(one.gold, bare_texts)
        print(f"{one.folder.name:16} F1 newsbeam {f1:.4f}  trafilatura {bare_f1:.4f}  {f1 - bare_f1:+.4f}")
    for label, one in (("newsbeam ingest", run), ("bare trafilatura", bare)):
        print(
            f"{label:16} wall {one.wall_s:6.1f} s  processor {one.cpu_s:6.1f} s  "
            f"{1000 * one.cpu_s / len(pages):5.1f} ms a page  peak memory {one.peak_bytes >> 20} MiB"
        )
    print(f"ratio            wall {run.wall_s / bare.wall_s:.2f}  processor {run.cpu_s / bare.cpu_s:.2f}")


def _ingested(folder: Path, feeds: list[str]) -> tuple[Measured, dict[str, str]]:
    (folder / "feeds.txt").write_text("\n".join(feeds))
    command = [sys.executable, "-m", "pipelines.cli", "ingest", "--feeds", str(folder / "feeds.txt")]
    command += ["--output", str(folder / "lake"), "--allow_networks", "127.0.0.0/8", "--host_delay", "0", "--json"]
    run = measured(command)
    rows = ds.dataset(folder / "lake/articles", partitioning="hive").to_table(["url", "article_body"]).to_pylist()
    return run, {unquote(row["url"].rsplit("/", 1)[1]): row["article_body"] for row in rows}


if __name__ == "__main__":
    main()

"""``newsbeam dedupe`` beside datatrove's MinHash on the same files: F1 of pairs, processor and wall time, memory.

    python -m benchmarks.dedupe DATA.jsonl.gz [--datatrove PYTHON] [--files N] [--rounds N] [--only newsbeam,14x8,…]

DATA has one JSON object a line: id, text, title, published, cluster_id (the truth, which neither is shown), as for
`benchmarks.copies`. It is cut into N files (2), which both read with two workers. PYTHON is the interpreter of an
environment with datatrove and what its stages need (``datatrove[io]``, ``spacy``); its pipeline is JsonlReader and the
four MinHash stages, and JsonlWriters for what is kept and what is removed: buckets x hashes of 5-grams, 14x8 being its
default. Everything counts: imports, reading, deciding, writing. With several rounds all are measured in turn and the
medians printed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any, Final, NamedTuple

from benchmarks.copies import pair_scores
from benchmarks.measured import measured

_DATATROVE: Final = """
import sys
from pathlib import Path
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupFilter, MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter

if __name__ == "__main__":
    folder, out, (buckets, hashes) = sys.argv[1], Path(sys.argv[2]), map(int, sys.argv[3].split("x"))
    config = MinhashConfig(num_buckets=buckets, hashes_per_bucket=hashes)

    def run(name, pipeline, tasks=2, workers=2):
        LocalPipelineExecutor(
            pipeline=pipeline, tasks=tasks, workers=workers, logging_dir=str(out / "logs" / name), skip_completed=False
        ).run()

    texts = lambda: JsonlReader(folder)
    signatures, found, removed = (str(out / name) for name in ("signatures", "buckets", "removed"))
    run("signatures", [texts(), MinhashDedupSignature(signatures, config=config)])
    run("buckets", [MinhashDedupBuckets(signatures, found, config=config)], tasks=buckets)
    run("clusters", [MinhashDedupCluster(found, removed, config=config, save_cluster_id=True)], 1, 1)
    copies = JsonlWriter(str(out / "texts/copies"))
    run("filter", [
        texts(), MinhashDedupFilter(removed, exclusion_writer=copies, load_cluster_ids=True),
        JsonlWriter(str(out / "texts/kept")),
    ])
"""


class _Figures(NamedTuple):
    precision: float
    recall: float
    f1: float
    cpu_s: float
    wall_s: float
    peak_mib: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--datatrove", metavar="PYTHON", help="an interpreter that has datatrove")
    parser.add_argument("--files", type=int, default=2, help="in how many files (default: 2)")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", default="newsbeam,14x8,20x4", help="which are measured")
    given = parser.parse_args()
    with gzip.open(given.data, "rt", encoding="utf-8") as lines:
        docs = [json.loads(line) for line in lines]
    truth = {doc["id"]: doc.pop("cluster_id") for doc in docs}
    wanted = [one for one in given.only.split(",") if one == "newsbeam" or given.datatrove]
    found: dict[str, list[_Figures]] = {one: [] for one in wanted}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write(docs, folder / "texts", given.files)
        for round_ in range(given.rounds):
            for one in wanted:
                out = folder / f"{one}-{round_}"
                run = measured(_command(one, folder / "texts", out, given.datatrove))
                labels = dict(_labels(one, out))
                scores = pair_scores([*truth.values()], [labels[doc_id] for doc_id in truth])
                found[one].append(_Figures(*scores, run.cpu_s, run.wall_s, run.peak_bytes / (1 << 20)))
    thousands = len(docs) / 1000
    medians = {one: _Figures(*map(median, zip(*some, strict=True))) for one, some in found.items()}
    print(f"{len(docs):,} texts in {given.files} files, two workers, median of {given.rounds} round(s)")
    for one, figures in medians.items():
        print(
            f"{_name(one):34} F1 {figures.f1:.4f}  P {figures.precision:.4f}  R {figures.recall:.4f}  "
            f"processor {figures.cpu_s / thousands:5.2f} s, wall {figures.wall_s / thousands:5.2f} s per 1,000  "
            f"peak {figures.peak_mib:5.0f} MiB"
        )
    for one in wanted:
        if one != "newsbeam" and "newsbeam" in medians:
            ours, other = medians["newsbeam"], medians[one]
            cpu, wall = other.cpu_s / ours.cpu_s, other.wall_s / ours.wall_s
            print(f"{_name(one)} to newsbeam: processor {cpu:.1f} x  wall {wall:.1f} x")


def _name(one: str) -> str:
    return "newsbeam dedupe" if one == "newsbeam" else f"datatrove MinHash, {one}"


def _write(docs: list[dict[str, Any]], folder: Path, files: int) -> None:
    """The texts as both read them: what may be shown to an algorithm."""
    folder.mkdir()
    for number in range(files):
        with gzip.open(folder / f"{number:05d}.jsonl.gz", "wt", encoding="utf-8", compresslevel=6) as lines:
            for doc in docs[number * len(docs) // files : (number + 1) * len(docs) // files]:
                shown = {name: doc[name] for name in ("id", "text", "title", "published") if name in doc}
                lines.write(json.dumps(shown, ensure_ascii=False) + "\n")


def _command(what: str, texts: Path, out: Path, datatrove: str | None) -> list[str]:
    if what == "newsbeam":
        return [sys.executable, "-m", "pipelines.cli", "dedupe", str(texts), "--output", str(out), "--workers", "2"]
    out.mkdir()
    script = out / "run.py"
    script.write_text(_DATATROVE)
    return [str(datatrove), str(script), str(texts), str(out), what]


def _labels(what: str, out: Path) -> Iterator[tuple[str, str]]:
    """The label of each text: its cluster, or itself."""
    for path in (out if what == "newsbeam" else out / "texts").rglob("*.jsonl.gz"):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                doc = json.loads(line)
                if what == "newsbeam":
                    yield doc["id"], doc["cluster_id"] or doc["id"]
                else:
                    cluster = doc["metadata"]["minhash_cluster_id"]
                    yield doc["id"], doc["id"] if cluster == -1 else str(cluster)


if __name__ == "__main__":
    main()

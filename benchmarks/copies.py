"""Marks the copies among texts by the rules of a run: gives labels for scoring, and processor time against datasketch.

    python -m benchmarks.copies DATA.jsonl.gz --labels OUT.json [--runs N] [--no_peer]

DATA has one JSON object a line: id, text, published (ISO 8601), source. OUT is {id: cluster_id}. With `--runs`, the
texts come in N runs in the order of their publication; the history of each run is the fingerprints of earlier ones.
datasketch is measured on the same texts if it is installed: MinHashLSH(threshold 0.7, 128 permutations) over 5-grams of
words.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import importlib.util
import json
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from schemas.article import Article
from schemas.fingerprint import Fingerprint
from transforms.compare.copies.fingerprint import fingerprint_of
from transforms.compare.copies.history import ListedHistory
from transforms.compare.copies.mark_copies import ListedTexts, mark_copies, stored_fingerprints
from transforms.compare.copies.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Doc:
    """One text to mark."""

    id: str
    text: str
    published_us: int
    source: str


def read_docs(path: Path) -> list[Doc]:
    """The texts in a file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return [Doc(one["id"], one["text"], _microseconds(one["published"]), one["source"]) for one in records]


def _microseconds(instant: str) -> int:
    return int(datetime.fromisoformat(instant).timestamp() * 1_000_000)


def fingerprint_of_doc(doc: Doc) -> Fingerprint:
    """A text's fingerprint, as the extraction worker makes it."""
    url = f"https://{doc.source}/{doc.id}"
    article = Article(
        article_id=doc.id,
        url=url,
        canonical_url=url,
        publisher_domain=doc.source,
        publisher_name=None,
        feed_url="",
        entry_id="",
        fetched_at_us=doc.published_us,
        ingested_at_us=doc.published_us,
        run_id="benchmark",
        article_body=doc.text,
        body_source="",
        extractor="",
        content_hash="",
        date_published_us=doc.published_us,
    )
    return fingerprint_of(article, page_id=doc.id)


def mark(docs: list[Doc], history: list[Fingerprint]) -> tuple[list[Verdict], list[Fingerprint]]:
    """The verdicts of one run, and the fingerprints that later runs see."""
    texts = ListedTexts(map(fingerprint_of_doc, docs))
    verdicts = mark_copies(texts, ListedHistory(history))
    return verdicts, list(stored_fingerprints(verdicts, texts))


def mark_in_runs(docs: list[Doc], runs: int) -> list[Verdict]:
    """The verdicts of all runs."""
    docs = sorted(docs, key=lambda doc: (doc.published_us, doc.id))
    verdicts: list[Verdict] = []
    history: list[Fingerprint] = []
    for run in range(runs):
        part = docs[run * len(docs) // runs : (run + 1) * len(docs) // runs]
        new_verdicts, new_fingerprints = mark(part, history)
        verdicts += new_verdicts
        history += new_fingerprints
    return verdicts


def seconds_of_datasketch(docs: list[Doc]) -> float:
    """The processor seconds that datasketch takes for the texts."""
    datasketch = importlib.import_module("datasketch")

    started = time.process_time()
    index = datasketch.MinHashLSH(threshold=0.7, num_perm=128)
    for doc in docs:
        words = doc.text.lower().split()
        grams = {" ".join(words[place : place + 5]).encode() for place in range(max(len(words) - 4, 1))}
        sketch = datasketch.MinHash(num_perm=128)
        sketch.update_batch(grams)
        index.query(sketch)
        index.insert(doc.id, sketch)
    return time.process_time() - started


def main() -> None:
    """Mark the texts, write the labels, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--no_peer", action="store_true", help="do not measure datasketch")
    arguments = parser.parse_args()
    docs = read_docs(arguments.data)
    mark(docs[:10], [])  # pays for imports and first compilations
    wall, processor = time.monotonic(), time.process_time()
    verdicts = mark_in_runs(docs, arguments.runs)
    wall, processor = time.monotonic() - wall, time.process_time() - processor
    arguments.labels.write_text(json.dumps({one.article_id: one.cluster_id for one in verdicts}), encoding="utf-8")
    thousands = len(docs) / 1000
    print(f"texts                            {len(docs):>9,}  in {arguments.runs} run(s)")
    for relation, count in sorted(Counter(one.relation or one.outcome for one in verdicts).items()):
        print(f"  {relation:<30} {count:>9,}")
    print(f"newsbeam s per 1,000 texts       {processor / thousands:>9.3f}  processor ({wall / thousands:.3f} wall)")
    if not arguments.no_peer and importlib.util.find_spec("datasketch"):
        print(f"datasketch s per 1,000 texts     {seconds_of_datasketch(docs) / thousands:>9.3f}  processor")


if __name__ == "__main__":
    main()

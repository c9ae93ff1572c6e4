"""Marks the copies among texts by the rules of a run, beside datasketch: processor time, and F1 of pairs.

    python -m benchmarks.copies DATA.jsonl.gz --labels OUT.json [--runs N] [--threshold T]… [--no_peer]

DATA has one JSON object a line: id, text, published (ISO 8601), source; where it has a cluster_id too, pairs of texts
called copies of one another are scored: precision, recall, F1. OUT is {id: cluster_id}. With `--runs` the texts come
in the order of their publication in N runs, each with the fingerprints of those before it as its history.
datasketch is measured where it is installed, on the same texts: MinHashLSH (128 permutations) over 5-grams of words;
copies are texts with an estimated Jaccard similarity of at least the threshold, and copies of copies.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import importlib.util
import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from schemas.article import Article
from schemas.fingerprint import Fingerprint
from transforms.compare.copies.fingerprint import fingerprint_of
from transforms.compare.copies.mark_copies import ListedTexts, mark_copies, stored_fingerprints
from transforms.compare.copies.stored.history import ListedHistory
from transforms.compare.copies.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Doc:
    """One text to mark."""

    id: str
    text: str
    published_us: int
    source: str
    cluster_id: str | None = None


def read_docs(path: Path) -> list[Doc]:
    """The texts in a file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return [
        Doc(one["id"], one["text"], _microseconds(one["published"]), one["source"], one.get("cluster_id"))
        for one in records
    ]


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


def pair_scores(truth: Sequence[str], labels: Sequence[str]) -> tuple[float, float, float]:
    """Precision, recall and F1 of the pairs with one label, where those with one truth are the right ones."""
    hits, said, real = (_pairs(Counter(some)) for some in (zip(truth, labels, strict=True), labels, truth))
    return hits / max(said, 1), hits / max(real, 1), 2 * hits / max(said + real, 1)


def _pairs(sizes: Counter[Any]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


def marked_by_datasketch(docs: list[Doc], threshold: float) -> dict[str, str]:
    """A label for each text by MinHashLSH, the texts in the order of their publication."""
    datasketch = importlib.import_module("datasketch")
    index = datasketch.MinHashLSH(threshold=threshold, num_perm=128)
    sketches = {}
    labels: dict[str, str] = {}
    for doc in sorted(docs, key=lambda doc: (doc.published_us, doc.id)):
        words = doc.text.lower().split()
        grams = {" ".join(words[place : place + 5]).encode() for place in range(max(len(words) - 4, 1))}
        sketch = datasketch.MinHash(num_perm=128)
        sketch.update_batch(grams)
        alike = [one for one in index.query(sketch) if sketch.jaccard(sketches[one]) >= threshold]
        index.insert(doc.id, sketch)
        sketches[doc.id] = sketch
        joined = {labels[one] for one in alike}
        label = min(joined, default=doc.id)
        labels[doc.id] = label
        if len(joined) > 1:
            labels = {one: label if of in joined else of for one, of in labels.items()}
    return labels


def main() -> None:
    """Mark the texts, write the labels, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--threshold", type=float, action="append", help="of datasketch; may be given several times")
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
    _print_scores(docs, {one.article_id: one.cluster_id or one.article_id for one in verdicts})
    if arguments.no_peer:
        return
    if importlib.util.find_spec("datasketch") is None:
        print("datasketch is not installed: nothing to stand beside (pip install datasketch)")
        return
    for threshold in arguments.threshold or [0.7]:
        processor = time.process_time()
        labels = marked_by_datasketch(docs, threshold)
        processor = time.process_time() - processor
        print(f"datasketch {threshold} s per 1,000 texts {processor / thousands:>9.3f}  processor")
        _print_scores(docs, labels)


def _print_scores(docs: list[Doc], labels: Mapping[str, str]) -> None:
    """Scores of the texts whose right cluster is known."""
    known = [doc for doc in docs if doc.cluster_id is not None]
    if known:
        truth = [str(doc.cluster_id) for doc in known]
        precision, recall, f1 = pair_scores(truth, [labels.get(doc.id, doc.id) for doc in known])
        print(f"  pairs                          F1 {f1:.4f}  P {precision:.4f}  R {recall:.4f}")


if __name__ == "__main__":
    main()

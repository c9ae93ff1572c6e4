"""Finds the stories among texts: gives labels for scoring, and processor time.

    python -m benchmarks.stories DATA.jsonl.gz --labels OUT.json [--runs N]

DATA has one JSON object a line: id, title, text, published (ISO 8601, or "" if unknown), lang. OUT is {id: story_id}.
With `--runs`, the texts come in N runs, each with the sketches of the texts before it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from schemas.article import Article
from schemas.story import Sketch
from transforms.compare.stories.earlier import earlier_of
from transforms.compare.stories.group import group_stories
from transforms.compare.stories.sketch import sketch_of


def sketch_of_doc(doc: dict[str, Any]) -> Sketch:
    """A text's sketch."""
    published = doc.get("published")
    published_us = None
    if published:
        instant = datetime.fromisoformat(published)
        published_us = int((instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp() * 1_000_000)
    article = Article(
        article_id=doc["id"],
        url="",
        canonical_url="",
        publisher_domain=doc.get("source") or "",
        publisher_name=None,
        feed_url="",
        entry_id="",
        fetched_at_us=0,
        ingested_at_us=0,
        run_id="benchmark",
        headline=doc.get("title"),
        article_body=doc["text"],
        body_source="",
        extractor="",
        content_hash="",
        in_language=doc.get("lang"),
        date_published_us=published_us,
    )
    return sketch_of(article, doc["id"])


def main() -> None:
    """Group the texts, write the labels, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=1)
    arguments = parser.parse_args()
    with gzip.open(arguments.data, "rt", encoding="utf-8") as lines:
        docs = [json.loads(line) for line in lines]
    started = time.process_time()
    sketches = sorted((sketch_of_doc(doc) for doc in docs), key=lambda one: (one.published_us or 0, one.article_id))
    sketched = time.process_time()
    earlier: list[Sketch] = []
    for run in range(arguments.runs):
        part = sketches[run * len(sketches) // arguments.runs : (run + 1) * len(sketches) // arguments.runs]
        stories = group_stories(part, earlier_of(earlier))
        earlier += [replace(one, story_id=stories[one.article_id]) for one in part]
    ended = time.process_time()
    labels = {one.article_id: one.story_id for one in earlier}
    arguments.labels.write_text(json.dumps(labels), encoding="utf-8")
    sizes = Counter(Counter(labels.values()).values())
    print(f"texts                            {len(docs):>9,}  in {arguments.runs} run(s)")
    print(f"stories of two texts or more     {sum(n for size, n in sizes.items() if size > 1):>9,}")
    print(f"s per 1,000 texts                {(ended - started) / len(docs) * 1000:>9.3f}  processor")
    print(f"  of these for sketches          {(sketched - started) / len(docs) * 1000:>9.3f}")


if __name__ == "__main__":
    main()

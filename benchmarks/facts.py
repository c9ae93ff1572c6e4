"""Facts against hand labels: agencies, datelines, countries and language, and their cost.

    python -m benchmarks.facts LABELS.jsonl --pages SET=FOLDER … --gold [--predicted OUT.json]

Each FOLDER holds ``ground-truth.json`` ({id: {"articleBody", "url", "title", "authors"}}). ``--gold`` takes the gold
text of each page as its article body, so that extraction does not affect the figures.
"""

from __future__ import annotations

import argparse
import ast
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unicodedata import combining, normalize
from urllib.parse import urlsplit

from schemas.article import Article
from transforms.clean.clean_text import clean_article
from transforms.enrich.enrich_article import enrich_article, warm_up


@dataclass
class Tally:
    """Right, wrong and missed answers of one column."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, gold: Iterable[str], predicted: Iterable[str], neutral: Iterable[str] = ()) -> None:
        """Count one article. A predicted value among `neutral` is neither right nor wrong."""
        wanted, given = set(gold), set(predicted)
        self.right += len(wanted & given)
        self.wrong += len(given - wanted - set(neutral))
        self.missed += len(wanted - given)

    def __str__(self) -> str:
        precision = self.right / max(1, self.right + self.wrong)
        recall = self.right / max(1, self.right + self.missed)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        counts = f"{self.right} right, {self.wrong} wrong, {self.missed} missed"
        return f"P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}  ({counts})"


def main() -> None:
    """Print the table, and write the predictions if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", type=Path)
    parser.add_argument("--pages", nargs="+", required=True, metavar="SET=FOLDER")
    parser.add_argument("--gold", action="store_true", required=True, help="take the gold texts as article bodies")
    parser.add_argument("--predicted", type=Path, help="write {id: columns} here")
    parser.add_argument("--errors", action="store_true", help="print each article that is not right")
    options = parser.parse_args()
    labels = [json.loads(line) for line in options.labels.read_text(encoding="utf-8").splitlines()]
    folders = dict(pair.split("=", 1) for pair in options.pages)
    gold = {name: json.loads((Path(folder) / "ground-truth.json").read_text()) for name, folder in folders.items()}
    warm_up()
    predicted: dict[str, dict[str, Any]] = {}
    spent = 0.0
    for label in labels:
        article = gold_article(label["id"], gold[label["set"]][label["id"]])
        started = time.process_time()
        article = enrich_article(clean_article(article))
        spent += time.process_time() - started
        predicted[label["id"]] = columns(article)
    print_table(labels, predicted, options.errors)
    print(f"clean and enrich     {1000 * spent / len(labels):.2f} ms of processor time an article")
    if options.predicted:
        options.predicted.write_text(json.dumps(predicted, ensure_ascii=False), encoding="utf-8")


def gold_article(page_id: str, page: dict[str, Any]) -> Article:
    """An article as extraction would give it if it found exactly the gold text."""
    url = page.get("url") or ""
    authors = page.get("authors") or ()
    authors = ast.literal_eval(authors) if isinstance(authors, str) else authors
    return Article(
        article_id=page_id, url=url, canonical_url=url, publisher_domain=_domain(url, page_id), publisher_name=None,
        feed_url="", entry_id=page_id, fetched_at_us=0, ingested_at_us=0, run_id="", article_body=page["articleBody"],
        body_source="gold", extractor="", content_hash="", headline=page.get("title"), authors=tuple(authors or ()),
    )  # fmt: skip


def _domain(url: str, page_id: str) -> str:
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    country, _, rest = page_id.partition("__")
    return host if host else (f"unknown.{country}" if rest and len(country) == 2 and country != "us" else "")


def columns(article: Article) -> dict[str, Any]:
    """The columns that are scored."""
    return {
        "in_language": article.in_language,
        "wire_sources": list(article.wire_sources),
        "dateline": article.dateline,
        "countries": list(article.countries),
        "topic": article.topic,
        "word_count": article.word_count,
    }


def print_table(labels: list[dict[str, Any]], predicted: dict[str, dict[str, Any]], show_errors: bool) -> None:
    """Print micro-averaged figures of each column."""
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    counts: Counter[str] = Counter()
    for label in labels:
        given = predicted[label["id"]]
        tallies["wire_sources"].add(label["wire_sources"], given["wire_sources"])
        tallies["dateline"].add(_folded(label["dateline"]), _folded(given["dateline"]))
        tallies["countries strict"].add(label["countries"], given["countries"])
        tallies["countries lenient"].add(label["countries"], given["countries"], label["countries_mentioned"])
        counts["language"] += (given["in_language"] or "").split("-")[0] == label["language"]
        if label["countries"]:
            counts["with countries"] += 1
            counts["first"] += given["countries"][:1] == label["countries"][:1]
        if show_errors:
            for column in ("wire_sources", "dateline", "countries"):
                if label[column] != given[column]:
                    print(f"{label['id'][:28]:28} {label['language']} {column:12} {label[column]} but {given[column]}")
    print(f"articles             {len(labels)}")
    print(f"language             {counts['language'] / len(labels):.3f}")
    for column, tally in tallies.items():
        print(f"{column:20} {tally}")
    print(
        f"first country        {counts['first'] / max(1, counts['with countries']):.3f} of {counts['with countries']}"
    )


def _folded(name: str | None) -> list[str]:
    """A name without case, accents and punctuation, in the form in which labels are compared; [] if empty."""
    letters = (c if c.isalnum() else " " for c in normalize("NFKD", name or "").casefold() if not combining(c))
    folded = " ".join("".join(letters).split())
    return [folded] if folded else []


if __name__ == "__main__":
    main()

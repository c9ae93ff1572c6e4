"""A folder of pages through the real build, against bare trafilatura calls on the same bytes in the same process.

    python -m benchmarks.extraction FOLDER… [--predicted OUT.json] [--single] [--metadata]

FOLDER holds ``html/<id>[.html.gz]`` and ``ground-truth.json`` ({id: {"articleBody": text, "url": address}}). Each page
is built as in a run: text, metadata, cleaning, facts, fingerprint, and what is learned from the other pages of its site
in the folder (not with ``--single``). Prints for each folder the F1 of 4-word shingles of trafilatura and of newsbeam,
precision, recall, the mean difference of a page's F1 with its 95 % interval, and processor milliseconds a page with
their ratio. Both start warm; no fetching, no Parquet. Where the gold data are passages that must ("with") and must not
("without") be in the text, F1 is that of passages. ``--predicted`` writes {id: article_body}.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from statistics import mean
from typing import NamedTuple

import trafilatura

from benchmarks import metadata
from benchmarks.pages import PageSet, address, page_f1, page_of, shingle_f1, shingle_scores
from benchmarks.passages import has_passages, passage_scores
from pipelines.run.build_page import BuildPage, without_furniture
from schemas.draft import Draft
from schemas.page import Page
from transforms.compare.sites.site_blocks import learn_site
from transforms.extract.extract_error import ExtractError

_SAMPLES = 2000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--predicted", type=Path, help="write {id: article_body} here")
    parser.add_argument("--single", action="store_true", help="each page alone, nothing learned from its site")
    parser.add_argument("--metadata", action="store_true", help="also what benchmarks.metadata prints")
    given = parser.parse_args()
    predicted: dict[str, str] = {}
    for pages in map(PageSet, given.folders):
        read = _read(pages, given.single)
        print_scores(pages, read.bare, read.ours)
        bare_ms, ours_ms = (1000 * seconds / len(read.bare) for seconds in (read.bare_s, read.ours_s))
        ratio = f"trafilatura {bare_ms:.1f}  newsbeam {ours_ms:.1f}  {ours_ms / bare_ms:.2f} ×"
        print(f"{'':16} processor ms a page  {ratio}")
        predicted |= read.ours
        if given.metadata:
            metadata.measure(pages)
    if given.predicted:
        given.predicted.write_text(json.dumps(predicted, ensure_ascii=False))


def print_scores(pages: PageSet, bare: Mapping[str, str], ours: Mapping[str, str]) -> None:
    """Print the scores of both on a folder."""
    of_passages = has_passages(pages.rows)
    for name, texts in (("trafilatura", bare), ("newsbeam", ours)):
        found = passage_scores(pages.rows, texts) if of_passages else shingle_scores(pages.gold, texts)
        f1, precision, recall = found
        empty = sum(not texts.get(page_id) for page_id in pages.gold)
        print(f"{pages.folder.name:16} {name:12} F1 {f1:.4f}  P {precision:.4f}  R {recall:.4f}  without text {empty}")
        _print_languages(pages, texts)
    if of_passages:
        return
    gains = [page_f1(gold, ours.get(key, "")) - page_f1(gold, bare.get(key, "")) for key, gold in pages.gold.items()]
    low, high = interval(gains)
    print(
        f"{'':16} {len(gains)} pages, F1 a page {mean(gains):+.4f}, 95 % of the mean in [{low:+.4f}, {high:+.4f}]",
        flush=True,
    )


def _print_languages(pages: PageSet, texts: Mapping[str, str]) -> None:
    """Print the F1 of each language, where the gold data of a set name it."""
    languages: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for page_id, row in pages.rows.items():
        if row.get("language"):
            languages[row["language"]][page_id] = pages.gold[page_id]
    if languages:
        each = (f"{name} {shingle_f1(gold, texts):.4f} ({len(gold)})" for name, gold in sorted(languages.items()))
        print(f"{'':16} {'  '.join(each)}")


def interval(values: list[float]) -> tuple[float, float]:
    """The 95 % bootstrap interval of the mean."""
    rng = random.Random(1)
    means = sorted(mean(rng.choices(values, k=len(values))) for _ in range(_SAMPLES))
    return means[_SAMPLES // 40], means[-1 - _SAMPLES // 40]


def bare_text(body: bytes) -> str:
    """Trafilatura's text, extracted together with all its metadata."""
    document = trafilatura.bare_extraction(body, include_comments=False, with_metadata=True)
    return (document.text or "") if document else ""


class Read(NamedTuple):
    """The texts of a folder by page id, and the processor seconds, of both tools."""

    bare: dict[str, str]
    ours: dict[str, str]
    bare_s: float
    ours_s: float


def _read(pages: PageSet, single: bool) -> Read:
    """Read each page with both tools in turn, so that a busy machine slows both alike."""
    build = BuildPage()
    given = {page_id: page_of(address(pages, page_id), body) for page_id, body in pages.bodies.items()}
    first = next(iter(given.values()))
    bare_text(first.body)
    build_page(build, first)
    bare: dict[str, str] = {}
    built: dict[str, Draft] = {}
    bare_s = ours_s = 0.0
    for page_id, page in given.items():
        started = time.process_time()
        bare[page_id] = bare_text(page.body)
        between = time.process_time()
        if (found := build_page(build, page)) is not None:
            built[page_id] = found
        bare_s, ours_s = bare_s + between - started, ours_s + time.process_time() - between
    started = time.process_time()
    if not single:
        built = after_learning(built)
    ours_s += time.process_time() - started
    ours = {page_id: built[page_id].article.article_body if page_id in built else "" for page_id in given}
    return Read(bare, ours, bare_s, ours_s)


def build_page(build: BuildPage, page: Page) -> Draft | None:
    """What the build makes of a page; None if it finds no article."""
    try:
        return build(page)
    except ExtractError:
        return None


def after_learning(built: Mapping[str, Draft]) -> dict[str, Draft]:
    """The built pages without the furniture that the pages of their site show together."""
    sites = defaultdict(list)
    for one in built.values():
        sites[one.site_page.site].append(one.site_page)
    furniture = {
        found: blocks for pages in sites.values() for found, blocks in learn_site(pages, None, 0).furniture.items()
    }
    return {
        page_id: without_furniture(one, furniture[one.page_id]) if one.page_id in furniture else one
        for page_id, one in built.items()
    }


if __name__ == "__main__":
    main()

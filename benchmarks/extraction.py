"""The build of single pages against bare trafilatura calls, in one process.

    python -m benchmarks.extraction FOLDER… [--predicted OUT.json]

Prints, for each folder of pages with gold texts, 4-word-shingle F1 and processor milliseconds a page of: our
extraction with all its metadata, our whole build (cleaning, facts and fingerprint too), the extraction of a second
try, and the bare call with and without metadata. One page after another, each warmed up once: no start-up, no
fetching, no Parquet.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import trafilatura

from benchmarks.pages import PageSet, shingle_f1
from pipelines.build_page import BuildPage
from schemas.feed import FeedEntry
from schemas.page import Page
from transforms.extract.extract_article import ExtractError, extract_article
from transforms.web.urls import url_key

_FETCHED_AT_US = 1_772_452_800_000_000  # 2026-03-02T12:00:00Z: later than the pages of any set
_URL = "https://example.org/page"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--predicted", type=Path, help="write {id: article_body} of the whole build here")
    given = parser.parse_args()
    predicted: dict[str, str] = {}
    for pages in map(PageSet, given.folders):
        print(f"{pages.folder.name}, {len(pages.gold)} pages")
        for name, read in READERS.items():
            texts, page_ms = _timed(read, pages.bodies)
            print(f"  {name:32} F1 {shingle_f1(pages.gold, texts):.4f}  {page_ms:5.1f} ms a page")
            if read is _built:
                predicted |= texts
    if given.predicted:
        given.predicted.write_text(json.dumps(predicted, ensure_ascii=False))


def _timed(read: Callable[[bytes], str], bodies: Mapping[str, bytes]) -> tuple[dict[str, str], float]:
    read(next(iter(bodies.values())))
    started = time.process_time()
    texts = {name: read(body) for name, body in bodies.items()}
    return texts, 1000 * (time.process_time() - started) / len(bodies)


def _page(body: bytes) -> Page:
    entry = FeedEntry(feed_url=_URL, entry_id=_URL, url=_URL, url_key=url_key(_URL))
    return Page(
        url=entry.url, url_key=entry.url_key, final_url=_URL, status=200, content_type="text/html", charset=None,
        headers=(), body=body, fetched_at_us=_FETCHED_AT_US, run_id="benchmark", feed_url=entry.feed_url,
        feed_title=None, entry_id=entry.entry_id, entry_title=None, entry_summary=None, entry_content_html=None,
        entry_authors=(), entry_keywords=(), entry_language=None, entry_image_url=None, entry_published_us=None,
        entry_updated_us=None,
    )  # fmt: skip


def _built(body: bytes) -> str:
    try:
        return BuildPage(_FETCHED_AT_US, "benchmark")(_page(body)).article.article_body
    except ExtractError:
        return ""


def _extracted(body: bytes) -> str:
    try:
        return extract_article(_page(body), _FETCHED_AT_US, "benchmark").article_body
    except ExtractError:
        return ""


def _plainly(body: bytes) -> str:
    try:
        return extract_article(_page(body), _FETCHED_AT_US, "benchmark", plainly=True).article_body
    except ExtractError:
        return ""


def _bare(body: bytes) -> str:
    document = trafilatura.bare_extraction(body, include_comments=False, with_metadata=False)
    return (document.text or "") if document else ""


def _bare_with_metadata(body: bytes) -> str:
    document = trafilatura.bare_extraction(body, include_comments=False, with_metadata=True)
    return (document.text or "") if document else ""


READERS: Mapping[str, Callable[[bytes], str]] = {
    "newsbeam, extraction": _extracted,
    "newsbeam, whole build": _built,
    "newsbeam, second try": _plainly,
    "trafilatura": _bare,
    "trafilatura with metadata": _bare_with_metadata,
}


if __name__ == "__main__":
    main()

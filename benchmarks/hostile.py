"""Builds hostile pages with the real build, in the real sandbox with the limits of a run.

    python -m benchmarks.hostile FOLDER [--kept WORDS]

FOLDER holds a ``manifest.jsonl``. Its rows of kind "page" name a file, and may state its content_type and what the
article must contain or must not contain. Prints for each page its size, the wall and processor seconds from the answer
to the article, and the outcome: source and length of the text, or the reason of the failure. LOST and LEAKED mark the
rows that break their promise, and the exit status is 1 if there are any. With --kept, rows whose text holds these words
are marked.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from multidict import CIMultiDict
from rich.console import Console
from rich.table import Table

from benchmarks.measured import tree_cpu_s
from pipelines.run.build_page import build_pages
from pipelines.start_workers import PRELOAD
from schemas.feed import FeedEntry
from schemas.page import Page
from transforms.extract.extract_error import ExtractError
from transforms.pages.make_page import check_page, page_from
from transforms.sandbox import Sandbox, SandboxError, SandboxPool
from transforms.web.errors import FetchError
from transforms.web.http.response import Response
from transforms.web.settings import Limits
from transforms.web.urls import url_key

_URL = "https://example.org/2026/03/02/page"
_NOW_US = 1_772_452_800_000_000  # 2026-03-02T12:00:00Z


class Outcome(NamedTuple):
    """What came of a page: a short description, and all its text that would reach the lake."""

    said: str
    text: str


def main() -> int:
    """Build every page and print the table. Returns 1 if a promise was broken, else 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kept", default="", metavar="WORDS", help="mark the texts that hold these words")
    given = parser.parse_args()
    grid = Table("case", "MB", "wall s", "processor s", "outcome", "", box=None)
    broken = 0
    pool = Sandbox(workers=1, preload=PRELOAD).open()
    try:
        pool.submit(len, "").result()  # starts the fork server, so that no page pays for it
        for row in map(json.loads, (given.folder / "manifest.jsonl").read_text().splitlines()):
            if row["kind"] != "page":
                continue
            body = (given.folder / row["file"]).read_bytes()
            started_s, before_s = time.monotonic(), tree_cpu_s(os.getpid())
            outcome = built(pool, body, row.get("content_type", "text/html"))
            took_s, spent_s = time.monotonic() - started_s, tree_cpu_s(os.getpid()) - before_s
            marks = _broken(row, outcome.text)
            broken += bool(marks)
            if given.kept and given.kept in outcome.text:
                marks.append("kept")
            figures = (len(body) / 1e6, took_s, spent_s)
            grid.add_row(row["name"], *(f"{figure:.2f}" for figure in figures), outcome.said, " ".join(marks))
    finally:
        pool.close()
    Console(width=140, highlight=False).print(grid)
    return 1 if broken else 0


def built(pool: SandboxPool, body: bytes, content_type: str) -> Outcome:
    """The outcome of a body: the size limit of a fetch, the check of its bytes, and the build with its second try."""
    if len(body) > Limits().decoded_bytes:
        return Outcome("too_large", "")
    headers = CIMultiDict({"content-type": content_type})
    response = Response(_URL, _URL, (), 200, headers, body, elapsed_ms=0, received_at_us=_NOW_US)
    try:
        check_page(response)
        article = _built(pool, page_from(FeedEntry("", _URL, _URL, url_key(_URL)), response, _NOW_US, "benchmark"))
    except (FetchError, ExtractError, SandboxError) as error:
        return Outcome(str(error)[:70], "")
    text = f"{article.headline}\n{article.article_body}\n{article.description}"
    return Outcome(f"{article.body_source}, {len(article.article_body)} characters", text)


def _built(pool: SandboxPool, page: Page) -> Any:
    build = build_pages()
    return build.finish(pool, page, build.start(pool, page)).article


def _broken(row: Mapping[str, Any], text: str) -> list[str]:
    lost = "must_contain" in row and row["must_contain"] not in text
    leaked = "must_not_contain" in row and row["must_not_contain"] in text
    return ["LOST"] * lost + ["LEAKED"] * leaked


if __name__ == "__main__":
    sys.exit(main())

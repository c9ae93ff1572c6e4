"""Lakes of pages that no run has fetched, for what reads them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from schemas.article import ARTICLES, Article
from schemas.page import PAGES, Header, Page
from schemas.run import FilePart, RunManifest, iso, new_run_id
from schemas.table import day_of
from tests import rows
from transforms.lake.files.layout import manifest_path
from transforms.lake.files.parts import PartWriter
from transforms.lake.files.storage import Storage
from transforms.web.urls import BadUrl, url_key

SECOND_US = 1_000_000
DAY_US = 86_400 * SECOND_US


def stored_page(url: str, body: bytes, after_s: float = 0, **values: object) -> Page:
    """A page as a run stores it, fetched so many seconds after noon."""
    try:
        key = url_key(url)
    except BadUrl:
        key = "f" * 32
    given = {
        "charset": "utf-8",
        "headers": (Header("content-type", "text/html; charset=utf-8"),),
        "entry_title": "From the feed",
        "entry_authors": ("A. Writer", "Ö. Schreiber"),
        "entry_published_us": rows.NOON_US - 1,
        "ip_address": "192.0.2.7",
        "status_line": "HTTP/1.1 200 OK",
        "response_headers": (
            Header("Content-Type", "text/html; charset=utf-8"),
            Header("Content-Length", str(len(body))),
        ),
    }
    place = {"url": url, "url_key": key, "final_url": url, "body": body}
    return rows.page(**place | given | {"fetched_at_us": rows.NOON_US + round(after_s * SECOND_US)} | values)


def lake_of(folder: Path, pages: Sequence[Page], articles: Sequence[Article] = (), committed: bool = True) -> Path:
    """A lake in which one run has stored these pages and articles, a file for each ten pages of a day."""
    storage = Storage(str(folder))
    run_id = new_run_id(rows.NOON_US + len(storage.stats("pages")), None)
    writer, files = PartWriter(storage, run_id), list[FilePart]()
    days: dict[str, list[Page]] = defaultdict(list)
    for page in pages:
        days[day_of(page.fetched_at_us)].append(page)
    for day, of_day in days.items():
        for n in range(0, len(of_day), 10):
            files.append(writer.write(PAGES, of_day[n : n + 10], f"{n:05d}", day))
    for article in articles:
        files.append(writer.write(ARTICLES, [article], f"{len(files):05d}", article.published_date))
    if committed:
        at = iso(rows.NOON_US)
        manifest = RunManifest(run_id, "ingest", at, at, {}, {}, {}, {}, tuple(files))
        storage.put(manifest_path(run_id), manifest.to_json())
    return folder

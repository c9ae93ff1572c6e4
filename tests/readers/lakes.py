"""Lakes as readers may find them, and what a reader that sees exactly the committed rows finds there."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pyarrow.parquet as pq

from newsroom import Newsroom
from schemas.article import ARTICLES
from schemas.page import PAGES
from schemas.run import RunManifest, iso, new_run_id
from tests.command import newsbeam
from tests.rows import NOON_US, article, page
from transforms.common.clock import HOUR_US
from transforms.lake.files.layout import manifest_path
from transforms.lake.files.parts import PartWriter
from transforms.lake.files.storage import Storage

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Found:
    """The committed articles: their number, the headlines of the latest revisions by id, an article with several
    revisions and its headlines, the articles a day, and how many are in files that lack a column.
    """

    rows: int
    latest: dict[str, str]
    article_id: str
    one: list[str]
    a_day: dict[str, int]
    without_kind: int


def found_by_glob(lake: Path) -> Found:
    """What a plain glob finds, in a lake in which all files are committed."""
    schema = pq.read_schema(lake / "articles/_common_metadata")
    rows = ds.dataset(lake / "articles", schema=schema, partitioning="hive").to_table().to_pylist()
    rows.sort(key=lambda row: row["fetched_at"])
    by_id: dict[str, list[str]] = {}
    for row in rows:
        by_id.setdefault(row["article_id"], []).append(row["headline"])
    revised = max(by_id, key=lambda article_id: len(by_id[article_id]), default="0" * 32)
    days = sorted(row["published_date"] for row in rows)
    latest = {article_id: headlines[-1] for article_id, headlines in by_id.items()}
    return Found(len(rows), latest, revised, by_id.get(revised, []), {day: days.count(day) for day in days}, 0)


def busy_lake(folder: Path) -> Found:
    """A lake in ``folder/lake`` that release 0.1.0 began, in the grace of an edition, while a run is under way."""
    lake = folder / "lake"
    shutil.copytree(ROOT / "tests/lakes/0.1.0", lake)
    with Newsroom(slow_s=0.0) as room:
        room.advance(hours=2)
        room.write_feeds(folder / "feeds.opml")
        ingest(folder, "feeds.opml", room.now_us)
    found = found_by_glob(lake)
    done = newsbeam("compact", "--output", str(lake), "--now", "2026-03-02T12:00:00Z")
    assert done.returncode == 0, done.stderr
    assert "files became" in done.stdout
    written = max((lake / "articles/published_date=2026-03-02").glob("*.parquet"))
    older = lake / "articles/published_date=2026-03-02/part-20260302T080000.000121Z-00000.parquet"
    without = pq.read_table(older, partitioning=None).drop_columns(["page_kind", "recovered"])
    pq.write_table(without, older)  # as version 1 of the table was
    shutil.copy(written, written.with_name("part-20260302T130000.000000Z-00000.parquet"))
    return replace(found, without_kind=without.num_rows)


def empty_lake(folder: Path) -> Found:
    """A lake in ``folder/lake`` with a run that found no article."""
    (folder / "feeds.txt").write_text("http://127.0.0.1:9/nobody-listens.xml\n")
    ingest(folder, "feeds.txt", NOON_US)
    return Found(0, {}, "0" * 32, [], {}, 0)


def ingest(folder: Path, feeds: str, now_us: int) -> None:
    """A run into ``folder/lake``."""
    arguments = ["--feeds", str(folder / feeds), "--output", str(folder / "lake"), "--now", iso(now_us)]
    done = newsbeam("ingest", *arguments, "--host_delay", "0", "--allow_networks", "127.0.0.0/8")
    assert done.returncode == 0, done.stderr[-4000:]


def write_run(lake: str, number: int, **columns: Any) -> str:
    """A committed run that has written two articles and a page, without any fetch; returns its id."""
    storage, run_id = Storage(lake), new_run_id(NOON_US + number * HOUR_US, None)
    writer = PartWriter(storage, run_id)
    rows = [article(article_id=f"{number * 2 + one:032x}", run_id=run_id, **columns) for one in range(2)]
    files = (
        writer.write(ARTICLES, rows, "00000", "2026-03-02"),
        writer.write(PAGES, [page(url_key=f"{number:032x}", run_id=run_id)], "00000-0000", "2026-03-02"),
    )
    manifest = RunManifest(run_id, "ingest", iso(NOON_US), iso(NOON_US), {}, {}, {}, {}, files)
    storage.put(manifest_path(run_id), manifest.to_json())
    return run_id

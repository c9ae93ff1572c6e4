"""All that the rules of health judge about a lake, and the disk that it is on."""

from __future__ import annotations

import os
from typing import Final

from pipelines.figures.facts import (
    failure_days,
    finished_us,
    pending,
    plain_articles,
    sites_of,
    sites_sql,
    sources_of,
    sources_sql,
)
from pipelines.figures.lake_tables import ALL_FIGURES, LakeTables, Wanted
from schemas.run import started_us
from transforms.feeds.scheduling.rhythm import run_gap_s
from transforms.health.disk import DiskSpace
from transforms.health.findings import LakeFacts
from transforms.lake.files.storage import Storage

NEEDED: Final[Wanted] = {
    "articles": (
        "publisher_domain", "word_count", "ingested_at", "relation", "page_kind", "body_source", "run_id",
        "withdrawn_at",
    ),
    "feed_polls": ALL_FIGURES["feed_polls"],
}  # fmt: skip
"""What the facts are made of, to be read by `lake_tables`."""

_LAST_RUNS: Final = 10


def lake_facts(tables: LakeTables, disk: DiskSpace | None = None) -> LakeFacts:
    """The facts of a lake, by its live runs, as of the newest of them."""
    plain, articles = plain_articles(tables)
    return LakeFacts(
        finished_at_us=finished_us(tables),
        usual_gap_s=run_gap_s([started_us(run) for run in tables.live.runs[-_LAST_RUNS:]]),
        sources=sources_of(tables.query(sources_sql(tables.live)).dicts()),
        sites=sites_of(tables.query(sites_sql(tables.live)).dicts()),
        failures=failure_days(tables),
        pending=pending(tables),
        plain_articles=plain,
        articles=articles,
        disk=disk,
    )


def disk_of(storage: Storage) -> DiskSpace | None:
    """The disk that a lake is on, as its owner may fill it; None for a lake in an object store."""
    if storage.folder is None:
        return None
    found = os.statvfs(storage.folder)
    return DiskSpace(
        total_bytes=(found.f_blocks - found.f_bfree + found.f_bavail) * found.f_frsize,
        free_bytes=found.f_bavail * found.f_frsize,
        total_files=found.f_files,
        free_files=found.f_favail,
    )

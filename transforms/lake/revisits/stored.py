"""What a lake holds of articles to revisit: the facts of their pages, and their latest rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.article import ARTICLES, Article
from schemas.fingerprint import Fingerprint
from schemas.page import PAGES, Page
from schemas.revisit import Revisit
from schemas.run import new_run_id
from schemas.table import day_of
from transforms.lake.committed import committed
from transforms.lake.editions.rebuild.rows import rows_at
from transforms.lake.files.layout import is_of_edition, run_of
from transforms.lake.files.parts import PartReader

_FACTS = tuple(name for name in PAGES.schema.names if name != "body")


def pages_of(reader: PartReader, rows: Sequence[Revisit]) -> dict[str, Page]:
    """The stored page of each of these articles, without its bytes, by article id; none of what is no longer kept.

    Of a day only those files are read that may hold such a page: of the run that was under way when it was fetched, or
    of an edition; all of them only where a page is not there, because a clock went back.
    """
    if not rows:
        return {}
    by_day: dict[str, list[Revisit]] = {}
    for row in rows:
        by_day.setdefault(day_of(row.fetched_at_us), []).append(row)
    found: dict[str, Page] = {}
    held = committed(reader.storage)
    for day, wanted in sorted(by_day.items()):
        paths = held.among(reader.storage.list(f"{PAGES.name}/{PAGES.partition}={day}"))
        likely = _likely(paths, wanted)
        for path in (*likely, *(path for path in paths if path not in likely)):
            left = [row for row in wanted if row.article_id not in found]
            missing = {(row.url_key, row.fetched_at_us): row.article_id for row in left}
            if not missing:
                break
            found.update(_pages_in(reader, path, missing))
    return found


def _likely(paths: Sequence[str], wanted: Iterable[Revisit]) -> list[str]:
    runs = sorted({run_of(path) or "" for path in paths if not is_of_edition(path)})
    ids = {new_run_id(row.fetched_at_us, None) for row in wanted}
    of_these = {runs[at - 1] for at in np.searchsorted(runs, sorted(ids), side="right").tolist() if at}
    return [path for path in paths if is_of_edition(path) or run_of(path) in of_these]


def _pages_in(reader: PartReader, path: str, wanted: Mapping[tuple[str, int], str]) -> dict[str, Page]:
    keys = {key for key, _ in wanted}
    table = reader.columns(path, _FACTS, [("url_key", "in", keys)])
    table = table.append_column("body", pa.array([b""] * table.num_rows, pa.binary()))
    pages = ((wanted.get((page.url_key, page.fetched_at_us)), page) for page in PAGES.from_arrow(table))
    return {article_id: page for article_id, page in pages if article_id is not None}


def latest_rows(reader: PartReader, latest: Sequence[Fingerprint]) -> dict[str, Article]:
    """The row of each of these revisions, by article id; none of what is no longer kept."""
    if not latest:
        return {}
    by_day: dict[str, list[Fingerprint]] = {}
    for one in latest:
        by_day.setdefault(one.partition, []).append(one)
    places: dict[str, tuple[str, int]] = {}
    held = committed(reader.storage)
    for day, wanted in sorted(by_day.items()):
        revisions = {(one.article_id, one.revision, one.fetched_at_us) for one in wanted}
        ids = pa.array(sorted({one.article_id for one in wanted}))
        for path in held.among(reader.storage.list(f"{ARTICLES.name}/{ARTICLES.partition}={day}")):
            table = reader.columns(path, ("article_id", "revision", "fetched_at"))
            rows = np.flatnonzero(pc.is_in(table.column("article_id"), value_set=ids).to_numpy())
            facts = table.take(rows)
            instants = facts.column("fetched_at").cast(pa.int64()).to_pylist()
            ids_and_revisions = (facts.column(name).to_pylist() for name in ("article_id", "revision"))
            for row, *fact in zip(rows.tolist(), *ids_and_revisions, instants, strict=True):
                if tuple(fact) in revisions:
                    places[fact[0]] = (path, row)
    articles = ARTICLES.from_arrow(rows_at(reader, list(places.values())))
    return {article.article_id: article for article in articles}

"""The report's part on copies: read from the run's articles, printed as a line of shares and two tables."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table as Grid

from pipelines.printable import cell
from schemas.article import ARTICLES
from schemas.fingerprint import FINGERPRINTS
from schemas.run import RunManifest
from transforms.compare.copies.stored.stored_history import StoredHistory
from transforms.compare.copies.summary import CopiesSummary, Marked, summarise
from transforms.lake.committed import Committed, committed
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import Storage


def copies_of_run(storage: Storage, manifest: RunManifest) -> CopiesSummary:
    """The copies among the articles that a run wrote."""
    reader, held = PartReader(storage), committed(storage)
    articles = list(_articles(reader, held, manifest.run_id))
    known = {one.article_id for one in articles}
    elsewhere = sorted({one.duplicate_of for one in articles if one.duplicate_of} - known)
    parts = held.parts(FINGERPRINTS) if elsewhere else ()
    originals = StoredHistory(reader, parts).by_article(elsewhere, with_shingles=False)
    return summarise(articles, {one.article_id: one.publisher_domain for one in originals})


def _articles(reader: PartReader, held: Committed, run_id: str) -> Iterator[Marked]:
    for path, rows in held.of_run(ARTICLES, run_id, Marked._fields):
        try:
            columns = rows.select(Marked._fields).to_pydict()
        except (KeyError, UnicodeDecodeError) as error:
            raise reader.damaged(path, str(error)) from error
        yield from map(Marked._make, zip(*columns.values(), strict=True))


def print_copies(summary: CopiesSummary, console: Console) -> None:
    """Print the share of each relation, the largest clusters, and who copied whom; nothing without copies."""
    if not summary.clusters:
        return
    shares = ", ".join(f"{share:.0%} {relation}" for relation, share in summary.shares.items())
    console.print(f"[bold]Copies[/bold] among {summary.articles} articles: {shares}")
    clusters = _grid("articles", "publishers", "largest clusters")
    for one in summary.clusters:
        clusters.add_row(str(one.articles), str(one.publishers), cell(one.headline))
    console.print(clusters)
    copied = _grid("copies", "by", "of")
    for copy, original, count in summary.copied:
        copied.add_row(str(count), cell(copy), cell(original))
    console.print(copied)


def _grid(*columns: str) -> Grid:
    grid = Grid(box=None, padding=(0, 2, 0, 0))
    for column in columns:
        grid.add_column(column, justify="right" if column in ("articles", "publishers", "copies") else "left")
    return grid

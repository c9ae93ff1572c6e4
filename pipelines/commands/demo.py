"""``newsbeam demo``: two runs, an hour apart, against the bundled newsroom, and their results."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import pyarrow.dataset as ds
from rich.table import Table as Grid
from rich.tree import Tree

from newsroom import Newsroom, Truth
from pipelines.checks import UsageError, local_folder
from pipelines.commands.report.report import wide_console
from pipelines.commands.run_once import run_once
from pipelines.logs import RunLogs
from pipelines.parser import command_parser
from pipelines.printable import cell
from schemas.article import ARTICLES
from schemas.run import iso
from transforms.lake.committed import committed
from transforms.lake.files.storage import Storage

_FEEDS = "newsroom.opml"
_ROWS_SHOWN = 28
_COLUMNS = [
    "article_id", "canonical_url", "publisher_name", "headline", "article_body", "in_language", "word_count",
    "relation", "duplicate_of", "similarity", "removed", "revision", "fetched_at",
]  # fmt: skip


def demo(given: argparse.Namespace, logs: RunLogs) -> int:
    """The exit status, after ingesting the newsroom twice into ``<output>/lake`` and showing the results.

    The lake of an earlier demo there is deleted first.
    """
    console = wide_console()
    folder = _fresh_folder(given.output)
    lake = folder / "lake"
    with Newsroom() as room:
        feeds = folder / _FEEDS
        room.write_feeds(feeds)
        console.rule("[bold]A press of its own, on loopback")
        console.print(f"{len(room.feeds)} feeds, good and bad ones; {len(room.truth())} addresses published so far")
        for hour in ("the first run", "an hour later: some news, one edited article, most feeds unchanged"):
            console.rule(f"[bold]{hour}")
            command = ["ingest", "--feeds", str(feeds), "--output", str(lake), "--host_delay", "0.05"]
            command += ["--allow_networks", "127.0.0.0/8", "--now", iso(room.now_us), "--log_format", given.log_format]
            console.print(f"[dim]$ newsbeam {' '.join(command)}[/dim]", soft_wrap=True)
            parsed, _ = command_parser().parse_known_args(command)
            status = run_once(parsed, (), logs)
            if status != 0:
                return status
            room.advance(hours=1)
        articles = _committed_articles(lake)
        room.advance(hours=-1)
        truth = room.truth()
    console.rule("[bold]The lake")
    console.print(_tree(lake))
    console.rule("[bold]Articles: what was cleaned away, and which are copies of which")
    console.print(_articles(articles))
    console.rule("[bold]Against what the newsroom knows")
    for line in compared(articles, truth):
        console.print(line)
    console.rule("[bold]Query it")
    console.print(_queries(lake), soft_wrap=True, markup=False)
    return 0


def _committed_articles(lake: Path) -> list[dict[str, Any]]:
    paths = [str(lake / path) for path in committed(Storage(str(lake))).parts(ARTICLES)]
    return list(ds.dataset(paths).to_table(_COLUMNS).to_pylist())


def compared(articles: Iterable[dict[str, Any]], truth: Iterable[Truth]) -> list[str]:
    """Lines that compare the latest revision of each article with the newsroom's truth."""
    latest: dict[str, dict[str, Any]] = {}
    for row in sorted(articles, key=lambda row: row["revision"]):
        latest[row["canonical_url"]] = row
    by_id = {row["article_id"]: row["canonical_url"] for row in latest.values()}
    expected = {known.canonical_url: known for known in truth if known.outcome == "article"}
    found = {url: row for url, row in latest.items() if url in expected}
    texts = {url: " ".join(row["article_body"].split()) for url, row in found.items()}
    paragraphs = [" ".join(text.split()) in texts[url] for url in texts for text in expected[url].body.split("\n\n")]
    furniture = [" ".join(line.split()) in texts[url] for url in texts for line in expected[url].furniture]
    copies = [url for url, known in expected.items() if known.relation in ("exact", "near", "abridged")]
    marked = [url for url in copies if url in found and by_id.get(found[url]["duplicate_of"]) is not None]
    wrong = [url for url, row in found.items() if row["duplicate_of"] and expected[url].relation == "original"]
    return [
        f"articles found      {len(found)} of {len(expected)}, and {len(latest) - len(found)} that are none",
        f"paragraphs kept     {sum(paragraphs)} of {len(paragraphs)}",
        f"furniture kept out  {len(furniture) - sum(furniture)} of {len(furniture)} lines",
        f"copies marked       {len(marked)} of {len(copies)}; originals taken for copies: {len(wrong)}",
    ]


def _fresh_folder(output: str) -> Path:
    if local_folder(output) is None:
        raise UsageError(f"the demo looks at its lake as files: choose a folder on this machine, not {output}")
    folder = Path(output.removeprefix("file://"))
    if folder.exists() and any(folder.iterdir()):
        if not (folder / _FEEDS).is_file():
            raise UsageError(f"{folder} is not empty and no earlier demo's: choose another --output")
        shutil.rmtree(folder / "lake", ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _tree(lake: Path) -> Tree:
    """The lake's folders with the number and size of their files."""
    tree = Tree(f"{lake}/")
    for table in sorted(path for path in lake.iterdir() if path.is_dir()):
        branch = tree.add(f"{table.name}/")
        partitions = sorted(path for path in table.iterdir() if path.is_dir())
        for folder in partitions or [table]:
            files = [path for path in folder.rglob("*") if path.is_file()]
            kib = sum(path.stat().st_size for path in files) / 1024
            label = f"{folder.name}/  " if partitions else ""
            branch.add(f"{label}{len(files)} file{'s' * (len(files) != 1)}, {kib:.0f} KiB")
    return tree


def _articles(rows: list[dict[str, Any]]) -> Grid:
    """The rows most worth showing: copies and revisions first, then those with the most removed blocks."""
    names = {row["article_id"]: row["publisher_name"] for row in rows}
    ranked = sorted(rows, key=lambda row: (row["relation"] == "original", -len(row["removed"]), row["canonical_url"]))
    grid = Grid(caption=f"{min(_ROWS_SHOWN, len(rows))} of {len(rows)} rows", box=None, padding=(0, 1, 0, 0))
    least = {"publisher": 9, "lang": 4, "headline": 16, "words": 5, "relation": 8, "copy of": 12, "removed": 12}
    for name, width in least.items():
        justify: Literal["left", "right"] = "right" if name == "words" else "left"
        most = 40 if name == "headline" else 26
        grid.add_column(name, no_wrap=True, overflow="ellipsis", justify=justify, min_width=width, max_width=most)
    for row in ranked[:_ROWS_SHOWN]:
        removed = Counter(item["reason"] for item in row["removed"])
        original = names.get(row["duplicate_of"], "") if row["relation"] != "revision" else f"rev. {row['revision']}"
        share = f" {row['similarity']:.2f}" if row["similarity"] is not None else ""
        grid.add_row(
            cell(row["publisher_name"] or ""), row["in_language"], cell(row["headline"] or ""),
            str(row["word_count"]), row["relation"],
            cell(f"{original}{share}"), ", ".join(f"{n} {reason}" for reason, n in removed.items()),
        )  # fmt: skip
    return grid


def _queries(lake: Path) -> str:
    """Three shell commands that query the lake, with the Python that runs the demo."""
    lake_file = f"attach '{lake}/lake.duckdb' as lake (read_only); use lake;"
    python = os.path.relpath(sys.executable) if Path(sys.executable).is_relative_to(Path.cwd()) else sys.executable
    duck = python + ' -c "import duckdb; duckdb.sql(\\"{}\\").show()"'
    by_relation = f"{lake_file} select published_date, relation, count(*) n from articles group by all order by all"
    newest = f"{lake_file} select headline, in_language, word_count from articles order by date_published desc limit 5"
    arrow = f"import newsbeam; print(newsbeam.read('{lake}').count_rows())"
    return "\n".join((duck.format(by_relation), duck.format(newest), f'{python} -c "{arrow}"'))

"""The options of ``newsbeam dedupe``."""

from __future__ import annotations

import argparse
from typing import Any

from pipelines.checks import whole
from pipelines.options import subcommand

_MORE = """\
Files are Parquet or JSON lines (.parquet, .jsonl, .jsonl.gz, .jsonl.zst), or folders of them. Rows stay as they are
and where they are, and get the columns cluster_id, relation (original, exact, near, abridged, revision), duplicate_of,
similarity and not_compared (why a row was not). Without ids rows are named by their number, in a column row_number.
Exit status 3 when rows could not be compared.
"""


def add_dedupe(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the subcommand."""
    dedupe = subcommand(commands, "dedupe", "mark copies among texts in any Parquet or JSON lines files", _MORE)
    dedupe.add_argument("files", nargs="+", metavar="FILE|FOLDER", help="files of texts, all compared with one another")
    dedupe.add_argument(
        "--output", required=True, metavar="FILE|FOLDER", help="a file for one file, else a folder; neither is replaced"
    )
    columns = dedupe.add_argument_group("columns, found by their usual names where they are not given")
    columns.add_argument("--text", metavar="NAME", help="the texts (text, article_body, content, body, …)")
    columns.add_argument("--id", metavar="NAME", help="ids, by which copies name their originals (id, article_id, …)")
    columns.add_argument("--date", metavar="NAME", help="dates: the earliest of copies is the original (date, …)")
    columns.add_argument("--title", metavar="NAME", help="titles: a text is compared without its own (title, headline)")
    columns.add_argument(
        "--url", metavar="NAME", help="addresses: later rows of one address are its revisions (never guessed)"
    )
    dedupe.add_argument("--prefix", default="", metavar="TEXT", help="put before the names of the added columns")
    dedupe.add_argument("--workers", type=whole(1, 1_000), metavar="N", help="processes (default: one a core)")
    dedupe.add_argument("--json", action="store_true", help="what was done as one JSON object")

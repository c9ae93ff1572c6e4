"""The options of ``newsbeam export articles``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from pipelines.checks import hosts, lake, whole
from pipelines.given.times import day_moment
from pipelines.options import subcommand

MAX_FILE_MB = 500
"""As large as the files that Hugging Face's own tools write."""

_MORE = """\
The folder has data/ and README.md, the data card: Hugging Face's load_dataset("FOLDER") loads it. It appears when all
of it is written; none is replaced. By default each article is there once, in its newest revision, and those that their
publishers withdrew, or whose publishers object to the training of models or to text and data mining, are left out, and
counted in the card.
"""


def add_articles(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the subcommand."""
    articles = subcommand(commands, "articles", "articles as a dataset: Parquet or JSON lines, and a data card", _MORE)
    articles.add_argument("--output", required=True, type=lake, metavar="LAKE", help="folder of the lake, or its URI")
    articles.add_argument("--to", required=True, metavar="FOLDER", help="folder to make; an empty one may be there")
    articles.add_argument("--format", choices=("parquet", "jsonl"), default="parquet", help="form of the files")
    which = articles.add_argument_group("which articles")
    which.add_argument("--since", type=day_moment, metavar="DAY|90d", help="only those published from that UTC day on")
    which.add_argument("--until", type=day_moment, metavar="DAY|90d", help="only those published before that UTC day")
    which.add_argument("--languages", type=_words(str.lower), default=frozenset(), metavar="en,…", help="in_language")
    which.add_argument("--countries", type=_words(str.upper), default=frozenset(), metavar="GB,…", help="countries")
    which.add_argument("--topics", type=_words(str), default=frozenset(), metavar="NAME,…", help="topic")
    which.add_argument(
        "--page_kinds", type=_words(str.lower), default=frozenset(), metavar="article,…", help="page_kind"
    )
    which.add_argument("--domains", type=hosts, default=frozenset(), metavar="DOMAIN,…", help="publisher_domain")
    which.add_argument(
        "--hosts", type=hosts, default=frozenset(), metavar="HOST,…", help="hosts of canonical_url, or domains"
    )
    which.add_argument("--min_words", type=whole(0, 1_000_000), default=0, metavar="N", help="of N words at least")
    which.add_argument("--all_revisions", action="store_true", help="each revision, not only the newest")
    which.add_argument(
        "--keep_withdrawn", action="store_true", help="also articles that were withdrawn; the card says so"
    )
    which.add_argument(
        "--without_copies", action="store_true", help="of copies only one: the original, else the earliest"
    )
    which.add_argument(
        "--ignore_usage_directives",
        action="store_true",
        help="also articles whose publishers object to training or mining; the card says so",
    )
    what = articles.add_argument_group("what of them")
    what.add_argument(
        "--columns", type=_listed, metavar="NAME,…", help="these columns (default: all but removed and recovered)"
    )
    what.add_argument(
        "--max_file_mb",
        type=whole(1, 1_000_000),
        default=MAX_FILE_MB,
        metavar="MB",
        help=f"begin a new file when one has this size (default {MAX_FILE_MB})",
    )
    what.add_argument("--json", action="store_true", help="what was written as one JSON object")


def _words(spelling: Callable[[str], str]) -> Callable[[str], frozenset[str]]:
    """An option's type: values between commas, in the spelling of the column."""

    def read(text: str) -> frozenset[str]:
        return frozenset(map(spelling, _listed(text)))

    return read


def _listed(text: str) -> list[str]:
    found = [word for one in text.split(",") if (word := one.strip())]
    if not found:
        raise argparse.ArgumentTypeError("there is no value: write values with commas between them")
    return found

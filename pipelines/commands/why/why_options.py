"""The options of ``newsbeam why`` and ``newsbeam diff``."""

from __future__ import annotations

import argparse
from typing import Any

from pipelines.checks import lake, whole
from pipelines.options import subcommand

_WHAT = "an address as in the feed, canonical or after redirects; or an article's id"


def add_why(commands: argparse._SubParsersAction[Any]) -> None:
    """Add both subcommands."""
    why = subcommand(
        commands,
        "why",
        "what became of one entry, page or article, and why it is not there",
        "Which feeds listed it, fetches, robots.txt, redirects, failures, revisions with what changed, what was\n"
        "removed from the text, copies and story. Times are UTC; makes no request.",
    )
    why.add_argument("what", metavar="URL|ARTICLE", help=_WHAT)
    why.add_argument("--output", required=True, type=lake, metavar="LAKE", help="folder of the lake")
    why.add_argument("--json", action="store_true", help="print one JSON object, with everything in full")

    diff = subcommand(
        commands,
        "diff",
        "what changed from one revision of an article to another: facts and text",
        "Revisions are numbered from 1 by the time of their fetch, as newsbeam why shows them.",
    )
    diff.add_argument("what", metavar="URL|ARTICLE", help=_WHAT)
    diff.add_argument("--output", required=True, type=lake, metavar="LAKE", help="folder of the lake")
    diff.add_argument(
        "--between",
        nargs=2,
        type=whole(1, 1_000_000_000),
        metavar=("N", "M"),
        help="compare these revisions (default: the last two)",
    )
    diff.add_argument("--words", action="store_true", help="mark words, [-gone-] and {+new+}, in place of lines")
    diff.add_argument("--json", action="store_true", help="print one JSON object")

"""What comes from outside is printed as it stands, and does nothing to the terminal that shows it."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from pipelines.commands.explain import print_explained
from pipelines.commands.feeds.feeds_status import print_feeds
from pipelines.commands.report.report import print_run
from pipelines.commands.report.report_copies import print_copies
from pipelines.commands.report.report_failures import print_failures
from pipelines.printable import cell, json_text, masked, plain
from schemas.failure import Failure, Reason, Stage
from schemas.run import RunManifest
from tests.rows import NOON_US, article
from transforms.compare.copies.summary import Cluster, CopiesSummary
from transforms.feeds.lists.feed_status import FeedState, FeedStatus

HOSTILE = [
    "[/x]",
    "[link=https://example.org]here[/link]",
    "[bold",
    "a\x1b[2Jb",
    "a\x9b2Jb",
    "a\u202egpj.exe",
    "x\ud83dy",
    "tag\U000e0041s\U000e007f",
    "\u180e\u2028\x85\x7f",
]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("tab\there\nand there", "tab here and there"),
        ("no-break\u00a0space", "no-break space"),
        ("\x1b]0;title\x07", "?]0;title?"),
        ("\x9b31m", "?31m"),
        ("abc\u202e321\u2066x\u2069", "abc?321?x?"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("half \ud83d", "half ?"),
        ("日本語 é 😀", "日本語 é 😀"),
    ],
)
def test_only_what_readers_see_is_printed(text: str, shown: str) -> None:
    assert plain(text) == shown


@pytest.mark.parametrize("text", HOSTILE)
def test_json_says_the_same_and_holds_nothing_that_terminals_act_on(text: str) -> None:
    written = json_text({"title": text}, indent=1)
    assert json.loads(written) == {"title": text}
    assert all(letter.isprintable() for letter in written.replace("\n", ""))


@pytest.mark.parametrize("text", HOSTILE)
def test_reports_print_foreign_text_as_it_stands(text: str) -> None:
    out = io.StringIO()
    console = Console(file=out, width=200, force_terminal=True, color_system=None)
    failure = Failure(Stage.PAGES, Reason.NOT_FOUND, text, "entry", f"https://example.org/{text}", NOON_US, "r")
    print_failures([failure], console)
    print_copies(CopiesSummary(2, {"exact": 0.5}, (Cluster("c", text, 2, 2),), ((text, text, 1),)), console)
    print_explained([], article(headline=text), console)
    print_feeds([FeedStatus(f"https://example.org/{text}", FeedState.FAILING)], "run", console)
    counts = {f"kind.{text}": 1, f"relation.{text}": 1, f"plain.{text}": 1}
    at = "2026-03-02T08:00:00Z"
    print_run(RunManifest("run", "ingest", at, at, {}, {}, counts, {text: 2}, (), tables={text: 3}), console)
    console.print(cell(text))
    assert out.getvalue().count(plain(text)) >= 12
    assert not any(letter in out.getvalue() for letter in "\x1b\x9b\u202e\ud83d\U000e0041\u2028\x85")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:secret@a.example/x", "https://***@a.example/x"),
        ("https://me@a.example", "https://***@a.example"),
        ("https://me:se/cr?et@a.example/x", "https://***@a.example/x"),
        ("no URL: 'https://me:secret@a.example/x' is", "no URL: 'https://***@a.example/x' is"),
        ("https://a.example/@user/feed", "https://a.example/@user/feed"),
        ("https://a.example:8080/@user", "https://a.example:8080/@user"),
        ("https://a.example:80?mail=me@b.example", "https://a.example:80?mail=me@b.example"),
    ],
)
def test_passwords_in_addresses_are_masked_and_nothing_else(url: str, shown: str) -> None:
    assert masked(url) == shown

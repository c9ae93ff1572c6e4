"""A run's copies in three tables."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from pipelines.commands.report.report_copies import print_copies
from transforms.compare.copies.summary import Cluster, Marked, summarise

ARTICLES = [
    Marked("a", "one.example", "Ferry aground", "a", "original", None),
    Marked("b", "two.example", "Ferry on sandbank", "a", "near", "a"),
    Marked("c", "three.example", "Ferry stuck", "a", "abridged", "a"),
    Marked("d", "two.example", "Budget passed", "d", "original", None),
    Marked("e", "two.example", None, "old", "exact", "old"),
    Marked("f", "two.example", "Frost", "gone", "near", "gone"),
    Marked("g", "one.example", "Later words", "g", "revision", "g"),
    Marked("h", "two.example", "Ferry freed", "h", "original", None),
]


def test_the_summary_counts_copies_by_kind_cluster_and_publisher() -> None:
    summary = summarise(ARTICLES, {"old": "four.example"})
    assert summary.articles == 8
    assert summary.shares == {"original": 3 / 8, "near": 2 / 8, "abridged": 1 / 8, "exact": 1 / 8, "revision": 1 / 8}
    assert summary.clusters == [
        Cluster("a", "Ferry aground", 3, 3),
        Cluster("gone", "Frost", 1, 1),
        Cluster("old", "(no headline)", 1, 1),
    ]
    assert summary.copied == [
        ("three.example", "one.example", 1),
        ("two.example", "?", 1),
        ("two.example", "four.example", 1),
        ("two.example", "one.example", 1),
    ]


def test_only_the_largest_are_listed() -> None:
    assert [one.cluster_id for one in summarise(ARTICLES, {}, most=1).clusters] == ["a"]
    assert len(summarise(ARTICLES, {}, most=1).copied) == 1


def test_a_run_without_articles_or_copies_prints_nothing_of_them() -> None:
    page = StringIO()
    print_copies(summarise([], {}), Console(file=page))
    print_copies(summarise(ARTICLES[:1], {}), Console(file=page))
    assert page.getvalue() == ""
    print_copies(summarise(ARTICLES, {"old": "four.example"}), Console(file=page, width=120))
    assert "Ferry aground" in page.getvalue()
    assert "four.example" in page.getvalue()

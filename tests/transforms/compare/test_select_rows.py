"""Rows to write are cut into parts and pieces by the articles alone."""

from __future__ import annotations

from typing import Any

import pytest

from transforms.compare import select_rows
from transforms.compare.copies.verdict import Outcome, Relation, Verdict
from transforms.compare.select_rows import selections


def verdict(number: int, day: int = 1) -> Verdict:
    relation = Relation.ORIGINAL
    return Verdict(
        f"page {number}", f"{number:03}", f"2026-03-{day:02}", Outcome.ARTICLE, 1, relation, None, f"{number}"
    )


def selected(articles: list[Verdict]) -> list[list[Any]]:
    stories = {one.page_id: "story" for one in articles}
    names = {one.page_id: "Example Post" for one in articles}
    tables = selections(articles, stories, names, lambda page_id: ("file", int(page_id.removeprefix("page "))))
    assert {row["publisher_name"] for table in tables for row in table.to_pylist()} <= {"Example Post"}
    return [[(row["partition"], row["shard"], row["row"]) for row in table.to_pylist()] for table in tables]


def test_days_that_are_small_are_written_together_and_large_ones_in_several_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(select_rows, "PART_ROWS", 3)
    monkeypatch.setattr(select_rows, "PIECE_ROWS", 4)
    articles = [verdict(number, day) for number, day in enumerate((1, 2, 2, 3, 3, 3, 3, 3))]
    expected = [
        [("2026-03-01", "00000", 0), ("2026-03-02", "00000", 1), ("2026-03-02", "00000", 2)],
        [("2026-03-03", "00000", 3), ("2026-03-03", "00000", 4), ("2026-03-03", "00000", 5)],
        [("2026-03-03", "00001", 6), ("2026-03-03", "00001", 7)],
    ]
    assert selected(articles) == expected
    assert selected(articles[::-1]) == expected


def test_no_articles_are_no_selection() -> None:
    assert selected([]) == []

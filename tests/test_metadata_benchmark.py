"""The benchmark of metadata reads gold data as others left them, and counts what each source of dates is worth."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.metadata import main

PAGE = (
    '<html lang="en"><head><title>Ferry to run all winter</title>{head}</head><body><article>'
    "<h1>Ferry to run all winter</h1>{line}<p>The ferry between Oldport and the island of Senn will run all winter for "
    "the first time, the harbour office said. The council pays for four crossings a day.</p></article></body></html>"
)
PUBLISHED = '<meta property="article:published_time" content="2026-03-02T23:30:00Z">'


def folder(path: Path, rows: dict[str, dict[str, Any]], pages: dict[str, str]) -> str:
    (path / "html").mkdir(parents=True)
    for page_id, page in pages.items():
        (path / "html" / f"{page_id}.html.gz").write_bytes(gzip.compress(page.encode()))
    gold = {page_id: {"articleBody": "x", **row} for page_id, row in rows.items()}
    (path / "ground-truth.json").write_text(json.dumps(gold), "utf-8")
    return str(path)


def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str) -> list[str]:
    monkeypatch.setattr("sys.argv", ["metadata", *arguments])
    main()
    return capsys.readouterr().out.splitlines()


def test_a_broken_gold_date_and_an_address_that_is_none_stop_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = {
        "ё": {"publish_date": "2026-02-31"},
        "page 2": {"publish_date": "2026-03-02", "url": "not an address"},
        "3": {"publish_date": "0000-00-00", "url": "https://[broken/"},
        "4": {"publishing_date": "2026-03-02 23:30:00+00:00", "url": "news.example.org/ferry"},
        "5": {"publish_date": None, "url": ""},
    }
    page = PAGE.format(head=PUBLISHED, line="")
    said = run(capsys, monkeypatch, folder(tmp_path / "set", rows, dict.fromkeys(rows, page)))
    [line] = [one for one in said if one.split()[:2] == ["newsbeam", "all"]]
    assert "date 1.000 of 2, same day 1.000 of 2, wrong 0.000 of 2" in line


def test_each_source_is_counted_where_it_dates_a_page_and_where_it_only_states_a_date(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = {
        "1": {"publish_date": "2026-03-03", "url": "https://a.example.org/ferry"},
        "2": {"publish_date": "2026-03-03", "url": "https://b.example.org/2026/03/01/ferry"},
        "3": {"publish_date": "2026-03-03", "url": "https://c.example.org/ferry"},
    }
    pages = {
        "1": PAGE.format(head=PUBLISHED, line="<p>3 March 2026</p>"),
        "2": PAGE.format(head="", line=""),
        "3": PAGE.format(head="", line="<p>9 March 2026</p>"),
    }
    said = run(capsys, monkeypatch, folder(tmp_path / "set", rows, pages), "--sources")
    assert [one for one in said if one.startswith("| `")] == [
        "| `meta` | 1 | 1.000 | 1.000 | 1 | 1.000 |",
        "| `url` | 1 | 0.000 | 0.000 | 1 | 0.000 |",
        "| `text` | 1 | 0.000 | 0.000 | 2 | 0.500 |",
    ]

"""The examples of the docstrings and of docs/python.md run as they stand, one after the other, over one lake."""

from __future__ import annotations

import doctest
import re
from dataclasses import fields
from pathlib import Path

import pytest

import newsbeam
from newsbeam import as_markdown, extract_page, ingest_feeds, read_lake
from newsroom import Newsroom
from tests.transforms.extract.pages_to_isolate import news_page

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/python.md").read_text()


def assert_extracted_alike() -> None:
    """By `extract`, the stored pages of the lake give the rows that the run wrote, column by column."""
    rows = {row["article_id"]: row for row in newsbeam.read("lake").to_table().to_pylist()}
    pages = newsbeam.read("lake", table="pages").to_table().to_pylist()
    for page in pages:
        headers = {header["name"]: header["value"] for header in page["headers"]}
        article = newsbeam.extract(page["body"], page["final_url"], headers=headers, fetched_at=page["fetched_at"])
        row = rows.pop(article.article_id)
        for field in fields(article):
            value = getattr(article, field.name)
            if field.name in ("removed", "blocks", "entities"):
                value = [one._asdict() for one in value]
            if isinstance(value, dict):
                value = tuple(value.items())
            assert (list(value) if isinstance(value, tuple) else value) == row[field.name], field.name
    assert (rows, len(pages)) == ({}, 11)


@pytest.mark.slow
def test_the_examples_run_and_give_what_they_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for module in (extract_page, ingest_feeds, read_lake, as_markdown):
        failed, tried = doctest.testmod(module)
        assert tried > 0, module.__name__
        assert failed == 0, capsys.readouterr().out

    assert_extracted_alike()
    [code] = re.findall(r"^<!-- from python -->\n```python\n(.*?)^```$", PAGE, re.M | re.S)
    ingest = newsbeam.ingest
    with Newsroom(slow_s=0) as room:

        def at_loopback(feeds: list[str], output: str, *, contact: str) -> object:
            assert feeds == ["https://example.org/news/rss.xml"]
            return ingest(
                room.feeds[1:2], output, contact=contact, allow_networks=["127.0.0.0/8"], host_delay=0, max_pages=3
            )

        monkeypatch.setattr(newsbeam, "ingest", at_loopback)
        exec(compile(code, "python.md", "exec"), {"html": news_page()})
    assert newsbeam.read("lake").count_rows() == 11 + 3

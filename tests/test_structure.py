"""Blocks, links and completeness in a lake, and the recipes of docs/reading.md that read them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.command import newsbeam
from tests.committed_rows import committed_rows
from tests.conftest import Desk
from tests.transforms.compare.sites.site_texts import story
from tests.web_server import Answer, WebServer, running_server

READING = (Path(__file__).resolve().parents[1] / "docs/reading.md").read_text()
RECIPES = dict(re.findall(r"^<!-- structure with (\w+) -->\n```python\n(.*?)^```$", READING, re.M | re.S))

Row = dict[str, Any]


def lines(row: Row) -> list[str]:
    return [line for line in row["article_body"].split("\n") if line.strip()]


def assert_right(rows: list[Row], *, with_links: bool) -> None:
    """The blocks of each row are its lines, and its links stand where they say."""
    for row in rows:
        body = row["article_body"]
        assert [body[block["start"] : block["end"]] for block in row["blocks"]] == lines(row), row["url"]
        assert (row["links"] is not None) == with_links
        for link in row["links"] or ():
            assert body.startswith(link["text"], link["start"]), row["url"]
            assert link["url"].startswith("http"), row["url"]


def followed(name: str, folder: Path, asked: str) -> Any:
    """What a recipe finds, in a process of its own: it attaches the lake to the process's one connection."""
    code = f"{RECIPES[name]}\nimport json\nprint(json.dumps({asked}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.timeout(300)
def test_structure_goes_through_runs_and_rebuilds(desk: Desk) -> None:
    desk.run("lake", "--keep_links")
    rows = desk.rows("articles")
    assert_right(rows, with_links=True)
    kinds = Counter(block["kind"] for row in rows for block in row["blocks"])
    assert kinds.keys() >= {"paragraph", "heading", "list_item", "quote"}
    assert any(removed["reason"] == "site" for row in rows for removed in row["removed"]), "lines went in the end"
    assert all(row["is_complete"] is False for row in rows if row["page_kind"] == "paywall_stub")

    quoting = [row for row in rows if any(block["kind"] == "quote" for block in row["blocks"])]
    assert quoting
    own = {
        (row["article_id"], row["run_id"]): "\n".join(
            line for line, block in zip(lines(row), row["blocks"], strict=True) if block["kind"] != "quote"
        )
        for row in rows
    }
    by_duckdb = followed("duckdb", desk.folder, "own_words.fetchall()")
    assert {(article_id, run_id): text for article_id, run_id, text in by_duckdb} == own
    by_newsbeam, as_markdown = followed("newsbeam", desk.folder, "[list(own_words.items()), as_markdown]")
    assert {(article_id, run_id): text for (article_id, run_id), text in by_newsbeam} == own
    assert all(made.startswith("# ") for made in as_markdown)
    assert any("\n> " in made for made in as_markdown)

    for options in ((), ("--keep_links",)):
        done = newsbeam("rebuild", "--output", str(desk.folder / "lake"), "--grace", "0", *options)
        assert done.returncode == 0, done.stderr
        rebuilt = desk.rows("articles")
        assert_right(rebuilt, with_links=bool(options))
        assert {row["article_id"]: row["blocks"] for row in rebuilt} == {
            row["article_id"]: row["blocks"] for row in rows
        }
    assert {row["article_id"]: row["links"] for row in rebuilt} == {row["article_id"]: row["links"] for row in rows}


LINE = "Every morning at six the lamps on the old quay are put out by hand, as they have been since 1911."


def publish(web: WebServer) -> None:
    """Three pages, each a story with a link, above a last line with one that all of them have."""
    items = ""
    for number in range(3):
        link = web.url(f"/news/{number}")
        items += f"<item><title>Story {number}</title><link>{link}</link></item>"
        told = [f"{line} See <a href='/map?n={number}' rel='nofollow'>the  map</a>." for line in story(number)]
        told = [
            told[0],
            *(line.partition(" See")[0] for line in told[1:]),
            f"<a href='/lamps'>{LINE[:24]}</a>{LINE[24:]}",
        ]
        body = "".join(f"<p>{line}</p>" for line in told)
        page = (
            f"<html lang='en'><head><title>Story {number}</title></head><body><article>{body}</article></body></html>"
        )
        web.on(f"/news/{number}", Answer(200, page.encode(), {"Content-Type": "text/html"}))
    feed = f"<rss version='2.0'><channel><title>Quay</title>{items}</channel></rss>"
    web.on("/feed.xml", Answer(200, feed.encode(), {"Content-Type": "application/rss+xml"}))


def test_links_go_with_the_lines_that_a_site_repeats(tmp_path: Path) -> None:
    with running_server() as web:
        publish(web)
        (tmp_path / "feeds.txt").write_text(web.url("/feed.xml"))
        arguments = ["ingest", "--feeds", str(tmp_path / "feeds.txt"), "--output", str(tmp_path / "lake")]
        arguments += ["--allow_networks", "127.0.0.0/8", "--host_delay", "0", "--keep_links"]
        done = newsbeam(*arguments)
        assert done.returncode == 0, done.stderr
        rows = committed_rows(tmp_path / "lake", "articles")
        assert_right(rows, with_links=True)
        for row in rows:
            number = row["url"][-1]
            assert {"text": LINE, "reason": "site"} in row["removed"]
            [link] = row["links"]
            assert (link["text"], link["url"], link["rel"]) == ("the map", web.url(f"/map?n={number}"), "nofollow")

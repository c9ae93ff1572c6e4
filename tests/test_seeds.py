"""The five texts the system is for, as pages of five sites in one run: footers go, copies are found, nothing else."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

import pytest

from tests.command import newsbeam
from tests.committed_rows import committed_rows
from tests.shared_data import SHARED
from tests.web_server import Answer, WebServer, running_server

pytestmark = [
    pytest.mark.skipif(SHARED is None, reason="the development data is not here"),
    pytest.mark.timeout(180),
]

HEADLINED = ("000", "001", "002", "003")
FOOTER_LINES = {"000": 1, "001": 3, "002": 2, "003": 3, "004": 0}
REASONS = {
    "000": {"cookies"},
    "001": {"agency_about", "comment_form"},
    "002": {"comment_form"},
    "003": {"credits", "advertisement", "comment_form"},
    "004": set(),
}
WIRE = {"000": [], "001": ["RFE/RL"], "002": [], "003": ["VOA", "AP", "AFP", "Reuters"], "004": []}


def seed_lines(seed: str) -> list[str]:
    assert SHARED is not None
    [path] = (SHARED / "data/seeds").glob(f"{seed}_*.txt")
    return [" ".join(line.split()) for line in path.read_text().splitlines() if line.strip()]


def seed_page(seed: str, markup: str) -> bytes:
    """The text as a page: with the markup of a usual site, or as nothing but paragraphs or line breaks."""
    lines = seed_lines(seed)
    title = lines.pop(0) if seed in HEADLINED else "State Department sees talks with Russia"
    paragraphs = "".join(f"<p>{html.escape(line)}</p>\n" for line in lines)
    if markup != "usual":
        head = f"<head><meta charset=utf-8><title>{html.escape(title)}</title></head>"
        body = paragraphs if markup == "paragraphs" else "<br><br>\n".join(map(html.escape, lines))
        return f"<html>{head}<body>{body}</body></html>".encode()
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{html.escape(title)} | Site {seed}</title>"
        f"<meta property='og:site_name' content='Site {seed}'></head><body><header><nav><a href='/'>Home</a> "
        f"<a href='/world'>World</a></nav></header><main><article>"
        f"<h1>{html.escape(title)}</h1>{paragraphs}</article></main>"
        "<footer><a href='/about'>About us</a></footer></body></html>"
    ).encode()


def publish(web: WebServer, seeds: tuple[str, ...], markup: str) -> list[str]:
    feeds = []
    for number, seed in enumerate(FOOTER_LINES, start=1):
        host = f"127.0.0.{number}"
        if seed in seeds:
            day = "26 Jan 2022" if seed == "003" else "21 Dec 2021"
            link = web.url(f"/news/{seed}", host)
            item = f"<item><title>Seed {seed}</title><link>{link}</link><pubDate>{day} 18:00:00 GMT</pubDate></item>"
            feed = f"<rss version='2.0'><channel><title>Site {seed}</title>{item}</channel></rss>"
            web.on(f"{host}/feed.xml", Answer(200, feed.encode(), {"Content-Type": "application/rss+xml"}))
            web.on(f"{host}/news/{seed}", Answer(200, seed_page(seed, markup), {"Content-Type": "text/html"}))
            feeds.append(web.url("/feed.xml", host))
    return feeds


def ingested(folder: Path, feeds: list[str]) -> None:
    (folder / "feeds.txt").write_text("\n".join(feeds))
    arguments = ["ingest", "--feeds", str(folder / "feeds.txt"), "--output", str(folder / "lake")]
    arguments += ["--allow_networks", "127.0.0.0/8", "--host_delay", "0", "--poll_interval", "0"]
    done = newsbeam(*arguments)
    assert done.returncode == 0, done.stderr


def articles(folder: Path) -> dict[str, dict[str, Any]]:
    rows = committed_rows(folder / "lake", "articles")
    return {row["url"].rsplit("/", 1)[-1]: row for row in rows}


@pytest.mark.parametrize("markup", ["usual", "paragraphs", "breaks"])
def test_exactly_the_footers_go_and_only_the_abridged_copy_is_marked(tmp_path: Path, markup: str) -> None:
    with running_server(hosts=5) as web:
        ingested(tmp_path, publish(web, tuple(FOOTER_LINES), markup))
    rows = articles(tmp_path)
    assert rows.keys() == FOOTER_LINES.keys()
    for seed, footer in FOOTER_LINES.items():
        lines = seed_lines(seed)[1 if seed in HEADLINED else 0 :]
        kept, gone = lines[: len(lines) - footer], lines[len(lines) - footer :]
        assert rows[seed]["article_body"].split() == " ".join(kept).split(), seed
        removed = [item for item in rows[seed]["removed"] if item["reason"] != "headline"]
        assert sorted(item["text"] for item in removed) == sorted(gone), seed
        assert {item["reason"] for item in removed} == REASONS[seed], seed
        assert sorted(rows[seed]["wire_sources"]) == sorted(WIRE[seed]), seed
    assert_only_000_is_a_copy(rows)
    assert rows["000"]["relation"] == "abridged"
    assert_one_story_but_for_003(rows)


@pytest.mark.parametrize("first", ["000", "001"])
def test_the_copy_is_found_across_runs_whichever_came_first(tmp_path: Path, first: str) -> None:
    with running_server(hosts=5) as web:
        ingested(tmp_path, publish(web, (first,), "usual"))
        ingested(tmp_path, publish(web, tuple(FOOTER_LINES), "usual"))
    rows = articles(tmp_path)
    other = "001" if first == "000" else "000"
    assert rows[other]["duplicate_of"] == rows[first]["article_id"], "the later article points back"
    assert rows[first]["duplicate_of"] is None
    assert rows[other]["cluster_id"] == rows[first]["cluster_id"]
    assert [rows[seed]["relation"] for seed in ("002", "003", "004")] == ["original"] * 3
    assert_one_story_but_for_003(rows)


def assert_one_story_but_for_003(rows: dict[str, dict[str, Any]]) -> None:
    stories = {seed: rows[seed]["story_id"] for seed in FOOTER_LINES}
    assert stories["000"] == stories["001"] == stories["002"] == stories["004"]
    assert stories["003"] == rows["003"]["article_id"], "a month later it is another event"


def assert_only_000_is_a_copy(rows: dict[str, dict[str, Any]]) -> None:
    assert rows["000"]["duplicate_of"] == rows["001"]["article_id"]
    assert rows["000"]["cluster_id"] == rows["001"]["cluster_id"]
    assert 0.6 < rows["000"]["similarity"] < 1.0
    for seed in ("001", "002", "003", "004"):
        assert (rows[seed]["relation"], rows[seed]["duplicate_of"]) == ("original", None), seed

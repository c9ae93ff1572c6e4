"""What a site prints on each page is learned from run to run, and from then on kept out of its articles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.command import newsbeam
from tests.committed_rows import committed_rows
from tests.transforms.compare.sites.site_texts import story
from tests.web_server import Answer, WebServer, running_server

LINE = "Every morning at six the lamps on the old quay are put out by hand, as they have been since 1911."


def publish(web: WebServer, numbers: range) -> None:
    """The feed with these pages, each a story of its own above the same last line."""
    items = ""
    for number in numbers:
        link, told = web.url(f"/news/{number}"), [*story(number), LINE]
        items += f"<item><title>Story {number}</title><link>{link}</link></item>"
        paragraphs = "".join(f"<p>{line}</p>" for line in told)
        head = f"<html lang='en'><head><title>Story {number}</title></head>"
        page = f"{head}<body><article>{paragraphs}</article></body></html>"
        web.on(f"/news/{number}", Answer(200, page.encode(), {"Content-Type": "text/html"}))
    feed = f"<rss version='2.0'><channel><title>Quay</title>{items}</channel></rss>"
    web.on("/feed.xml", Answer(200, feed.encode(), {"Content-Type": "application/rss+xml"}))


def ingested(folder: Path, web: WebServer) -> dict[str, dict[str, Any]]:
    (folder / "feeds.txt").write_text(web.url("/feed.xml"))
    arguments = ["ingest", "--feeds", str(folder / "feeds.txt"), "--output", str(folder / "lake")]
    arguments += ["--allow_networks", "127.0.0.0/8", "--host_delay", "0", "--poll_interval", "0"]
    done = newsbeam(*arguments)
    assert done.returncode == 0, done.stderr
    rows = committed_rows(folder / "lake", "articles")
    return {row["url"].rsplit("/", 1)[-1]: row for row in rows}


@pytest.mark.slow
def test_the_third_page_of_a_site_loses_what_two_others_printed_also_in_an_earlier_run(tmp_path: Path) -> None:
    with running_server() as web:
        publish(web, range(2))
        first = ingested(tmp_path, web)
        assert [row["article_body"].split("\n") for _, row in sorted(first.items())] == [
            [*story(0), LINE],
            [*story(1), LINE],
        ]
        publish(web, range(3))
        second = ingested(tmp_path, web)
    assert second.keys() == {"0", "1", "2"}
    assert second["2"]["article_body"].split("\n") == story(2)
    assert second["2"]["removed"] == [{"text": LINE, "reason": "site"}]
    assert second["2"]["word_count"] == len(" ".join(story(2)).split())
    assert {name: second[name]["article_body"] for name in "01"} == {
        name: first[name]["article_body"] for name in "01"
    }, "rows that stand are not rewritten"

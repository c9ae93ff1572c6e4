"""``newsbeam feeds`` as a user types it, against the newsroom."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from newsroom import Answer
from schemas.feed import FeedSpec
from schemas.run import iso
from tests.command import newsbeam
from tests.conftest import Desk
from transforms.feeds.lists.feed_list import read_feed_list

HARBOUR = "127.0.0.12"
FRONT = """<html><head><title>Harbour</title>
<link rel="alternate" type="application/rss+xml" title="Harbour" href="/feed/">
<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">
<link rel="alternate" type="application/atom+xml" title="Not there" href="/gone.atom"></head>
<body><a href="/business/feed/">Business</a> <a href="/rss-feeds/">All our feeds</a></body></html>"""


def feeds(*arguments: str) -> subprocess.CompletedProcess[str]:
    return newsbeam("feeds", *arguments)


def network(desk: Desk) -> list[str]:
    return ["--allow_networks", "127.0.0.0/8", "--host_delay", "0.01", "--now", iso(desk.room.now_us)]


def base(desk: Desk, host: str) -> str:
    return next(url for url in desk.room.feeds if f"//{host}:" in url).partition(f"{host}:")[0] + (
        f"{host}:{desk.room.port}"
    )


def test_check_reads_every_feed_and_says_which_are_bad(desk: Desk) -> None:
    done = feeds("check", str(desk.feeds), "--json", *network(desk))
    assert done.returncode == 1, done.stderr
    result = json.loads(done.stdout)
    rows: dict[str, dict[str, Any]] = {row["url"]: row for row in result["feeds"]}
    assert list(rows) == desk.room.feeds
    assert {url: row["reason"] for url, row in rows.items() if row["reason"]} == desk.room.bad_feeds
    assert result["bad"] == len(desk.room.bad_feeds)
    rss = rows[f"{base(desk, HARBOUR)}/feed/"]
    assert (rss["format"], rss["conditional"], rss["problems"]) == ("rss20", "304", [])
    assert rss["entries"] > 0
    assert rss["newest"] <= iso(desk.room.now_us)
    plain = rows[f"{base(desk, '127.0.0.14')}/rss.xml"]
    assert (plain["conditional"], plain["problems"]) == ("none", [f"{plain['entries']} without a date"])


def test_check_asks_once_and_once_more_with_the_validators(desk: Desk) -> None:
    url = f"{base(desk, HARBOUR)}/feed/"
    (desk.folder / "one.txt").write_text(url)
    done = feeds("check", str(desk.folder / "one.txt"), *network(desk))
    assert done.returncode == 0, done.stderr
    assert "1 feeds, 0 bad" in done.stdout
    asked = [request for request in desk.room.requests if request.path == "/feed/"]
    assert [request.status for request in asked] == [200, 304]


def test_check_tells_of_a_feed_that_has_moved_and_of_one_that_ignores_conditions(desk: Desk) -> None:
    start = base(desk, HARBOUR)
    body = b"<rss version='2.0'><channel><title>T</title><item><title>A</title><link>/a</link></item></channel></rss>"
    desk.room.script(f"{HARBOUR}/old", Answer(301, (("Location", "/new"),)))
    desk.room.script(f"{HARBOUR}/new", Answer(200, (("ETag", '"1"'),), body))
    (desk.folder / "one.txt").write_text(f"{start}/old")
    row = json.loads(feeds("check", str(desk.folder / "one.txt"), "--json", *network(desk)).stdout)["feeds"][0]
    assert row["conditional"] == "ignored"
    assert row["problems"] == [
        f"moved for good to {start}/new",
        "1 without a date",
        "sends the whole feed to conditional requests",
    ]


def test_discover_names_what_the_page_names_and_could_be_read(desk: Desk) -> None:
    desk.room.script(f"{HARBOUR}/", Answer(200, (("Content-Type", "text/html"),), FRONT.encode()))
    start = base(desk, HARBOUR)
    opml = desk.folder / "found.opml"
    listing = b'<a href="/feed/">All</a> <a href="/rss.xml">Nothing</a>'
    desk.room.script(f"{HARBOUR}/rss-feeds/", Answer(200, (("Content-Type", "text/html"),), listing))
    done = feeds("discover", f"{start}/", "--json", "--opml", str(opml), *network(desk))
    assert done.returncode == 0, done.stderr
    (site,) = json.loads(done.stdout)["sites"]
    assert [(feed["url"], feed["found_by"], feed["format"]) for feed in site["feeds"]] == [
        (f"{start}/feed/", "page", "rss20"),
        (f"{start}/business/feed/", "link", "rss20"),
    ]
    assert site["requests"] == len([r for r in desk.room.requests if r.path != "/robots.txt"]) == 6
    assert "/comments/feed/" not in {request.path for request in desk.room.requests}
    assert [spec.url for spec in read_feed_list(opml.read_bytes(), "found.opml")] == [
        f"{start}/feed/",
        f"{start}/business/feed/",
    ]


def test_discover_finds_sitemaps_in_robots_txt_and_feeds_where_they_usually_lie(desk: Desk) -> None:
    with_sitemap, with_rss = base(desk, "127.0.0.13"), base(desk, "127.0.0.14")
    done = feeds("discover", f"{with_sitemap}/", f"{with_rss}/", *network(desk))
    assert done.returncode == 0, done.stderr
    assert f"{with_sitemap}/news-sitemap.xml  robots.txt  sitemap" in done.stdout
    assert f"{with_rss}/rss.xml  guess" in done.stdout


def test_discover_of_a_feed_is_that_feed_and_costs_one_request(desk: Desk) -> None:
    url = f"{base(desk, HARBOUR)}/feed/"
    done = feeds("discover", url, "--json", *network(desk))
    (site,) = json.loads(done.stdout)["sites"]
    assert [(feed["url"], feed["found_by"]) for feed in site["feeds"]] == [(url, "itself")]
    assert site["requests"] == 1


def test_discover_never_asks_more_often_than_allowed_and_says_when_there_is_nothing(desk: Desk) -> None:
    done = feeds("discover", f"{base(desk, '127.0.0.14')}/", "--max_requests", "3", *network(desk))
    assert done.returncode == 1
    assert "0 feeds, 3 requests" in done.stdout
    assert "nothing here could be read as a feed" in done.stdout
    assert len([request for request in desk.room.requests if request.path != "/robots.txt"]) == 3


def test_discover_of_a_bare_word_is_a_mistake() -> None:
    done = feeds("discover", "frontpage", "--contact", "desk@example.org")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "'frontpage' is no address" in done.stderr


def test_discover_refuses_addresses_that_are_not_global(desk: Desk) -> None:
    done = feeds("discover", f"{base(desk, HARBOUR)}/", "--host_delay", "0.01")
    assert done.returncode == 1
    assert "address is not a global one" in done.stdout
    assert desk.room.requests == []


def test_a_contact_is_asked_for_beyond_loopback() -> None:
    done = feeds("discover", "paper.example")
    assert (done.returncode, "--contact is missing" in done.stderr) == (2, True)


@pytest.mark.parametrize("form", ["csv", "json"])
def test_import_turns_opml_into_the_projects_list_and_back(desk: Desk, form: str) -> None:
    specs = [FeedSpec("https://one.example/a?b=1&c=2", 'The "One", & more', "en-GB", "GB"), FeedSpec("https://x.test/")]
    source, own, back = desk.folder / "in.csv", desk.folder / f"own.{form}", desk.folder / "back.opml"
    source.write_text('url,title,language,country\nhttps://one.example/a?b=1&c=2,"The ""One"", & more",en-GB,GB\n'
                      "https://x.test/,,,\n")  # fmt: skip
    for start, end in ((source, back), (back, own), (own, back)):
        done = feeds("import", str(start), "--to", str(end))
        assert done.returncode == 0, done.stderr
        assert read_feed_list(end.read_bytes(), end.name) == specs


def test_import_writes_nothing_when_the_list_is_broken_or_the_form_unknown(tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("https://one.example/\nnot an address\n")
    done = feeds("import", str(tmp_path / "in.txt"), "--to", str(tmp_path / "out.csv"))
    assert done.returncode == 2
    assert "line 2" in done.stderr
    (tmp_path / "in.txt").write_text("https://one.example/\n")
    done = feeds("import", str(tmp_path / "in.txt"), "--to", str(tmp_path / "out.yaml"))
    assert done.returncode == 2
    assert "--form" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["in.txt"]

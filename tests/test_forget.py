"""What is forgotten is nowhere in the lake, and does not come back; all else stays."""

from __future__ import annotations

import json
import shutil
import struct
from collections import Counter
from io import StringIO
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest

from pipelines.run.lost_state.rebuild_state import rebuild_state
from schemas.article import ARTICLES
from schemas.fingerprint import FINGERPRINTS
from schemas.forgotten import FORGOTTEN
from schemas.site import SITES
from schemas.state import SEEN
from schemas.story import STORIES
from schemas.table import Table
from tests.command import newsbeam
from tests.conftest import Desk
from tests.lake_bytes import places_of
from tests.rows import NOON_US
from tests.transforms.compare.sites.site_texts import story
from tests.web_server import Answer, running_server
from transforms.compare.sites.site_blocks import hashes_of
from transforms.lake.check_state import check_state
from transforms.lake.committed import committed
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import Storage
from transforms.lake.forget import forget as forget_module
from transforms.web.urls import url_key

pytestmark = pytest.mark.upkeep


def forgotten(lake: Path, *arguments: str) -> dict[str, Any]:
    done = newsbeam("forget", "--output", str(lake), "--json", *arguments)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def hosts_of(rows: list[dict[str, Any]]) -> Counter[str]:
    return Counter(row["publisher_domain"] for row in rows)


def hashes_in_bytes(article: dict[str, Any]) -> list[bytes]:
    """The 8-byte hashes that a site's memory has of an article's own lines and of its id."""
    return [struct.pack("<Q", one) for one in hashes_of(article["article_id"], article["article_body"])]


def test_a_domain_goes_from_every_file_and_is_never_asked_again(desk: Desk) -> None:
    first = desk.run()
    lake = desk.folder / "lake"
    before = desk.rows("articles")
    domain, many = hosts_of(before).most_common(1)[0]
    gone = [row for row in before if row["publisher_domain"] == domain]
    alone = Counter(row["content_hash"] for row in before)
    sentence = next(max(row["article_body"].split("\n"), key=len) for row in gone if alone[row["content_hash"]] == 1)
    told = places_of(lake, f"{domain}", sentence, gone[0]["article_id"])
    assert {path.split("/")[0] for path, _ in told} >= {"articles", "pages", "feed_polls", "_state"}

    said = forgotten(lake, domain, "--reason", "the publisher asked")
    assert said["rows"]["articles"] == many
    assert said["rows"]["pages"] >= many
    needles = [domain, sentence, *(row["article_id"] for row in gone), *(url_key(row["url"]) for row in gone)]
    others = [row for row in before if row["publisher_domain"] != domain]
    assert places_of(lake, *needles) == []
    after = desk.rows("articles")
    assert sorted(row["article_id"] for row in after) == sorted(row["article_id"] for row in others)
    lost = {row["article_id"] for row in gone}
    assert not any(row[name] in lost for row in after for name in ("cluster_id", "duplicate_of", "story_id"))

    desk.room.clear_requests()
    desk.room.advance(1)
    second = desk.run()
    assert second["counts"]["polls.forgotten"] > 0
    assert first["counts"].get("polls.forgotten", 0) == 0
    assert [request for request in desk.room.requests if request.host.partition(":")[0] == domain] == []
    assert places_of(lake, *needles) == []
    assert len(desk.rows("articles")) >= len(after)
    listed = json.loads(newsbeam("forget", "--output", str(lake), "--list", "--json").stdout)["forgotten"]
    assert [(row["asked"], row["kind"], row["reason"]) for row in listed if row["asked"]] == [
        (domain, "domain", "the publisher asked")
    ]
    assert newsbeam("repair", "--output", str(lake)).stdout == "The lake is whole.\n"


def test_an_address_goes_with_its_revisions_and_hashes_and_is_not_fetched_again(desk: Desk) -> None:
    desk.run()
    desk.room.advance(2)
    desk.run()
    lake = desk.folder / "lake"
    before = desk.rows("articles")
    revised = next(row for row in before if row["relation"] == "revision")
    rows = [row for row in before if row["article_id"] == revised["article_id"]]
    assert len(rows) > 1
    said = forgotten(lake, revised["canonical_url"])
    assert said["rows"]["articles"] == len(rows)
    path = revised["canonical_url"].split("/", 3)[3]
    sentence = max(rows[0]["article_body"].split("\n"), key=len)
    needles: list[str | bytes] = [sentence, revised["article_id"], url_key(revised["url"])]
    ours = {one for row in rows for one in hashes_in_bytes(row)}
    theirs = {one for row in before if row["article_id"] != revised["article_id"] for one in hashes_in_bytes(row)}
    assert places_of(lake, *needles, *(ours - theirs)) == []
    assert places_of(lake, path, bodies=False) == [], "other pages may link to it"
    assert sorted(row["article_id"] for row in desk.rows("articles")) == sorted(
        row["article_id"] for row in before if row not in rows
    )


def html(title: str, canonical: str = "") -> Answer:
    link = f"<link rel='canonical' href='{canonical}'>" if canonical else ""
    paragraphs = "".join(f"<p>{line}</p>" for line in story(title))
    head = f"<html lang='en'><head><title>{title}</title>{link}</head>"
    page = f"{head}<body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    return Answer(200, page.encode(), {"Content-Type": "text/html"})


def feed_of(*links: str) -> Answer:
    items = "".join(f"<item><title>Of {number}</title><link>{link}</link></item>" for number, link in enumerate(links))
    feed = f"<rss version='2.0'><channel><title>Quay</title>{items}</channel></rss>"
    return Answer(200, feed.encode(), {"Content-Type": "application/rss+xml"})


def ingested(folder: Path, *feeds: str) -> dict[str, Any]:
    (folder / "feeds.txt").write_text("\n".join(feeds))
    arguments = ["ingest", "--feeds", str(folder / "feeds.txt"), "--output", str(folder / "lake"), "--json"]
    arguments += ["--allow_networks", "127.0.0.0/8", "--host_delay", "0", "--poll_interval", "0"]
    done = newsbeam(*arguments)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_what_is_forgotten_comes_back_by_no_feed_redirect_or_canonical_address(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    with running_server() as web:
        here = [web.url(f"/n/{number}") for number in range(9)]
        there = [web.url(f"/m/{number}", "127.0.0.2") for number in range(3)]
        for url in (*here, *there):
            web.on(url.split("/", 2)[2].partition(":")[0] + "/" + url.split("/", 3)[3], html(f"Story at {url[-3:]}"))
        web.on("/feed", feed_of(*here[:3], *there[:2]))
        web.on("/other", feed_of(there[0]))
        feeds = [web.url("/feed"), web.url("/other", "127.0.0.2")]
        assert ingested(tmp_path, *feeds)["tables"]["articles"] == 5
        said = forgotten(lake, here[1], "127.0.0.2")
        assert said["rows"]["articles"] == 3
        assert said["rows"]["feed_polls"] == 1

        web.on("/n/7", Answer(302, b"", {"Location": there[2]}))
        web.on("127.0.0.1/n/7", Answer(302, b"", {"Location": there[2]}))
        web.on("127.0.0.1/n/8", html("Story at n/1", canonical=here[1]))
        web.on("/feed", feed_of(*here[:4], *here[7:], *there))
        asked_before = len(web.log)
        run = ingested(tmp_path, *feeds)
        asked = web.log[asked_before:]
        assert {one.host for one in asked} == {"127.0.0.1"}
        assert "/n/1" not in [one.path for one in asked]
        assert run["counts"]["polls.forgotten"] == 1
        assert run["counts"]["entries.forgotten"] == 4
        assert run["reasons"] == {"pages/forgotten": 1, "extract/forgotten": 1}
        assert run["tables"]["articles"] == 1
        assert places_of(lake, "127.0.0.2", url_key(here[1])) == []

        # A page that called a forgotten address its own was stored; it goes the next time that anything is forgotten.
        text = story("Story at n/1")[0]
        assert [path.split("/")[0] for path, _ in places_of(lake, text)] == ["pages"]
        forgotten(lake, here[1])
        assert places_of(lake, text, "127.0.0.2", url_key(here[1])) == []
        assert ingested(tmp_path, *feeds)["counts"]["entries.forgotten"] == 5


def test_a_forget_that_was_killed_after_its_commit_is_finished_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, calls = tmp_path / "lake", list[int]()
    finish = forget_module.finish_forgetting

    def killed(storage: Storage, now_us: int) -> None:
        calls.append(now_us)
        if len(calls) > 1:
            raise KeyboardInterrupt
        finish(storage, now_us)

    with running_server() as web:
        here = [web.url(f"/n/{number}") for number in range(3)]
        for url in here:
            web.on(f"/{url.split('/', 3)[3]}", html(f"Story at {url[-3:]}"))
        web.on("/feed", feed_of(*here))
        ingested(tmp_path, web.url("/feed"))
        text = story("Story at n/1")[0]
        with monkeypatch.context() as patched:
            patched.setattr(forget_module, "finish_forgetting", killed)
            assert newsbeam("forget", "--output", str(lake), here[1]).returncode == 130
        assert len(calls) == 2
        assert {path.split("/")[0] for path, _ in places_of(lake, text)} == {"articles", "pages"}
        assert sum(map(len, articles_by_file(lake))) == 2, "readers see the new files only"
        ingested(tmp_path, web.url("/feed"))
        assert places_of(lake, text, url_key(here[1])) == []
        assert newsbeam("verify", "--output", str(lake)).returncode == 0


@pytest.mark.parametrize("command", ["compact", "rebuild", "retain"])
def test_a_forget_that_was_killed_after_its_commit_is_finished_by_other_commands_before_they_tidy_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """These delete replaced files too, and with them the list by which it is known that more is left to do."""
    lake, finish = tmp_path / "lake", forget_module.finish_forgetting
    with running_server() as web:
        here = [web.url(f"/n/{number}") for number in range(3)]
        for url in here:
            web.on(f"/{url.split('/', 3)[3]}", html(f"Story at {url[-3:]}"))
        web.on("/feed", feed_of(*here))
        ingested(tmp_path, web.url("/feed"))
    text = story("Story at n/1")[0]
    for path in list(lake.glob("pages/*/*.parquet")):
        aside = lake / "_state/damaged" / path.relative_to(lake)
        aside.parent.mkdir(parents=True)
        shutil.copy(path, aside)
    with monkeypatch.context() as patched:
        patched.setattr(forget_module, "finish_forgetting", lambda storage, now_us: None)
        forgotten(lake, here[1])
    assert "_state" in {path.split("/")[0] for path, _ in places_of(lake, text)}
    assert forget_module.finish_forgetting is finish
    more = ["--pages", "9000d"] if command == "retain" else []
    assert newsbeam(command, "--output", str(lake), *more).returncode == 0
    assert places_of(lake, text, url_key(here[1])) == []


def articles_by_file(lake: Path) -> list[list[Any]]:
    storage = Storage(str(lake))
    return [list(PartReader(storage).rows(ARTICLES, path)) for path in committed(storage).parts(ARTICLES)]


_OLD = Path(__file__).parent / "lakes/0.1.0"
_TOLD: dict[str, tuple[Table[Any], tuple[str, ...]]] = {
    "seen": (SEEN, ("url_key",)),
    "fingerprints": (FINGERPRINTS, ("article_id", "revision", "cluster_id", "keys", "shingles")),
    "stories": (STORIES, ("article_id", "story_id", "terms", "counts")),
    "sites": (SITES, ("site",)),
    "forgotten": (FORGOTTEN, ("key", "kind", "asked", "forgotten_at_us", "reason", "rows", "run_id")),
}


@pytest.mark.parametrize("name", _TOLD)
def test_state_that_an_edition_wrote_is_rebuilt_without_what_was_forgotten(tmp_path: Path, name: str) -> None:
    table, columns = _TOLD[name]
    shutil.copytree(_OLD, tmp_path / "lake")
    storage = Storage(str(tmp_path / "lake"))
    rows = ds.dataset(tmp_path / "lake/articles", partitioning="hive").to_table().to_pylist()
    domain = hosts_of(rows).most_common(1)[0][0]
    forgotten(tmp_path / "lake", domain, rows[0]["canonical_url"])

    def told() -> set[tuple[Any, ...]]:
        parts = committed(storage).parts(table)
        found = (row for path in parts for row in PartReader(storage).rows(table, path))
        return {tuple(getattr(row, column) for column in columns) for row in found}

    before = told()
    assert before
    for path in committed(storage).parts(table):
        (tmp_path / "lake" / path).write_bytes(b"")
    damaged = check_state(committed(storage))
    assert {one.table for one in damaged.damaged} == {table}
    costs = [one.lost for one in rebuild_state(storage, damaged, NOON_US)]
    assert set(costs) == {None}
    assert told() == before
    assert check_state(committed(storage), thoroughly=True).damaged == ()
    assert domain not in str(told()) or table is FORGOTTEN


@pytest.mark.parametrize(
    ("answer", "more", "status", "is_asked"),
    [("y\n", (), 0, True), ("YES\n", (), 0, True), ("\n", (), 1, True), ("n\n", (), 1, True), ("", (), 1, True),
     ("n\n", ("--yes",), 0, False), ("n\n", ("--dry_run",), 0, False), ("n\n", ("--list",), 0, False)],
)  # fmt: skip
def test_at_a_terminal_it_asks_first_since_it_cannot_be_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, more: tuple[str, ...], status: int, is_asked: bool
) -> None:
    lake = shutil.copytree(Path(__file__).parent / "lakes/0.1.0", tmp_path / "lake")
    terminal = StringIO(answer)
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", terminal)
    what = () if "--list" in more else ("example.com",)
    done = newsbeam("forget", "--output", str(lake), *what, *more)
    assert done.returncode == status
    assert ("Forget example.com in " in done.stderr) == is_asked
    assert done.stderr.endswith("newsbeam forget: nothing was forgotten\n") == (status == 1)
    is_done = status == 0 and more in ((), ("--yes",))
    assert len(list(lake.glob("editions/*.json"))) == is_done
    if not is_done:
        assert newsbeam("forget", "--output", str(lake), "--list").stdout == "Nothing was forgotten.\n"


@pytest.mark.parametrize("stdin", [None, StringIO("n\n")])
def test_where_no_terminal_is_it_never_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stdin: StringIO | None
) -> None:
    lake = shutil.copytree(Path(__file__).parent / "lakes/0.1.0", tmp_path / "lake")
    monkeypatch.setattr("sys.stdin", stdin)
    done = newsbeam("forget", "--output", str(lake), "example.com")
    assert (done.returncode, done.stderr) == (0, "")

"""The pages of docs/howto are followed word for word: their commands end as they say, and print what they show."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from newsroom import Newsroom
from schemas.run import iso
from tests.command import newsbeam
from tests.config.desk_with_settings import feed, page
from tests.followed_page import assert_printed, blocks_of, follow
from tests.howto.pages import FOLDER, ROOT, given, told
from tests.s3.versitygw import S3Server, program
from tests.web_server import Answer, Asked, WebServer, running_server

pytestmark = pytest.mark.timeout(300)


def ingested(room: Newsroom, folder: Path) -> None:
    options = ("--allow_networks", "127.0.0.0/8", "--host_delay", "0.01", "--now", iso(room.now_us))
    done = newsbeam("ingest", "--feeds", "feeds.opml", "--output", "lake", *options, folder=folder)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_a_daily_run(tmp_path: Path) -> None:
    with Newsroom(slow_s=0) as room:
        follow(told("daily"), tmp_path, given(room, tmp_path))
    assert "last_run" in (tmp_path / "messages.jsonl").read_text()
    assert (tmp_path / "report.html").stat().st_size > 10_000


@pytest.mark.slow
def test_upgrade_of_a_lake_of_an_older_version(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests/lakes/0.1.0", tmp_path / "lake")
    with Newsroom(slow_s=0) as room:
        room.advance(hours=2)
        follow(told("upgrade"), tmp_path, given(room, tmp_path))
    assert not (tmp_path / "lake.before").exists()


@pytest.mark.slow
def test_forget_a_publisher(tmp_path: Path) -> None:
    with Newsroom(slow_s=0) as room:
        variables = given(room, tmp_path)
        ingested(room, tmp_path)
        story = next(one.url for one in room.truth() if "//127.0.0.12:" in one.url and one.outcome == "article")
        follow(told("forget", story=story, domain=" 127.0.0.13 "), tmp_path, variables)
    rows = b"".join(path.read_bytes() for path in (tmp_path / "lake/articles").rglob("*.parquet"))
    assert b"//127.0.0.13:" not in rows
    assert story.encode() not in rows


def members_only(web: WebServer, answer: Answer) -> Callable[[Asked], Answer]:
    """The answer for who knows the password; for others a refusal."""
    basic = b"Basic ZGVzazpjb3JyZWN0IGhvcnNl"  # desk:correct horse
    return lambda asked: answer if asked.headers.get("authorization") == basic else Answer(401, b"members only")


@pytest.mark.slow
def test_private_feeds(tmp_path: Path) -> None:
    with running_server() as web, Newsroom(slow_s=0) as room:
        listed = feed(web, ("/a", "A bridge"), ("/b", "A ferry"))
        web.on("/members.xml", members_only(web, Answer(200, listed, {"Content-Type": "application/rss+xml"})))
        web.on("/a", members_only(web, Answer(200, page("A bridge"), {"Content-Type": "text/html"})))
        ferry = page("A ferry", "The ferry to the islands goes every hour now, until summer.")
        web.on("/b", members_only(web, Answer(200, ferry, {"Content-Type": "text/html"})))
        variables = given(room, tmp_path)
        host = f'"127.0.0.1:{web.port}"'
        follow(
            told("private_feeds", members=web.url("/members.xml"), host=host, plain_http="plain_http"),
            tmp_path,
            variables,
        )


@pytest.mark.s3
def test_a_lake_in_an_object_store(tmp_path: Path) -> None:
    if program() is None:
        pytest.skip("Go is missing, so there is no S3 server (versitygw) to test with")
    (tmp_path / "s3").mkdir()
    with Newsroom(slow_s=0) as room, S3Server(tmp_path / "s3") as server:
        variables = server.environment() | given(room, tmp_path)
        server.bucket("bucket")
        follow(told("object_store", endpoint=server.address), tmp_path, variables)


def test_every_page_is_followed() -> None:
    source = "".join(path.read_text() for path in Path(__file__).parent.glob("*.py"))
    assert [page.name for page in FOLDER.glob("*.md") if f'told("{page.stem}"' not in source] == []


def test_what_is_not_printed_is_missed(tmp_path: Path) -> None:
    page = "```sh\necho one two three\n```\n\n```text\none … three\n```\n"
    assert follow(page, tmp_path, {}) == "one two three\n"
    with pytest.raises(AssertionError, match="not printed: two one"):
        assert_printed("two one", "one two")
    with pytest.raises(AssertionError, match="not printed"):
        follow(page.replace("one … three", "four"), tmp_path, {})


def test_an_exit_status_is_the_one_that_the_page_says(tmp_path: Path) -> None:
    follow("<!-- status 1 -->\n```sh\ntrue\nfalse\n```\n", tmp_path, {})
    for wrong in ("```sh\nfalse\n```\n", "```sh\nfalse\ntrue\n```\n", "<!-- status 3 -->\n```sh\ntrue\n```\n"):
        with pytest.raises(AssertionError):
            follow(wrong, tmp_path, {})


def test_files_python_and_lines_that_go_on(tmp_path: Path) -> None:
    page = (
        "<!-- a.txt -->\n```text\nx\n```\n\n<!-- not run: no -->\n```sh\nfalse\n```\n\n```toml\na = 1\n```\n\n"
        "```python\nprint(open('a.txt').read())\n```\n\n```text\nx\n```\n\n```sh\ncat \\\n  a.txt\n```\n"
    )
    assert [block.kind for block in blocks_of(page)] == ["file", "run", "printed", "run"]
    assert follow(page, tmp_path, {}) == "x\n\nx\n"
    with pytest.raises(AssertionError, match="says nothing"):
        list(blocks_of("<!-- perhaps -->\n```sh\ntrue\n```\n"))

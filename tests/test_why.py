"""``newsbeam why`` tells what became of an address, and why it is not there; ``diff`` what changed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.command import newsbeam
from tests.transforms.compare.sites.site_texts import story
from tests.web_server import Answer, WebServer, running_server

pytestmark = pytest.mark.slow
COPIER = "127.0.0.2"


class Told:
    """A lake of two runs over a small press, and what the command tells of it."""

    def __init__(self, web: WebServer, folder: Path) -> None:
        self.web = web
        self.lake = folder / "lake"

    def json(self, what: str) -> dict[str, Any]:
        done = newsbeam("why", "--output", str(self.lake), "--json", what)
        assert (done.returncode, done.stderr) == (0, "")
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def text(self, what: str, command: str = "why", *more: str) -> str:
        done = newsbeam(command, "--output", str(self.lake), *more, what)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout


def article(web: WebServer, path: str, lines: list[str], title: str, host: str = "127.0.0.1", head: str = "") -> None:
    paragraphs = "".join(f"<p>{line}</p>" for line in lines)
    page = f"<html lang='en'><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>{paragraphs}"
    web.on(f"{host}{path}", Answer(200, f"{page}</article></body></html>".encode(), {"Content-Type": "text/html"}))


def entry(url: str, updated: str) -> str:
    stamps = f"<published>2026-03-02T07:00:00Z</published><updated>{updated}</updated>"
    return f"<entry><id>{url}#id</id><title>About it</title><link href='{url}'/>{stamps}</entry>"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder = tmp_path_factory.mktemp("why")
    with running_server() as web:
        web.on("/robots.txt", Answer(200, b"User-agent: *\nDisallow: /secret", {"Content-Type": "text/plain"}))
        article(web, "/news/1", story(1), "One boat")
        article(web, "/news/1", story(1), "One boat", COPIER)
        canonical = f"<link rel='canonical' href='{web.url('/lasting/2')}'>"
        article(web, "/moved/2", story(2), "Two boats", head=canonical)
        web.on("/news/2", Answer(302, headers={"Location": "/moved/2"}))
        web.on("/busy", Answer(503))
        once = "2026-03-02T07:00:00Z"
        paths = ("/news/1", "/news/2", "/gone", "/secret/3", "/busy")

        def publish(updated: str) -> None:
            feed = "".join(entry(web.url(path), updated if path == "/news/1" else once) for path in paths)
            feed += entry(web.url("/news/1", COPIER), once)
            web.on("/feed", Answer(200, f"<feed xmlns='http://www.w3.org/2005/Atom'>{feed}</feed>".encode()))

        (folder / "feeds.txt").write_text(web.url("/feed"))
        arguments = ["ingest", "--feeds", str(folder / "feeds.txt"), "--output", str(folder / "lake")]
        arguments += ["--allow_networks", "127.0.0.0/8", "--host_delay", "0", "--force", "--now"]
        publish(once)
        assert newsbeam(*arguments, "2026-03-02T08:00:00Z").returncode == 0
        article(web, "/news/1", ["A first line that is new.", *story(1)[1:]], "One boat, and another")
        publish("2026-03-02T09:30:00Z")
        assert newsbeam(*arguments, "2026-03-02T10:00:00Z").returncode == 0
        yield Told(web, folder)


def test_an_article_is_told_with_its_polls_fetches_copies_and_what_was_edited(told: Told) -> None:
    url = told.web.url("/news/1")
    found = told.json(url)
    assert (found["fate"], found["told"]) == ("article", "an article in 2 revisions")
    assert [one["polled_at"][:16] for one in found["listed_by"]] == ["2026-03-02T08:00", "2026-03-02T10:00"]
    assert {one["entry_id"] for one in found["listed_by"]} == {f"{url}#id"}
    assert all(one["listed_when_read_at"] for one in found["listed_by"])
    assert [(one["status"], one["ended"], one["number"]) for one in found["fetches"]] == [
        (200, "article", 1),
        (200, "article", 2),
    ]
    assert found["robots"]["verdict"] == "allowed"
    first, second = found["revisions"]
    assert "changed" not in first
    assert {"name": "headline", "before": "One boat", "after": "One boat, and another"} in second["changed"]
    assert f"-{story(1)[0]}" in second["diff"]
    assert "+A first line that is new." in second["diff"]
    [copy] = found["copies"]["articles"]
    assert copy["canonical_url"] == told.web.url("/news/1", COPIER)
    assert {copy["relation"], first["relation"]} == {"original", "exact"}
    assert found == {**told.json(found["article_id"]), "asked": url, "url": url, "url_key": found["url_key"]}

    copied = told.json(copy["canonical_url"])
    [other] = copied["copies"]["articles"]
    assert (other["article_id"], copied["story"]["id"]) == (found["article_id"], found["story"]["id"])
    if copy["relation"] == "exact":
        assert copied["told"] == f"an article, exact copy of {found['article_id']}"
    text = told.text(url)
    assert f"{told.web.url('/feed')}  2026-03-02 10:00 ok" in text
    assert "  +A first line that is new." in text


def test_an_article_is_found_by_entry_redirect_and_canonical_address(told: Told) -> None:
    places = [told.web.url(path) for path in ("/news/2", "/moved/2", "/lasting/2")]
    found = [told.json(url) for url in places]
    assert {one["article_id"] for one in found} == {found[2]["url_key"]}
    for one in found:
        assert one["fate"] == "article"
        assert [(fetch["url"], fetch["final_url"]) for fetch in one["fetches"]] == [tuple(places[:2])]
        assert one["revisions"][0]["canonical_url"] == places[2]


@pytest.mark.parametrize(
    ("path", "fate", "words"),
    [
        ("/gone", "failed", "failed in pages: not_found"),
        ("/secret/3", "failed", "failed in pages: robots_denied"),
        ("/busy", "pending", "waiting for another try: 2 failed so far, the last by server_error"),
        ("/feed", "feed", "a feed of this lake"),
        ("/never", "never_seen", "no feed of this lake is known to have listed it"),
    ],
)
def test_why_something_is_not_there(told: Told, path: str, fate: str, words: str) -> None:
    found = told.json(told.web.url(path))
    assert (found["fate"], found["told"][: len(words)]) == (fate, words)
    assert found["robots"]["verdict"] == ("robots_denied" if path == "/secret/3" else "allowed")
    assert words in told.text(told.web.url(path))


def test_of_an_address_that_was_never_seen_the_feeds_of_its_site_are_told(told: Told) -> None:
    found = told.json(told.web.url("/never"))
    [feed] = found["feeds_of_site"]
    assert (feed["feed_url"], feed["state"], feed["last_polled_at"][:16]) == (
        told.web.url("/feed"),
        "well",
        "2026-03-02T10:00",
    )
    assert told.json("https://elsewhere.example/a")["feeds_of_site"] == []
    assert "feeds of the site\n  none in this lake" in told.text("elsewhere.example/a")


def test_what_was_forgotten_is_told_by_the_record(told: Told, tmp_path: Path) -> None:
    other = Told(told.web, tmp_path)
    shutil.copytree(told.lake, other.lake)
    url = told.web.url("/news/2")
    assert newsbeam("forget", "--output", str(other.lake), url, "--reason", "asked by mail").returncode == 0
    found = other.json(url)
    assert (found["fate"], found["forgotten"]["reason"], found["revisions"]) == ("forgotten", "asked by mail", [])


def test_the_latest_revisions_are_compared_by_lines_or_words(told: Told) -> None:
    url = told.web.url("/news/1")
    lines = told.text(url, "diff").splitlines()
    assert lines[1] == "headline: One boat -> One boat, and another"
    assert "--- revision 1, fetched 2026-03-02T08:00Z" in lines
    assert "+A first line that is new." in lines
    words = told.text(url, "diff", "--words")
    assert "{+A first line that is new+}" in words or "[-" in words
    found = json.loads(told.text(url, "diff", "--between", "2", "1", "--json"))
    assert (found["between"], [one["revision"] for one in found["revisions"]]) == ([2, 1], [1, 2])
    assert {"name": "headline", "before": "One boat, and another", "after": "One boat"} in found["changed"]
    assert f"+{story(1)[0]}" in found["diff"]


def test_mistakes_are_one_line(told: Told) -> None:
    lake, url = str(told.lake), told.web.url("/news/1")
    cases = [
        (("diff", "--output", lake, "--between", "1", "3", url), 2, "the article has revisions 1 to 2"),
        (("diff", "--output", lake, told.web.url("/gone")), 1, "newsbeam why tells more"),
        (("why", "--output", lake, "https://me:s3cret@a.example/x"), 2, "***@a.example/x is neither"),
        (("why", "--output", f"{lake}-none", url), 2, "there is no lake"),
    ]
    for arguments, status, words in cases:
        done = newsbeam(*arguments)
        assert (done.returncode, words in done.stderr, "s3cret" in done.stderr) == (status, True, False), done.stderr
        assert done.stderr.count("\n") == 1
    once = newsbeam("diff", "--output", lake, told.web.url("/news/2"))
    assert (once.returncode, "revision 1 of 1" in once.stdout) == (0, True)

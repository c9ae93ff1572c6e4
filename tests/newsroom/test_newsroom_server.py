"""The sample newsroom as a server: feeds, validators, the second hour, scripted answers and the log of requests."""

from __future__ import annotations

import http.client
import json
import time
from collections import Counter
from urllib.parse import urljoin, urlsplit

import feedparser
import pytest
from lxml import html

from newsroom import Answer, Newsroom, Request
from tests.newsroom.asking import articles, ask, page_text, squeezed


def test_the_same_start_and_port_give_the_same_bytes() -> None:
    def everything(port: int) -> tuple[int, list[tuple[int, bytes]]]:
        with Newsroom(slow_s=0.0, port=port) as running:
            urls = [*running.feeds, *running.sitemaps, *(row.url for row in running.truth()[::4])]
            return running.port, [(status, body) for status, _, body in map(ask, urls)]

    port, first = everything(0)
    assert everything(port) == (port, first)


def test_every_good_feed_parses_and_names_what_the_truth_names(room: Newsroom) -> None:
    named = {(feed, link) for row in room.truth() for feed, link in row.links}
    good = [url for url in room.feeds if url not in room.bad_feeds]
    versions = set()
    for url in good:
        status, headers, body = ask(url)
        assert status == 200
        if "json" in headers["content-type"]:
            document = json.loads(body)
            links = [entry["url"] for entry in document["items"]]
            versions.add("json")
        else:
            parsed = feedparser.parse(body, response_headers={"content-location": url, **headers})
            assert not parsed.bozo, (url, parsed.get("bozo_exception"))
            versions.add(parsed.version)
            links = [urljoin(url, entry.link) for entry in parsed.entries]
        assert set(links) == {link for feed, link in named if feed == url}
        assert len(links) == len(set(links))
    assert {"rss20", "rss10", "rss092", "atom10", "json"} == versions


def test_bad_feeds_are_a_page_and_a_missing_address(room: Newsroom) -> None:
    assert sorted(room.bad_feeds.values()) == ["not_a_feed", "not_found"]
    for url, reason in room.bad_feeds.items():
        status, headers, _ = ask(url)
        assert (status, "text/html" in headers["content-type"]) == (404 if reason == "not_found" else 200, True)


def test_one_feed_entry_has_a_relative_link_and_one_feed_the_full_content(room: Newsroom) -> None:
    bodies = {url: ask(url)[2].decode("utf-8", "replace") for url in room.feeds}
    assert sum('type="text/html" href="/' in body for body in bodies.values()) == 1
    assert sum("<content:encoded>" in body for body in bodies.values()) == 1


def test_validators_bring_304_and_each_kind_of_validator_exists(room: Newsroom) -> None:
    kinds = set()
    for url in room.feeds:
        status, headers, _ = ask(url)
        if status != 200 or url in room.bad_feeds:
            continue
        etag, modified = headers.get("etag"), headers.get("last-modified")
        kinds.add((etag is not None, modified is not None))
        if etag:
            assert ask(url, {"If-None-Match": etag})[::2] == (304, b"")
            assert ask(url, {"If-None-Match": '"other"', "If-Modified-Since": modified or ""})[0] == 200
        if modified:
            assert ask(url, {"If-Modified-Since": modified})[0] == 304
            assert ask(url, {"If-Modified-Since": "Sun, 01 Feb 2026 00:00:00 GMT"})[0] == 200
            assert ask(url, {"If-Modified-Since": "yesterday"})[0] == 200
    assert kinds == {(True, True), (True, False), (False, True), (False, False)}


def test_entries_that_lead_nowhere_answer_as_the_truth_says(room: Newsroom) -> None:
    found = {row.outcome: ask(row.url) for row in room.truth() if row.outcome != "article"}
    assert found["not_found"][0] == 404
    assert found["gone"][0] == 410
    assert found["not_html"][1]["content-type"] == "application/pdf"
    denied = next(row for row in room.truth() if row.outcome == "robots_denied")
    _, _, robots = ask(urljoin(denied.url, "/robots.txt"))
    rules = [line.split()[1] for line in robots.decode().splitlines() if line.startswith("Disallow")]
    assert any(urlsplit(denied.url).path.startswith(rule) for rule in rules)


def test_a_moved_article_is_redirected_to_its_canonical_address(room: Newsroom) -> None:
    moved = next(row for row in articles(room) if row.url.partition("?")[0] != row.canonical_url)
    status, headers, _ = ask(moved.url)
    assert (status, headers["location"]) == (301, moved.canonical_url)


def test_the_second_hour_brings_a_few_items_an_edit_and_many_304s(fresh_room: Newsroom) -> None:
    room = fresh_room
    before = {row.canonical_url: row for row in room.truth()}
    validators = {url: ask(url)[1] for url in room.feeds if url not in room.bad_feeds}
    room.advance(hours=1)
    after = {row.canonical_url: row for row in room.truth()}
    assert 5 <= len(after.keys() - before.keys()) <= 8
    changed = [url for url in before if after[url] != before[url]]
    assert len(changed) == 1
    old, new = before[changed[0]], after[changed[0]]
    assert (new.relation, new.copy_of, old.relation) == ("revision", new.canonical_url, "original")
    assert len(new.body) > len(old.body)
    assert new.updated_us is not None
    assert old.updated_us is not None
    assert new.updated_us > old.updated_us
    assert squeezed(new.body.split("\n\n")[-1]) in page_text(new)
    statuses = Counter()
    for url, headers in validators.items():
        sent = {}
        if "etag" in headers:
            sent["If-None-Match"] = headers["etag"]
        if "last-modified" in headers:
            sent["If-Modified-Since"] = headers["last-modified"]
        statuses[ask(url, sent)[0]] += 1
    assert statuses[304] > statuses[200]
    untouched = [url for url in before if before[url].outcome == "article" and url != changed[0]][::7]
    assert all(ask(url)[0] == 200 for url in untouched)


def test_pages_do_not_change_when_the_clock_moves(fresh_room: Newsroom) -> None:
    urls = [row.canonical_url for row in articles(fresh_room) if "lighthouse" not in row.headline][::3]
    first = [ask(url)[2] for url in urls]
    fresh_room.advance(hours=1)
    assert [ask(url)[2] for url in urls] == first


def test_requests_are_logged_with_their_times_and_can_be_forgotten(fresh_room: Newsroom) -> None:
    begun = time.monotonic()
    ask(fresh_room.feeds[1], {"X-Reader": "newsbeam"})
    noted = fresh_room.requests[0]
    assert (noted.host, noted.method, noted.path, noted.status) == ("127.0.0.12", "GET", "/feed/", 200)
    assert noted.headers["x-reader"] == "newsbeam"
    assert begun <= noted.at_s
    for _ in range(100):
        if fresh_room.requests[0].end_s is not None:
            break
        time.sleep(0.005)
    ended = fresh_room.requests[0].end_s
    assert ended is not None
    assert noted.at_s <= ended <= time.monotonic()
    fresh_room.clear_requests()
    assert fresh_room.requests == []


def test_answers_can_be_scripted_by_address_in_sequence_and_by_function(fresh_room: Newsroom) -> None:
    feed = fresh_room.feeds[0]
    busy = Answer(503, headers=(("Retry-After", "2"),), body=b"later")
    fresh_room.script(feed, [busy, Answer(200, body=b"now")])
    assert [ask(feed)[::2] for _ in range(3)] == [(503, b"later"), (200, b"now"), (200, b"now")]
    fresh_room.unscript(feed)
    assert ask(feed)[2].startswith(b"<?xml")

    def only_bots(request: Request) -> Answer | None:
        return Answer(403) if "bot" in request.headers.get("user-agent", "") else None

    fresh_room.script("127.0.0.12/feed/", only_bots)
    assert ask(fresh_room.feeds[1], {"User-Agent": "a bot"})[0] == 403
    assert ask(fresh_room.feeds[1])[0] == 200


def test_scripted_answers_can_break_off(fresh_room: Newsroom) -> None:
    fresh_room.script("127.0.0.13/cut", Answer(body=b"x" * 100, cut_at_bytes=10))
    fresh_room.script("127.0.0.13/gone", Answer(hang_up=True))
    base = f"http://127.0.0.13:{fresh_room.port}"
    with pytest.raises(http.client.IncompleteRead):
        ask(f"{base}/cut")
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        ask(f"{base}/gone")


def test_the_slow_publisher_takes_its_time() -> None:
    with Newsroom(slow_s=0.1) as room:
        begun = time.monotonic()
        ask(next(url for url in room.feeds if "127.0.0.19" in url))
        assert time.monotonic() - begun >= 0.1


def test_the_feed_list_is_opml_that_names_every_feed(room: Newsroom) -> None:
    tree = html.fromstring(room.opml().encode())
    assert tree.xpath("//outline/@xmlurl") == room.feeds


def test_a_script_for_no_address_is_refused(room: Newsroom) -> None:
    with pytest.raises(ValueError, match="names no address"):
        room.script("/feed/", Answer())

"""What is forgotten is nowhere in the lake, and does not come back; all else stays."""

from __future__ import annotations

import json
import struct
from collections import Counter
from pathlib import Path
from typing import Any

from tests.command import newsbeam
from tests.conftest import Desk
from tests.lake_bytes import places_of
from transforms.compare.sites.site_blocks import hashes_of
from transforms.web.urls import url_key


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
    sentence = next(
        max(row["article_body"].split("\n"), key=len) for row in gone if alone[row["content_hash"]] == 1
    )
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
    desk.room.clear_requests()
    desk.room.advance(24)  # so that the feeds are not as they were
    third = desk.run("lake", "--force")
    assert third["counts"]["entries.forgotten"] > 0
    assert [request for request in desk.room.requests if path in request.path] == []
    assert places_of(lake, *needles) == []

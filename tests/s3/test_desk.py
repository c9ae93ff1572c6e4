"""The feeds desk on a lake in a bucket: orders, a list that lies there too, and the story of an article."""

from __future__ import annotations

import json
from pathlib import Path

from tests.command import newsbeam
from tests.s3.conftest import StoreDesk
from transforms.lake.feed_orders import read_orders
from transforms.lake.files.storage import Storage


def test_orders_lists_and_stories_work_in_a_bucket(store_desk: StoreDesk, bucket: Path) -> None:
    store_desk.run("bucket/lake")
    shown = json.loads(newsbeam("feeds", "status", "--output", store_desk.uri, "--json").stdout)["feeds"]
    feed = next(one["feed_url"] for one in shown if one["state"] == "well")
    for order in ("retire", "revive", "pause"):
        assert newsbeam("feeds", order, "--output", store_desk.uri, "--reason", "so it is", feed).returncode == 0
    assert read_orders(Storage(store_desk.uri)).number == 3
    counts = store_desk.run("bucket/lake", "--now", "2026-03-02T09:00:00Z")["counts"]
    assert (counts["polls.paused"], counts.get("polls.retired", 0)) == (1, 0)

    url = store_desk.rows("articles", "bucket/lake")[0]["url"]
    told = json.loads(newsbeam("why", "--output", store_desk.uri, "--json", url).stdout)
    assert (told["fate"], len(told["fetches"]) >= 1) == ("article", True)

    listed = f"s3://{bucket.name}/feeds.txt"
    (bucket / "feeds.txt").write_text("# mine\nhttps://a.example/feed\n")
    assert newsbeam("feeds", "add", "--unchecked", "--feeds", listed, "https://b.example/feed").returncode == 0
    assert newsbeam("feeds", "remove", "--feeds", listed, "https://a.example/feed").returncode == 0
    assert (bucket / "feeds.txt").read_text() == "# mine\nhttps://b.example/feed\n"

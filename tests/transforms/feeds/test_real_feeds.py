"""Every real feed of the development set is read, with no entry fewer than feedparser finds."""

from __future__ import annotations

import json
import zipfile

import pytest

from schemas.feed import FeedSpec
from tests.shared_data import SHARED
from transforms.feeds.parsing.entries import entries_of
from transforms.feeds.parsing.parse_feed import parse_feed

pytestmark = [pytest.mark.slow, pytest.mark.skipif(SHARED is None, reason="development data is absent")]

NOW_US = 1_795_000_000_000_000


def test_real_feeds_lose_no_entry():
    assert SHARED is not None
    folder = SHARED / "data/feeds"
    lines = (folder / "feeds-dev.jsonl").read_text(encoding="utf-8").splitlines()
    fewer, json_entries = [], 0
    with zipfile.ZipFile(folder / "feeds-dev.zip") as archive:
        for document in map(json.loads, lines):
            spec = FeedSpec(document["url"] or "https://feed.example/feed")
            parsed = parse_feed(archive.read(document["name"]), None, spec.url)
            entries, problems = entries_of(parsed, spec, NOW_US)
            assert len(entries) + len(problems) == len(parsed.entries)
            if len(parsed.entries) < document["feedparser"]["entries"]:
                fewer.append(document["name"])
            json_entries += len(entries) if parsed.format.startswith("json") else 0
    assert len(lines) == 358
    assert fewer == []
    assert json_entries == 72

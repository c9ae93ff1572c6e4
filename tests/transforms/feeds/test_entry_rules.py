from __future__ import annotations

import pytest

from schemas.feed import FeedEntry
from transforms.feeds.polling.entry_rules import rule_against
from transforms.web.chosen.feed_settings import FeedSettings

ENTRY = FeedEntry(
    "https://example.org/rss", "1", "https://example.org/News/bridge", "key",
    title="A bridge for Musterhausen", summary="The board voted.", keywords=("Harbour",),
)  # fmt: skip


@pytest.mark.parametrize(
    ("chosen", "rule"),
    [
        (FeedSettings(), None),
        (FeedSettings(drop_urls=("/news/",)), "drop_urls"),
        (FeedSettings(drop_urls=("/sport/",)), None),
        (FeedSettings(keep_urls=("/sport/", "/culture/")), "keep_urls"),
        (FeedSettings(keep_urls=("/sport/", "/news/*bridge")), None),
        (FeedSettings(keep_urls=()), None),
        (FeedSettings(drop_words=("bridges",)), None),
        (FeedSettings(drop_words=("bridge",)), "drop_words"),
        (FeedSettings(drop_words=("harbour",)), "drop_words"),
        (FeedSettings(keep_words=("vote*",)), None),
        (FeedSettings(keep_words=("vote",)), "keep_words"),
        (FeedSettings(keep_words=()), None),
        (FeedSettings(keep_urls=("/news/",), drop_words=("bridge",)), "drop_words"),
        (FeedSettings(drop_languages=("en",), keep_sections=("x",)), None),
    ],
)
def test_the_rule_against_an_entry_is_named(chosen: FeedSettings, rule: str | None) -> None:
    assert rule_against(ENTRY, chosen) == rule


def test_words_do_not_run_from_one_field_into_the_next() -> None:
    assert rule_against(ENTRY, FeedSettings(drop_words=("Musterhausen the",))) is None

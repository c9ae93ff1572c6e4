from __future__ import annotations

import pytest

from transforms.compare.draft_rules import rule_against
from transforms.web.chosen.feed_settings import FeedSettings


@pytest.mark.parametrize(
    ("language", "section", "chosen", "rule"),
    [
        ("en", None, FeedSettings(), None),
        ("en-GB", None, FeedSettings(drop_languages=("EN",)), "drop_languages"),
        ("en", None, FeedSettings(drop_languages=("en-GB",)), None),
        ("eno", None, FeedSettings(drop_languages=("en",)), None),
        (None, None, FeedSettings(drop_languages=("en",)), None),
        (None, None, FeedSettings(keep_languages=("en",)), "keep_languages"),
        ("de", None, FeedSettings(keep_languages=("en", "de")), None),
        ("de", None, FeedSettings(keep_languages=()), None),
        ("de", "Sports", FeedSettings(drop_sections=("sport*",)), "drop_sections"),
        ("de", "Motorsport", FeedSettings(drop_sections=("sport*",)), None),
        ("de", "Politics", FeedSettings(keep_sections=("politics",)), None),
        ("de", None, FeedSettings(keep_sections=("politics", "*")), "keep_sections"),
        ("de", None, FeedSettings(drop_sections=("*",)), None),
    ],
)
def test_the_rule_against_a_draft_is_named(
    language: str | None, section: str | None, chosen: FeedSettings, rule: str | None
) -> None:
    assert rule_against(language, section, chosen) == rule

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

import pyarrow as pa
import pytest

from schemas.article import ARTICLES
from schemas.fingerprint import FINGERPRINTS
from tests.rows import NOON_US, article
from transforms.compare.copies.fingerprint import fingerprint_of
from transforms.compare.draft_rules import dropped_drafts, rule_against
from transforms.compare.run_drafts import RunDrafts
from transforms.web.chosen.feed_settings import FeedChoices, FeedSettings


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


class Drafts:
    """Drafts in memory, of which only columns are asked for."""

    def __init__(self, **articles: Any) -> None:
        self.tables = {
            "article": ARTICLES.as_given(articles.values()),
            "fingerprint": FINGERPRINTS.as_given(fingerprint_of(one, page_id) for page_id, one in articles.items()),
        }

    def columns(self, record: str, names: Sequence[str]) -> Iterator[pa.Table]:
        yield self.tables[record].select(list(names))


def test_the_news_that_an_article_was_withdrawn_is_not_dropped() -> None:
    drafts = Drafts(
        there=article(in_language="en"),
        gone=article(in_language="en", withdrawn_at_us=NOON_US),
        other=article(in_language="de"),
    )
    choices = FeedChoices(feeds=(("*", FeedSettings(drop_languages=("en",))),))
    assert dropped_drafts(cast(RunDrafts, drafts), choices) == {"there": "drop_languages"}

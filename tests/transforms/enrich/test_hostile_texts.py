"""Any text is survived, and quickly."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.clean.samples import article
from tests.transforms.enrich.samples_to_enrich import enriched
from transforms.clean.clean_text import clean_article


@given(st.text(max_size=300), st.sampled_from([None, "en", "sr", "xx-invalid", "zh-Hant"]))
def test_any_text_is_survived_and_gives_the_same_facts_again(text: str, hint: str | None) -> None:
    assert enriched(text, in_language=hint) == enriched(text, in_language=hint)


@pytest.mark.parametrize(
    "text",
    [
        "(ab)" * 50_000,
        "a " * 100_000 + " " * 100_000 + "(",
        "We use cookies for you.\n" * 20_000 + "cookies",
        "Leave a Reply\n" * 20_000,
        "N.Y. — " * 30_000,
        "\u0e01" * 100_000,
        "中" * 100_000,
    ],
)
def test_a_long_hostile_text_takes_less_than_two_processor_seconds(text: str) -> None:
    started = time.process_time()
    clean_article(article(text, headline="Leave a Reply"))
    enriched(text)
    assert time.process_time() - started < 2

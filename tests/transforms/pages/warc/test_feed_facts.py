"""What a metadata record states of the response behind it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from transforms.pages.warc.feed_facts import stated_before
from transforms.pages.warc.records import Record
from transforms.web.urls import url_key

RESPONSE = Record(0, 10, "response", "https://example.org/final", "2026-03-02T08:00:00Z", record_id="<urn:x>")
FACTS: dict[str, Any] = {
    "feed_url": "https://example.org/feed", "feed_title": "Example", "entry_id": "tag:1", "entry_title": "A title",
    "entry_authors": ["A. Author"], "entry_keywords": ["one", "two"], "url": "https://example.org/asked",
    "entry_published": "2026-03-01T10:00:00.000000Z", "elapsed_ms": 12,
}  # fmt: skip


def metadata(facts: object, **more: Any) -> Record:
    block = facts if isinstance(facts, bytes) else json.dumps(facts).encode()
    return replace(Record(0, 10, "metadata", "urn:x:1", "", concurrent_to="<urn:x>", block=block), **more)


def test_facts_by_our_own_column_names_are_the_entry() -> None:
    stated = stated_before(metadata(FACTS), RESPONSE)
    assert stated is not None
    entry = stated.entry
    assert (entry.feed_url, entry.feed_title, entry.entry_id) == ("https://example.org/feed", "Example", "tag:1")
    assert (entry.url, entry.url_key) == ("https://example.org/asked", url_key("https://example.org/asked"))
    assert (entry.title, entry.authors, entry.keywords) == ("A title", ("A. Author",), ("one", "two"))
    assert (entry.published_us, entry.updated_us) == (1_772_359_200_000_000, None)
    assert (stated.elapsed_ms, stated.final_url, stated.knows_headers, stated.knows_status_line) == (
        12,
        None,
        True,
        True,
    )
    assert stated.is_ours


def test_what_the_user_gave_a_feed_comes_back() -> None:
    stated = stated_before(metadata(FACTS | {"feed_country": "AT", "feed_tags": ["daily", 7]}), RESPONSE)
    assert stated is not None
    assert (stated.entry.feed_country, stated.entry.feed_tags) == ("AT", ("daily",))


def test_what_an_export_does_not_know_stays_unknown() -> None:
    more = {"status_line": None, "response_headers": None, "final_url": "https://example.org/Final#x"}
    stated = stated_before(metadata(FACTS | more), RESPONSE)
    assert stated is not None
    assert (stated.knows_status_line, stated.knows_headers) == (False, False)
    assert stated.final_url == "https://example.org/Final#x"


def test_what_was_stated_of_a_pages_use_comes_back_from_whom_it_was_stated() -> None:
    usage = {
        "robots_usage": ["robots.txt:gptbot=disallow", "noai", 7],
        "entry_usage": ["feed:rsl:permits-usage=all", "x"],
    }
    stated = stated_before(metadata(FACTS | usage), RESPONSE)
    assert stated is not None
    assert (stated.robots_usage, stated.entry.usage) == (
        ("robots.txt:gptbot=disallow",), ("feed:rsl:permits-usage=all",),
    )  # fmt: skip
    for unknown, known in ((None, None), ("robots.txt:a=allow", None), ([], ())):
        stated = stated_before(metadata(FACTS | {"robots_usage": unknown}), RESPONSE)
        assert stated is not None
        assert (stated.robots_usage, stated.entry.usage) == (known, ())


def test_a_record_of_another_response_or_without_facts_states_nothing() -> None:
    assert stated_before(None, RESPONSE) is None
    assert stated_before(metadata(FACTS, concurrent_to="<urn:y>"), RESPONSE) is None
    assert stated_before(metadata(FACTS, concurrent_to=""), RESPONSE) is None
    assert stated_before(metadata(FACTS, concurrent_to="", uri=RESPONSE.uri), RESPONSE) is not None
    assert stated_before(metadata(FACTS, kind="resource"), RESPONSE) is None
    assert stated_before(metadata(b"fetchTimeMs: 12\r\n"), RESPONSE) is None


@pytest.mark.parametrize(
    "facts", [b"{", b"[" * 100_000, b'{"feed_url": 7}', b"{}", b"[]", FACTS | {"url": "javascript:1"}], ids=range(6)
)
def test_facts_that_are_none_state_nothing(facts: object) -> None:
    assert stated_before(metadata(facts), RESPONSE) is None


def test_values_of_other_types_are_left_out() -> None:
    odd = {
        "entry_title": 7, "entry_authors": "A. Author", "entry_keywords": ["one", 2, ""], "entry_published": 12,
        "entry_updated": "soon", "elapsed_ms": -1, "entry_id": None, "entry_summary": "\ud800", "final_url": "x",
    }  # fmt: skip
    stated = stated_before(metadata(FACTS | odd), RESPONSE)
    assert stated is not None
    entry = stated.entry
    assert (entry.title, entry.authors, entry.keywords, entry.published_us) == (None, (), ("one",), None)
    assert (entry.updated_us, entry.entry_id, entry.summary) == (None, "https://example.org/asked", "?")
    assert (stated.elapsed_ms, stated.final_url) == (None, None)

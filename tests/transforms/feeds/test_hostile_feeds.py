"""Hostile feeds: each is read, or fails with a reason, and none takes the process that asked with it."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import pytest

from schemas.failure import Reason
from schemas.feed import FeedSpec
from tests.shared_data import SHARED
from transforms.feeds.parsing.entries import entries_of
from transforms.feeds.parsing.parse_feed import parse_feed
from transforms.feeds.parsing.parsed import FeedError
from transforms.sandbox import Sandbox, SandboxError

pytestmark = [pytest.mark.slow, pytest.mark.skipif(SHARED is None, reason="development data is absent")]

URL = "https://news.example/feed"
EXPECTED_FAILURES = {
    "feed_doctype_unclosed": Reason.NOT_A_FEED,
    "feed_many_attributes": Reason.TIMEOUT,
    "feed_100k_items": Reason.TIMEOUT,
    "feed_empty": Reason.EMPTY_BODY,
    "feed_whitespace": Reason.EMPTY_BODY,
    "feed_html_page": Reason.NOT_A_FEED,
    "feed_random": Reason.NOT_A_FEED,
    "feed_json_deep": Reason.BAD_FEED,
}
EITHER_WAY = {"feed_deep_100k", "feed_unclosed_elements"}
"""Read or stopped, depending on the machine's speed."""


def hostile_cases() -> ModuleType:
    assert SHARED is not None
    spec = importlib.util.spec_from_file_location("bad_inputs", SHARED / "tools/bad_inputs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def outcome_of(pool, body: bytes, content_type: str | None) -> tuple[Reason | None, str]:
    """The reason of the failure, or None and everything that was read."""
    try:
        parsed = pool.submit(parse_feed, body, content_type, URL).result()
    except (FeedError, SandboxError) as error:
        return error.reason, ""
    read = entries_of(parsed, FeedSpec(URL), now_us=1_795_000_000_000_000)
    assert len(read.entries) + len(read.problems) == len(parsed.entries)
    return None, repr((parsed, read))


def test_hostile_feeds_are_read_or_fail_with_a_fitting_reason():
    failures, lost, leaked = {}, [], []
    pool = Sandbox(workers=1, cpu_limit_s=3.0).open()
    try:
        for name, (kind, _attack, make, extra) in hostile_cases().CASES.items():
            if kind != "feed":
                continue
            reason, read = outcome_of(pool, make(), extra.get("content_type"))
            if reason is not None:
                failures[name] = reason
            if extra.get("must_contain", "") not in read:
                lost.append(name)
            if "must_not_contain" in extra and extra["must_not_contain"] in read:
                leaked.append(name)
    finally:
        pool.close()
    assert {name: reason for name, reason in failures.items() if name not in EITHER_WAY} == EXPECTED_FAILURES
    assert leaked == []
    assert lost == []

"""What the head of an answer says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from multidict import CIMultiDict

from schemas.failure import Reason
from transforms.feeds.scheduling.poll_facts import facts_of, refusal_of
from transforms.web.http.response import Response

OLD, MIDDLE, NEW = "https://old.example/feed", "https://middle.example/feed", "https://new.example/feed"
NOON = "Sun, 15 Jun 2025 12:00:00 GMT"
NOON_US = 1_749_988_800_000_000


def answer(
    *headers: tuple[str, str], status: int = 200, hops: tuple[tuple[int, str], ...] = (), final_url: str = OLD
) -> Response:
    return Response(OLD, final_url, hops, status, CIMultiDict(headers), b"", 12, NOON_US)


@pytest.mark.parametrize(
    ("headers", "expected_s"),
    [
        ([], None),
        ([("Cache-Control", "no-cache")], 0),
        ([("Cache-Control", "No-Cache, max-age=600")], 0),
        ([("Cache-Control", 'no-cache="Set-Cookie, X-Seen", max-age=600')], 600),
        ([("Cache-Control", "no-store, max-age=600")], 0),
        ([("Cache-Control", "max-age=600, must-revalidate, proxy-revalidate, immutable")], 600),
        ([("Cache-Control", "private, s-maxage=5, max-age=600")], 600),
        ([("Cache-Control", 'note="a, max-age=5", max-age=600')], 600),
        ([("Cache-Control", "max-age=600, max-age=5")], 600),
        ([("Cache-Control", "=, ;max-age=600 , =")], 600),
        ([("Cache-Control", "max-age=" + "9" * 40)], 10**9),
        ([("Cache-Control", "max-age=600"), ("Vary", "Accept-Encoding")], 600),
        ([("Cache-Control", "max-age=600"), ("Vary", "Accept-Encoding, *")], 0),
        ([("Cache-Control", "public, max-age=600")], 600),
        ([("Cache-Control", 'MAX-AGE = "600"')], 600),
        ([("Cache-Control", "public"), ("Cache-Control", "max-age=600")], 600),
        ([("Cache-Control", "s-maxage=600")], None),
        ([("Cache-Control", "max-age=soon")], 0),
        ([("Cache-Control", "max-age=-5")], 0),
        ([("Cache-Control", "max-age=600"), ("Age", "500")], 100),
        ([("Cache-Control", "max-age=600"), ("Age", "9999")], 0),
        ([("Cache-Control", "max-age=600"), ("Age", "old")], 600),
        ([("Cache-Control", "max-age=600"), ("Expires", "Mon, 15 Jun 2026 12:00:00 GMT")], 600),
        ([("Expires", "Sun, 15 Jun 2025 12:30:00 GMT")], 1800),
        ([("Expires", "Sun, 15 Jun 2025 12:30:00 GMT"), ("Date", "Sun, 15 Jun 2025 12:20:00 GMT")], 600),
        ([("Expires", "Sun, 15 Jun 2025 12:30:00 GMT"), ("Date", "today")], 1800),
        ([("Expires", "Sun, 15 Jun 2025 12:30:00 GMT"), ("Age", "600")], 1200),
        ([("Cache-Control", "max-age=600"), ("Age", "100, 500")], 500),
        ([("Expires", "Thu, 01 Jan 1970 00:00:00 GMT")], 0),
        ([("Expires", "0")], 0),
        ([("Expires", "Fri, 31 Dec 9999 23:59:59 GMT")], 10**9),
    ],
)
def test_how_long_an_answer_is_fresh(headers, expected_s):
    assert facts_of(answer(*headers), conditional=False).fresh_s == expected_s


def test_the_seconds_of_the_request_count_to_the_age_of_an_answer_from_a_cache():
    slow = replace(answer(("Cache-Control", "max-age=600"), ("Age", "100")), elapsed_ms=20_900)
    assert facts_of(slow, conditional=False).fresh_s == 480


@pytest.mark.parametrize(
    ("hops", "permanent_url", "is_final"),
    [
        ((), None, True),
        (((301, OLD),), NEW, True),
        (((308, OLD), (301, MIDDLE)), NEW, True),
        (((301, OLD), (302, MIDDLE)), MIDDLE, False),
        (((302, OLD), (301, MIDDLE)), None, False),
        (((303, OLD),), None, False),
        (((307, OLD),), None, False),
    ],
)
def test_a_feed_has_gone_as_far_as_its_redirects_are_permanent(hops, permanent_url, is_final):
    facts = facts_of(answer(hops=hops, final_url=NEW if hops else OLD), conditional=False)
    assert (facts.permanent_url, facts.is_final) == (permanent_url, is_final)


@pytest.mark.parametrize("validator", ['W/"a"', '"a', "a b", '"é"'.encode().decode("latin-1"), "\xff\xfe", "''"])
def test_validators_are_taken_as_they_are(validator):
    facts = facts_of(answer(("ETag", validator), ("Last-Modified", validator)), conditional=True)
    assert (facts.etag, facts.last_modified, facts.conditional) == (validator, validator, True)


def test_an_empty_validator_is_none():
    facts = facts_of(answer(("ETag", ""), ("Last-Modified", "")), conditional=False)
    assert (facts.etag, facts.last_modified) == (None, None)


@pytest.mark.parametrize(
    ("value", "expected_s"),
    [
        ("120", 120),
        ("Sun, 15 Jun 2025 14:00:00 GMT", 3600),
        ("Sun, 15 Jun 2025 12:00:00 GMT", 0),
        ("99999999999999999999", 86_400),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
        ("-5", None),
        ("soon", None),
        ("1.5", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_seen_from_the_answers_own_clock(value, expected_s):
    response = answer(("Retry-After", value), ("Date", "Sun, 15 Jun 2025 13:00:00 GMT"), status=429)
    assert facts_of(response, conditional=False).retry_after_s == expected_s


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ([], Reason.FORBIDDEN),
        ([("Retry-After", "60")], Reason.RATE_LIMITED),
        ([("Retry-After", "never")], Reason.FORBIDDEN),
        ([("X-RateLimit-Remaining", "0")], Reason.RATE_LIMITED),
        ([("RateLimit-Remaining", " 0 ")], Reason.RATE_LIMITED),
        ([("X-RateLimit-Remaining", "10")], Reason.FORBIDDEN),
    ],
)
def test_a_403_of_a_rate_limiter_is_told_from_a_refusal(headers, reason):
    assert refusal_of(answer(*headers, status=403)) is reason

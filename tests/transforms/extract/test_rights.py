"""What may be done with an article is kept as stated, and for whom."""

from __future__ import annotations

import pytest

from schemas.page import Header
from tests.transforms.extract.documents import json_ld, metadata_of


def directives(head: str = "", *headers: str) -> tuple[str, ...]:
    stated = tuple(Header("x-robots-tag", value) for value in headers)
    return metadata_of(head, headers=stated).usage_directives


def test_directives_for_one_crawler_have_its_name_and_are_not_those_for_all() -> None:
    head = (
        '<meta name="robots" content="index, max-snippet:-1, noarchive">'
        '<meta name="GPTBot" content="noindex, nofollow"><meta name="googlebot-news" content="nosnippet">'
        '<meta name="ccbot" content="index,follow"><meta name="anthropic-ai" content="noai">'
        '<meta name="robot-shop" content="noindex">'
    )
    assert directives(head) == ("anthropic-ai:noai", "googlebot-news:nosnippet", "gptbot:noindex", "noarchive")


def test_a_known_crawler_may_have_any_name() -> None:
    head = '<meta name="meta-externalagent" content="noindex"><meta name="ChatGPT-User" content="noai">'
    assert directives(head) == ("chatgpt-user:noai", "meta-externalagent:noindex")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (("noindex, noai",), ("noai", "noindex")),
        (("noarchive", "noai"), ("noai", "noarchive")),
        (("Googlebot: nofollow, noarchive",), ("googlebot:noarchive",)),
        (("noai, otherbot: noindex, nosnippet",), ("noai", "otherbot:noindex", "otherbot:nosnippet")),
        (("max-snippet: 20, noai",), ("noai",)),
        (("unavailable_after: 25 Jun 2030 15:00:00 PST, noarchive",), ("noarchive",)),
        ((": , ::, noai:",), ()),
    ],
)
def test_a_crawlers_name_in_a_header_holds_for_what_follows_it(headers: tuple[str, ...], expected: object) -> None:
    assert directives("", *headers) == expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({"hasPart": {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".rest"}}, False),
        ({"hasPart": [{"isAccessibleForFree": True}, {"isAccessibleForFree": "False"}]}, False),
        ({"hasPart": {"isAccessibleForFree": "https://schema.org/False"}, "isAccessibleForFree": True}, False),
        ({"hasPart": {"isAccessibleForFree": True}}, None),
        ({"hasPart": ["x", 7, None]}, None),
        ({"isAccessibleForFree": "True"}, True),
        ({"isAccessibleForFree": "  "}, None),
        ({}, None),
    ],
)
def test_an_article_of_which_a_part_is_not_free_is_not_free(stated: dict[str, object], expected: bool | None) -> None:
    assert metadata_of(json_ld(**stated)).is_accessible_for_free is expected


def test_the_content_tier_counts_where_json_ld_says_nothing() -> None:
    tier = '<meta property="article:content_tier" content="Locked">'
    assert metadata_of(tier).is_accessible_for_free is False
    assert metadata_of(tier + json_ld(isAccessibleForFree=True)).is_accessible_for_free is True

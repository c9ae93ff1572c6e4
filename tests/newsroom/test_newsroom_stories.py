"""The sample newsroom's stories: as many and as varied as promised, and a truth that its pages bear out."""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from urllib.parse import urlsplit

from lxml import html

from newsroom import Newsroom
from tests.newsroom.asking import articles, ask, page_text, squeezed


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return frozenset(zip(words, words[1:], words[2:], words[3:], strict=False))


def containment(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    return len(one & other) / min(len(one), len(other))


def test_it_has_as_many_publishers_languages_and_articles_as_promised(room: Newsroom) -> None:
    rows = articles(room)
    assert len({row.publisher for row in rows}) >= 9
    assert len({urlsplit(row.url).hostname for row in rows}) >= 9
    assert {"en", "de", "fr", "es"} < {row.language for row in rows}
    assert len(rows) > 130
    assert len({row.canonical_url for row in rows}) == len(rows)
    assert all(row.publisher_name and row.headline and row.countries != () for row in rows)


def test_every_special_case_is_there(room: Newsroom) -> None:
    rows = room.truth()
    outcomes = Counter(row.outcome for row in rows)
    assert outcomes.keys() == {"article", "not_found", "gone", "robots_denied", "not_html"}
    relations = Counter(row.relation for row in rows)
    assert min(relations[kind] for kind in ("exact", "near", "abridged")) >= 5
    assert {"live_blog", "roundup", "paywalled"} < {row.kind for row in rows}
    assert sum(row.published_us is None for row in rows) == 1
    assert any(len(row.links) == 2 and "utm_source" in row.links[1][1] for row in rows)
    assert any(row.dateline and row.wire_sources for row in rows)


def test_stories_are_as_long_as_news_and_spread_over_three_days(room: Newsroom) -> None:
    start_us = room.now_us
    for row in articles(room):
        if row.language != "ja" and row.kind == "article" and row.relation != "abridged":
            assert 110 <= len(row.body.split()) <= 450, row.url
        if row.published_us is not None:
            assert -73 * 3600 <= (row.published_us - start_us) / 1e6 <= 0, row.url


def test_stories_that_are_no_copies_share_few_shingles_and_copies_share_many(room: Newsroom) -> None:
    rows = [row for row in articles(room) if row.kind != "roundup" and row.language != "ja"]
    marks = {row.canonical_url: shingles(row.body) for row in rows}
    origin = {row.canonical_url: row.copy_of or row.canonical_url for row in rows}
    for one, other in itertools.combinations(marks, 2):
        if origin[one] != origin[other]:
            assert containment(marks[one], marks[other]) < 0.15, (one, other)
    lengths = {row.canonical_url: len(row.body) for row in rows}
    for row in rows:
        if row.copy_of is None:
            continue
        shared, share = containment(marks[row.canonical_url], marks[row.copy_of]), lengths[row.canonical_url]
        if row.relation == "exact":
            assert shared == 1.0
        elif row.relation == "near":
            assert 0.8 < shared < 1.0, row.url
        else:
            assert shared >= 0.6, row.url
            assert 0.45 < share / lengths[row.copy_of] < 0.8, row.url


def test_japanese_stories_share_little_either(room: Newsroom) -> None:
    rows = [row.body for row in articles(room) if row.language == "ja"]
    marks = [frozenset(text[at : at + 8] for at in range(len(text))) for text in rows]
    assert all(len(one & other) < 0.15 * len(one) for one, other in itertools.combinations(marks, 2))


def test_every_body_stands_in_its_page_and_the_furniture_with_it(room: Newsroom) -> None:
    for row in articles(room):
        text = page_text(row)
        for paragraph in row.body.split("\n\n"):
            assert squeezed(paragraph) in text, (row.url, paragraph)
        for sentence in row.furniture:
            assert squeezed(sentence) in text, (row.url, sentence)
            assert sentence not in row.body


def test_legacy_charsets_are_declared_in_http_on_one_site_and_only_in_the_page_on_others(room: Newsroom) -> None:
    seen = {row.publisher: ask(row.canonical_url) for row in articles(room)}
    assert "iso-8859-1" in seen["donaublatt"][1]["content-type"]
    assert b"charset" not in seen["donaublatt"][2]
    assert seen["vestnik"][1]["content-type"] == "text/html"
    assert b"charset=windows-1251" in seen["vestnik"][2]
    assert seen["correo"][1]["content-type"] == "text/html"


def test_the_paywalled_page_says_so(room: Newsroom) -> None:
    row = next(row for row in articles(room) if row.kind == "paywalled")
    page = html.fromstring(ask(row.url)[2].decode())
    facts = json.loads(page.xpath("string(//script[@type='application/ld+json'])"))
    assert facts["isAccessibleForFree"] is False

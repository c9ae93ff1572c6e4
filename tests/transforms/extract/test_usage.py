"""Preferences and licensing terms of a page, its answer, its feed and its host are one list."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from schemas.page import Header
from tests.transforms.extract.documents import metadata_of, story
from transforms.extract.parsing.without_code import without_code
from transforms.feeds.parsing.parse_feed import parse_feed
from transforms.web.usage.robots_usage import RobotsUsage

RSL = 'type="application/rsl+xml"'
TERMS = (
    '<rsl xmlns="https://rslstandard.org/rsl"><content url=""><license><prohibits type="usage">ai-train</prohibits>'
    "</license></content></rsl>"
)


def directives(head: str = "", body: str = "", *headers: tuple[str, str], **values: object) -> tuple[str, ...]:
    return metadata_of(head, body, headers=tuple(Header(*one) for one in headers), **values).usage_directives


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("train-ai=n, search=y",), ("content-usage:search=y", "content-usage:train-ai=n")),
        (("train-ai=y", "train-ai=n"), ("content-usage:train-ai=n",)),
        (("train-ai=n", "Broken"), ()),
        (("train-ai=n; search=y, ä",), ()),
        (("a=n, " * 250_000,), ()),
    ],
)
def test_the_content_usage_header_is_one_field(values: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert directives("", "", *(("content-usage", value) for value in values)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (f'<https://paper.example/l.xml>; rel="license"; {RSL}', ("rsl:license=https://paper.example/l.xml",)),
        (f"<https://paper.example/l.xml>; {RSL.replace(chr(34), '')};rel=license,", ("rsl:license=https://paper.example/l.xml",)),
        (f'</l.xml>; rel="canonical license"; {RSL}', ("rsl:license=https://example.org/l.xml",)),
        ('<https://paper.example/by>; rel="license"', ()),
        (f'<https://paper.example/l.xml>; rel="next"; {RSL}', ()),
        (f"<>; rel=license; {RSL}, <javascript:x>; rel=license; {RSL}", ()),
        ('<a>; rel="license"; ' + ";" * 1_000_000, ()),
        ("<" * 1_000_000, ()),
    ],
)  # fmt: skip
def test_a_licence_may_stand_in_the_link_header(value: str, expected: tuple[str, ...]) -> None:
    began = time.process_time()
    assert directives("", "", ("link", value)) == expected
    assert time.process_time() - began < 1


def test_a_page_may_link_its_licence_and_hold_its_terms() -> None:
    head = f'<link rel="license" {RSL} href="/license.xml"><script {RSL}>{TERMS}</script>'
    assert directives(head, story()) == ("rsl:license=https://example.org/license.xml", "rsl:prohibits-usage=ai-train")
    assert directives('<link rel="license" href="https://paper.example/by">') == ()


def test_terms_inside_the_page_are_those_of_the_part_that_they_stand_in() -> None:
    terms = f'<script {RSL}>{TERMS}</script><link rel="license" {RSL} href="/license.xml">'
    assert directives("", f"<figure>{terms}<img src=a></figure>{story()}") == ()
    assert directives("", f"<article>{terms}{story()}</article>") == (
        "rsl:license=https://example.org/license.xml", "rsl:prohibits-usage=ai-train",
    )  # fmt: skip


def test_terms_are_left_in_the_page_where_code_is_taken_out() -> None:
    page = f"<script>run()</script><script {RSL}>{TERMS}</script><style>p {{}}</style>"
    assert without_code(page) == f"<script></script><script {RSL}>{TERMS}</script><style></style>"


def test_what_feed_and_robots_txt_state_is_in_the_list_and_unknown_is_nothing() -> None:
    stated = {"entry_usage": ("feed:rsl:permits-usage=search",), "robots_usage": ("robots.txt:gptbot=disallow",)}
    head = '<meta name="robots" content="noai"><meta name="tdm-reservation" content="1">'
    assert directives(head, "", ("x-robots-tag", "noimageai"), **stated) == (
        "feed:rsl:permits-usage=search", "noai", "noimageai", "robots.txt:gptbot=disallow", "tdm-reservation=1",
    )  # fmt: skip
    assert directives(robots_usage=None) == directives(robots_usage=()) == ()


def test_a_page_that_is_stated_everything_of_gives_the_examples_of_the_document() -> None:
    section = (
        (Path(__file__).resolve().parents[3] / "docs/tables.md")
        .read_text()
        .split("### Usage directives\n", 1)[1]
        .split("\n### ", 1)[0]
    )
    rows = [line.split("|") for line in section.splitlines() if line.startswith("| ")][2:]
    examples = [example for _, _, cell, *_ in rows for example in re.findall("`([^`]+)`", cell)]
    robots = (
        "User-agent: newsbeam\nContent-Usage: train-ai=n\nContent-Signal: ai-train=no\n"
        "License: https://example.org/license.xml\nUser-agent: GPTBot\nUser-agent: *\nDisallow: /\n"
    )
    feed = (
        '<rss version="2.0" xmlns:rsl="https://rslstandard.org/rsl"><channel><item><link>https://example.org/a</link>'
        '<rsl:content url=""><rsl:license><rsl:prohibits type="usage">ai-all</rsl:prohibits></rsl:license>'
        "</rsl:content></item></channel></rss>"
    )
    paid = TERMS.replace("</license>", '<permits type="usage">search</permits><payment type="crawl"/></license>')
    head = (
        '<meta name="robots" content="noai, noimageai, noindex"><meta name="GPTBot" content="noindex">'
        f'<link rel="license" {RSL} href="/license.xml"><script {RSL}>{paid}</script>'
    )
    headers = (("x-robots-tag", "noarchive"), ("tdm-reservation", "1"), ("content-usage", "train-ai=n"))
    usage = RobotsUsage(robots, "newsbeam").of("https://example.org/a")
    [entry] = parse_feed(feed.encode(), None, "https://example.org/feed").entries
    assert directives(head, "", *headers, robots_usage=usage, entry_usage=entry.usage) == tuple(sorted(examples))

"""Terms of Really Simple Licensing as they stand in pages: what is permitted, prohibited, and for what payment."""

from __future__ import annotations

import time

import pytest

from transforms.web.usage.rsl import MAX_RSL_CHARS, document_terms
from transforms.web.usage.statements import license_link

PAGE = "https://paper.example/2026/story?utm_source=feed"


def terms(*contents: str, root: str = '<rsl xmlns="https://rslstandard.org/rsl">') -> tuple[str, ...]:
    stated = document_terms(f"{root}{''.join(contents)}</rsl>", PAGE)
    return tuple(one.removeprefix("rsl:") for one in stated)


def content(inner: str, url: str = "") -> str:
    return f'<content url="{url}"><license>{inner}</license></content>'


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ('<prohibits type="usage">ai-all</prohibits>', ("prohibits-usage=ai-all",)),
        ('<permits type="usage">search ai-input</permits>', ("permits-usage=ai-input", "permits-usage=search")),
        ('<permits type="usage">search, AI-Train</permits>', ("permits-usage=ai-train", "permits-usage=search")),
        ('<permits type="user">education robots</permits>', ("permits-user=education",)),
        ('<prohibits type="geo">de EU toolong 12</prohibits>', ("prohibits-geo=DE", "prohibits-geo=EU")),
        ('<permits type="usage">all</permits><payment type="free"/>', ("permits-usage=all",)),
        (
            '<payment type="crawl"><amount currency="USD">0.015</amount></payment><permits type="usage">all</permits>'
            '<prohibits type="usage">ai-train</prohibits>',
            ("permits-usage=all;payment=crawl", "prohibits-usage=ai-train"),
        ),
        ('<permits type="mood">good</permits><permits>all</permits><permit type="usage">all</permit>', ()),
        ("", ()),
    ],
)
def test_each_term_is_a_statement(inner: str, expected: tuple[str, ...]) -> None:
    assert terms(content(inner)) == expected


def test_a_prefix_is_a_matter_of_spelling() -> None:
    text = content('<permits type="usage">all</permits>').replace("<", "<rsl:").replace("<rsl:/", "</rsl:")
    assert document_terms(f'<rsl:rsl xmlns:rsl="https://rslstandard.org/rsl">{text}</rsl:rsl>', PAGE) == (
        "rsl:permits-usage=all",
    )


def test_of_several_contents_those_count_that_speak_of_the_page() -> None:
    said = '<prohibits type="usage">{}</prohibits>'
    contents = [
        content(said.format("search"), "/pictures/"),
        content(said.format("ai-train"), "/2026/*"),
        content(said.format("ai-index"), "https://PAPER.example/2026/story$"),
        content(said.format("ai-input"), "https://paper.example/2026/"),
        content(said.format("all"), "https://other.example/2026/"),
        content(said.format("ai-all"), "https://[broken/"),
    ]
    assert terms(*contents) == ("prohibits-usage=ai-input", "prohibits-usage=ai-train")
    assert terms(content(said.format("ai-all"), "https://www.paper.example/story")) == ("prohibits-usage=ai-all",)


@pytest.mark.parametrize(
    "text",
    ["", "no xml", "<rsl><content>", "<rsl>&undeclared;</rsl>", '<?xml version="1.0" encoding="nope"?><rsl/>', "\x00",
     '<!DOCTYPE rsl [<!ENTITY a "<content><license><permits type=\'usage\'>all</permits></license></content>">]>'
     "<rsl>&a;</rsl>"],
)  # fmt: skip
def test_what_is_no_document_states_nothing(text: str) -> None:
    assert document_terms(text, PAGE) == ()


@pytest.mark.parametrize(
    "text",
    [
        "<rsl>" + "<content>" * 50_000,
        "<rsl>" + content('<permits type="usage">all</permits>', "/*" + "*a" * 500) * 5_000 + "</rsl>",
        "<rsl>" + content('<permits type="geo">' + "DE " * 30_000 + "</permits>") + "</rsl>",
        "<rsl>" + content('<prohibits type="geo">' + " ".join(f"{a}{b}" for a in "ABCDEFGH" for b in "ABCDEFGH")
                          + "</prohibits>") + "</rsl>",
        "<rsl" + " a='1'" * 200_000 + "/>",
    ],
)  # fmt: skip
def test_a_hostile_document_costs_little_and_states_little(text: str) -> None:
    began = time.process_time()
    assert len(document_terms(text, PAGE)) <= 50
    assert len(document_terms(text[:MAX_RSL_CHARS], PAGE)) <= 50
    assert time.process_time() - began < 1


def test_only_a_whole_address_is_a_licence() -> None:
    assert license_link("HTTPS://paper.example/license.xml") == "rsl:license=HTTPS://paper.example/license.xml"
    for url in ("", "/license.xml", "ftp://paper.example/l", "https://a b", "https://a\n", "https://" + "a" * 9_000):
        assert license_link(url) is None

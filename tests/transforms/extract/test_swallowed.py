"""What an unclosed element has swallowed is read."""

from __future__ import annotations

import time

import pytest

from transforms.extract.page.text_blocks import text_blocks
from transforms.extract.parsing.parse import parse_page

_PAGE = """<html><head><title>Harbour</title></head><body><div><div class="bar">{}</div>
<h1>Harbour opens again</h1><p>The harbour of Greyport opened on Monday.</p>
<div><p>Ships <a href="/a">came</a> at once.</p><p>More are expected.</p></div></div></body></html>"""
_STORY = [
    "Harbour opens again",
    "The harbour of Greyport opened on Monday.",
    "Ships came at once.",
    "More are expected.",
]


def texts(markup: str) -> list[str]:
    tree = parse_page(markup)
    assert tree is not None
    return [block.text for block in text_blocks(tree)]


@pytest.mark.parametrize("tag", "button select option audio video canvas object map progress svg math noscript".split())
@pytest.mark.parametrize("inner", ["div", "table"])
def test_an_element_whose_end_was_not_heeded_holds_no_story(tag: str, inner: str) -> None:
    assert texts(_PAGE.format(f"<{tag}><{inner}>Menu</{tag}>"))[-4:] == _STORY


def test_one_swallowed_by_another_is_freed_too() -> None:
    assert texts(_PAGE.format("<noscript><div>Menu</noscript><button><div>Search</button>"))[-4:] == _STORY


@pytest.mark.parametrize(
    "control",
    [
        "<button><p>Read</p><p>more</p></button>",
        "<noscript><p>Switch on <a href='/js'>scripts</a>.</p></noscript>",
        "<svg><a href='/n'><text>North</text></a></svg>",
    ],
)
def test_what_is_closed_stays_unread(control: str) -> None:
    assert texts(_PAGE.format(control)) == _STORY


@pytest.mark.parametrize("tag", ["noscript", "object", "video"])
def test_a_story_that_is_told_outside_too_is_read_once(tag: str) -> None:
    again = (
        "<p>The harbour of Greyport  opened on Monday.</p><p>Ships came at\n once.</p><p>Switch on scripts.</p><p></p>"
    )
    assert texts(_PAGE.format(f"<{tag}>{again}</{tag}>")) == _STORY
    other = again.replace("Ships", "Boats")
    assert len(texts(_PAGE.format(f"<{tag}>{other}</{tag}>"))) == len(_STORY) + 3


def test_many_that_have_swallowed_the_page_take_little_time() -> None:
    page = f"<html><body>{'<button><div>' * 120}{'<p>Ships came.</p><p>More.</p>' * 20_000}</body></html>"
    started = time.process_time()
    parse_page(page)
    assert time.process_time() - started < 10


def test_many_in_one_another_take_linear_time() -> None:
    page = f"<html><body>{'<svg>' * 250}{'<g></g>' * 200_000}{'</svg>' * 250}<p>Text.</p></body></html>"
    started = time.process_time()
    parse_page(page)
    assert time.process_time() - started < 5

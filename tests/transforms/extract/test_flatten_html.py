"""Deep markup becomes shallow: the same words in the same order, at most 128 levels, in linear time."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement, document_fromstring

from transforms.extract.parsing.flatten_html import flatten_html

STORY = "<article><h1>River rises</h1><p>The river rose by two metres.</p><p>Nobody was hurt.</p></article>"


def depth(tree: HtmlElement) -> int:
    deepest, level = 0, 0
    waiting = [(tree, 1)]
    while waiting:
        element, level = waiting.pop()
        deepest = max(deepest, level)
        waiting.extend((child, level + 1) for child in element)
    return deepest


def words(markup: str) -> list[str]:
    return re.sub(r"<[^<>]*>", " ", markup).split()


@pytest.mark.parametrize(
    "page",
    [
        "<div><p>A level.</p>" * 600 + STORY + "</div>" * 600,
        "<ul><li>A level" * 600 + "</li></ul>" * 600 + STORY,
        "<blockquote>A level <b>deep" * 600 + STORY,
        "<table><tr><td>x" * 600 + STORY + "</td></tr></table>" * 600,
        "<b><i><font color=red>open" * 600 + STORY,
        "<b><div>misnested</b>" * 600 + STORY + "</div>" * 600,
    ],
)
def test_an_article_below_hundreds_of_levels_stays_whole_with_all_the_text_between(page: str) -> None:
    flat = flatten_html(f"<html><body>{page}</body></html>")
    assert words(flat) == words(page)
    tree = document_fromstring(flat)
    assert depth(tree) < 200
    [article] = tree.iter("article")
    assert [child.tag for child in article] == ["h1", "p", "p"]


def test_what_is_not_deep_keeps_its_shape() -> None:
    page = (
        "<html><head><title>a <b> c</title><script>if (a<b) document.write('<div><div>')</script></head><body>"
        "<!-- <div> --><ul><li>one<li>two</ul><p>x<br>y<p>z<table><tr><td>1<td>2</table></body></html>"
    )
    assert [element.tag for element in document_fromstring(flatten_html(page)).iter()] == [
        element.tag for element in document_fromstring(page).iter()
    ]


def test_the_end_tags_of_levels_that_were_closed_early_close_nothing_else() -> None:
    page = "<section>" + "<div>deep " * 300 + "</div>" * 300 + "<p>still in the section</p></section><p>outside</p>"
    tree = document_fromstring(flatten_html(f"<html><body>{page}</body></html>"))
    inside, outside = tree.iter("p")
    assert inside.getparent().tag == "section"
    assert outside.getparent().tag == "body"


@given(st.lists(st.sampled_from("<div> </div> <b> </b> <p> </p> <li> <ul> </ul> <td> <br> word".split()), max_size=900))
def test_whatever_is_open_the_depth_is_bounded_and_no_word_is_lost(pieces: list[str]) -> None:
    page = " ".join(pieces)
    flat = flatten_html(page)
    assert words(flat) == words(page)
    assert depth(document_fromstring(f"<html><body>x{flat}</body></html>")) <= 140


@pytest.mark.parametrize(
    "unit", ["<b>x", "<div></p>", "<!--", "<script>", "<script>x</SCRIPT>", "<title>", "</div>", "<font></div>", "<p"]
)
def test_hostile_markup_costs_no_time(unit: str) -> None:
    started_s = time.process_time()
    flatten_html(unit * (2_000_000 // len(unit)))
    assert time.process_time() - started_s < 4

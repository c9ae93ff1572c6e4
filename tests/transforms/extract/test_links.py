"""The links of a text: their words, where these begin, and where they lead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.run.build_page import build, carefully
from schemas.article import Link
from tests.rows import page
from tests.transforms.extract.pages_to_isolate import PARAGRAPHS, news_page
from transforms.extract.extract_error import Plainly
from transforms.extract.lines.lines import lines_in, lines_of
from transforms.extract.lines.links import links_of
from transforms.extract.page.anchors import AnchorsOfWalk
from transforms.extract.page.text_blocks import TextBlock, text_blocks
from transforms.extract.parsing.parse import parse_page

BASE = "https://news.example.org/a/b"


def blocks_in(markup: str) -> list[TextBlock]:
    tree = parse_page(f"<!doctype html><html><body>{markup}</body></html>")
    assert tree is not None
    return text_blocks(tree, keep_links=True)


def links_in(markup: str) -> list[tuple[str, str, str]]:
    lines = lines_of(blocks_in(markup))
    links = links_of(lines, BASE)
    body = "\n".join(line.text for line in lines)
    assert all(body.startswith(link.text, link.start) for link in links)
    return [(link.text, link.url, link.rel) for link in links]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>a <a href=c>b\n  c</a> d</p>", [("b c", "https://news.example.org/a/c", "")]),
        ("<p>  <a href=/x rel=' nofollow   ugc '> b </a>b</p>", [("b", "https://news.example.org/x", "nofollow ugc")]),
        ("<p>b b <a href='?q=1'>b</a> b</p>", [("b", "https://news.example.org/a/b?q=1", "")]),
        ("<p>a<a href='//o.example/'>b</a>c</p>", [("b", "https://o.example/", "")]),
        ("<ul><li>a <a href=/x>b</a></li></ul>", [("b", "https://news.example.org/x", "")]),
        (
            "<table><tr><td><a href=/1>a</a></td><td>b <a href=/2>c</a></td></tr></table>",
            [("a", "https://news.example.org/1", ""), ("c", "https://news.example.org/2", "")],
        ),
        # a link around two blocks is one of each
        (
            "<a href=/x><div>a</div><div>b</div></a><p>c</p>",
            [("a", "https://news.example.org/x", ""), ("b", "https://news.example.org/x", "")],
        ),
        # no words, no address, no page
        ("<p>a <a href=/x><img src=y></a> <a href=/y> </a> <a name=z>b</a></p>", []),
        ("<p>a <a href='#n'>1</a> <a href='mailto:a@b.example'>b</a> <a href='javascript:void(0)'>c</a></p>", []),
        ("<p>a <a href='http://[broken'>b</a></p>", []),
        (f"<p>a <a href='/{'x' * 9000}'>b</a></p>", []),
        # what stands there for screen readers only has no words for others
        ("<p>a <a href=/x>b <span class=sr-only>(new tab)</span></a> c</p>", [("b", "https://news.example.org/x", "")]),
    ],
)
def test_links_in_markup(markup: str, expected: list[tuple[str, str, str]]) -> None:
    assert links_in(markup) == expected


PIECES = st.lists(st.tuples(st.text("ab \n\u3000é𝔸", max_size=4), st.booleans()), max_size=9)


@given(PIECES)
def test_a_link_begins_where_its_words_do_however_white_space_falls(pieces: list[tuple[str, bool]]) -> None:
    walk, texts, expected = AnchorsOfWalk(), [], []
    element = parse_page("<html><body><a href=/x>a</a></body></html>")
    assert element is not None
    link = next(element.iter("a"))
    for text, is_link in pieces:
        if is_link:
            walk.open(link, texts)
        texts.append(text)
        if is_link:
            walk.close(texts)
            expected.append(" ".join(text.split()))
    collapsed = " ".join("".join(texts).split())
    anchors = walk.take(texts)
    assert [anchor.text for anchor in anchors] == [text for text in expected if text]
    starts = [anchor.start for anchor in anchors]
    assert starts == sorted(starts)
    assert all(collapsed.startswith(anchor.text, anchor.start) for anchor in anchors)


def test_links_of_a_line_that_somebody_else_made_are_looked_for_in_it() -> None:
    blocks = blocks_in("<p>one two <a href=/x>three</a> four <a href=/y>five</a></p>")
    [line] = lines_in("one  two three four", [blocks[0]._replace(text="one two three four")])
    assert [(anchor.text, anchor.start) for anchor in line.anchors] == [("three", 9)]


def test_articles_have_links_only_where_they_are_asked_for() -> None:
    story = f"<p>{PARAGRAPHS[0]} <a href='map'>A map</a> shows it.</p>"
    markup = news_page(story).replace("<body", "<base href=/z/><body")
    given_page = page(body=markup.encode())
    assert build(given_page).article.links is None
    article = build(given_page, keep_links=True).article
    [link] = article.links or ()
    assert link[:3] == ("A map", "https://example.org/z/map", "")
    assert article.article_body.startswith("A map", link.start)
    assert carefully(given_page, keep_links=True).article.links == (Link(*link),)
    plain = build(given_page, Plainly.TOO_LARGE, keep_links=True).article
    assert [link[:3] for link in plain.links or ()] == [link[:3]]

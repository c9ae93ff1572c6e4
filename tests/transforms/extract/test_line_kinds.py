"""What the blocks of a text are: by the markup of made-up pages, by whatever means their text was found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.run.build_page import BuildPage
from schemas.article import Article
from tests.rows import page
from tests.transforms.extract.pages_to_isolate import PARAGRAPHS, SUBHEADING, news_page
from transforms.extract.extract_error import Plainly
from transforms.extract.lines.lines import lines_in, lines_of
from transforms.extract.page.text_blocks import TextBlock, text_blocks
from transforms.extract.parsing.parse import parse_page

SAID = "“We have waited for this for thirty years, and nobody could tell us when the boats would come,” she said."
WROTE = "The letter of the engineers went to the council in March, and was not answered until the summer."
ITEMS = (
    "Ferries leave every ten minutes from the steps below the market.",
    "The last one leaves at midnight, and on Saturdays an hour later.",
    "Cyclists board first, and people with prams right behind them.",
)
STRUCTURE = (
    f"<blockquote><p>{SAID}</p><p>{WROTE}</p></blockquote>"
    f"<ul><li>{ITEMS[0]}<ul><li>{ITEMS[1]}</li></ul></li><li>{ITEMS[2]}</li></ul>"
)


def built(body: bytes, plainly: Plainly | None = None, **values: object) -> Article:
    given = replace(page(body=body), **values)  # type: ignore[arg-type]  # whatever a page has
    return BuildPage().cleaned(given, plainly).article


def told(article: Article) -> list[tuple[str, int, str]]:
    assert article.blocks is not None
    return [(kind, level, article.article_body[start:end]) for kind, level, start, end in article.blocks]


FOUND = [
    *[("paragraph", 0, text) for text in PARAGRAPHS[:3]],
    ("heading", 2, SUBHEADING),
    ("quote", 0, SAID),
    ("quote", 0, WROTE),
    ("list_item", 1, f"- {ITEMS[0]}"),
    ("list_item", 2, f"- {ITEMS[1]}"),
    ("list_item", 1, f"- {ITEMS[2]}"),
    *[("paragraph", 0, text) for text in PARAGRAPHS[3:]],
]


def test_by_the_blocks_alone() -> None:
    article = built(news_page(STRUCTURE).encode())
    assert article.extractor.startswith("newsbeam blocks")
    assert told(article) == FOUND


def test_of_a_page_that_was_built_plainly() -> None:
    article = built(news_page(STRUCTURE).encode(), Plainly.TOO_LARGE)
    assert article.body_source == "page_plain"
    plain = [(kind, level, text.removeprefix("- ")) for kind, level, text in FOUND]
    assert [one for one in told(article) if one in plain] == plain


def test_of_the_text_that_the_feed_carries() -> None:
    fed = (
        "".join(f"<p>{text}</p>" for text in PARAGRAPHS[:3]) + f"<h3>{SUBHEADING}</h3><p>{PARAGRAPHS[3]}</p>{STRUCTURE}"
    )
    article = built(b"<html><body><p>Sign in</p></body></html>", entry_content_html=fed + f"<p>{PARAGRAPHS[4]}</p>")
    assert article.body_source == "feed"
    assert told(article) == [*FOUND[:3], ("heading", 3, SUBHEADING), FOUND[9], *FOUND[4:9], FOUND[10]]


def test_where_trafilatura_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transforms.extract.extract_article.isolate_alone", lambda *_: None)
    table = "".join(f"<tr><td>{month}</td><td>{number} ships</td></tr>" for month, number in (("May", 3), ("June", 4)))
    first, last, story = (f"<p>{PARAGRAPHS[number]}</p>" for number in (0, 1, 2))
    body = f"{first}<h2>Ice</h2>{story}{STRUCTURE}<table>{table}</table>{last}"
    article = built(f"<html><body><article><h1>Ferry</h1>{body}</article></body></html>".encode())
    assert article.extractor.startswith("trafilatura")
    rows = [("table_row", 0, "May | 3 ships"), ("table_row", 0, "June | 4 ships")]
    assert told(article) == [FOUND[0], ("heading", 2, "Ice"), FOUND[2], *FOUND[4:9], *rows, FOUND[1]]


def blocks_in(markup: str) -> list[TextBlock]:
    tree = parse_page(f"<!doctype html><html><body>{markup}</body></html>")
    assert tree is not None
    return text_blocks(tree)


def kinds(markup: str) -> list[str]:
    """The kinds of a page's lines, with the levels that they have."""
    return [f"{line.kind.kind}{line.kind.level or ''} {line.text}" for line in lines_of(blocks_in(markup))]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (
            "".join(f"<h{n}>{n}</h{n}>" for n in range(1, 7)),
            ["heading2 1", "heading2 2", *[f"heading{n} {n}" for n in (3, 4, 5, 6)]],
        ),
        ("<h2><div>a</div></h2>", ["heading2 a"]),
        ("<p><b>a</b></p>", ["paragraph a"]),
        ("<ol><li>a</li><li><p>b</p></li></ol>", ["list_item1 - a", "list_item1 b"]),
        (
            "<ul><li>a<ol><li>b<ul><li>c</li></ul></li></ol></li></ul>",
            ["list_item1 - a", "list_item2 - b", "list_item3 - c"],
        ),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", ["list_item1 - a", "list_item2 - b"]),
        ("<dl><dt>a</dt><dd>b</dd></dl>", ["list_item1 a", "list_item1 b"]),
        ("<p>x y</p><blockquote>a<ul><li>b</li></ul></blockquote>", ["paragraph x y", "quote a", "quote - b"]),
        ("<p>x y</p><aside class='wp-pullquote'><p>a</p></aside>", ["paragraph x y", "quote a"]),
        ("<ul><li><blockquote>a</blockquote></li></ul><p>x y z</p>", ["quote a", "paragraph x y z"]),
        (
            "<table><tr><th>a</th><th>b</th></tr><tr><td>c</td><td>d</td></tr><tr><td>e</td></tr></table>",
            ["table_row a | b", "table_row c | d", "table_row e"],
        ),
        (f"<table><tr><td><p>{SAID}</p><p>b</p></td></tr></table>", [f"paragraph {SAID}", "paragraph b"]),
        ("<table><tr><td>a</td></tr></table>", ["paragraph a"]),
        ("<table><tr><td><ul><li>a</li></ul><p>b</p></td></tr></table>", ["list_item1 - a", "paragraph b"]),
    ],
)  # fmt: skip
def test_markup_that_is_meant(markup: str, expected: list[str]) -> None:
    assert kinds(markup) == expected


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        # an item that holds a part of the page, as entries of live blogs and boxes of tips do
        (
            "<ul><li><p>a</p><p>b</p><p>c</p><ul><li>d</li></ul></li></ul>",
            ["paragraph a", "paragraph b", "paragraph c", "list_item1 - d"],
        ),
        ("<ul><li><h3>a</h3><p>b</p></li></ul>", ["heading3 a", "paragraph b"]),
        # an indent around the whole text
        ("<blockquote><p>a</p><p>b</p></blockquote>", ["paragraph a", "paragraph b"]),
        # a heading that was never closed
        ("<h3>a<div>b</div><div>c</div><div>d</div></h3>", [f"paragraph {one}" for one in "abcd"]),
        (f"<h3>{'a ' * 130}</h3>", [f"paragraph {'a ' * 129}a"]),
    ],
)
def test_markup_that_lays_out_the_page(markup: str, expected: list[str]) -> None:
    assert kinds(markup) == expected


def test_lines_that_somebody_else_made_are_found_among_the_blocks() -> None:
    blocks = blocks_in(
        f"<h2>a b</h2><p>{WROTE}</p><blockquote><p>{SAID}</p></blockquote>"
        "<ul><li>c<ul><li>d</li></ul></li></ul><p>a b</p>"
    )
    text = f"a  b\n{WROTE}\n{SAID[:60]}\n- c\n- d\na b\n\n- not there\none | two"
    assert [(line.text, line.kind.kind, line.kind.level) for line in lines_in(text, blocks)] == [
        ("a  b", "heading", 2),
        (WROTE, "paragraph", 0),
        (SAID[:60], "quote", 0),
        ("- c", "list_item", 1),
        ("- d", "list_item", 2),
        ("a b", "paragraph", 0),
        ("", "paragraph", 0),
        ("- not there", "list_item", 1),
        ("one | two", "table_row", 0),
    ]

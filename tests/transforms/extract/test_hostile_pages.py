"""Pages made to be too much: each is built in the real sandbox with the limits of a run, and keeps its article."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator

import pytest

from benchmarks.measured import tree_cpu_s
from pipelines.run.build_page import build_pages
from pipelines.start_workers import PRELOAD
from schemas.draft import Draft
from schemas.failure import Reason
from tests.rows import page
from transforms.extract.extract_error import ExtractError
from transforms.sandbox import Sandbox, SandboxPool

pytestmark = pytest.mark.slow

PARAGRAPHS = (
    "The old lighthouse of Varnholm was lit again on Friday night, eleven years after its lamp had been taken down.",
    "Volunteers carried the lens up the 214 steps in nineteen pieces, and the harbour master threw the switch himself.",
    "The light can be seen from twelve nautical miles away, the association said, but no ship depends on it any more.",
    "Visitors may climb the tower on Sundays from May on, if they can do without the lift that was never built.",
)
ARTICLE = f"<article><h1>Light over Varnholm</h1>{''.join(f'<p>{text}</p>' for text in PARAGRAPHS)}</article>"
SENTENCE = "A sentence stands on this level, too, and it is as long as sentences are."
MIB = 1 << 20


def html(body: str, head: str = "") -> bytes:
    return f"<!doctype html><html lang=en><head><meta charset=utf-8>{head}</head><body>{body}</body></html>".encode()


def nested(opening: str, n: int, closing: str) -> bytes:
    return html(opening * n + ARTICLE + closing * n)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "deep wrappers": lambda: nested("<div>", 5_000, "</div>"),
    "deep wrappers with text between": lambda: nested("<div>level", 2_000, "</div>"),
    "deep sections with sentences between": lambda: nested(f"<section><p>{SENTENCE}</p>", 400, "</section>"),
    "deep quotes": lambda: nested("<blockquote><b>x</b>", 1_000, "</blockquote>"),
    "deep tables": lambda: nested("<table><tr><td>x", 1_500, "</td></tr></table>"),
    "deep lists": lambda: nested("<ul><li>point", 1_500, "</li></ul>"),
    "formatting never closed": lambda: html("<p>" + "<font size=2><b>x " * 1_000 + ARTICLE),
    "misnested formatting": lambda: html("<p>" + "<b><i><a href=x>t</b></i>" * 20_000 + ARTICLE),
    "levels at the parser's limit": lambda: nested("<div><span>level</span>", 253, "</div>"),
    "open paragraphs": lambda: html(ARTICLE + "<p>" * 150_000),
    "table cells": lambda: html(ARTICLE + "<table>" + ("<tr>" + "<td>cell" * 10) * 30_000 + "</table>"),
    "list items": lambda: html(ARTICLE + "<ul>" + "<li>item" * 40_000 + "</ul>"),
    "links": lambda: html("<div><a href=/s>Story</a></div>" * 60_000 + ARTICLE),
    "links in one paragraph": lambda: html(ARTICLE + "<p>" + "w <a href=/s>x</a> " * 100_000 + "</p>"),
    "line breaks": lambda: html(ARTICLE + "<div>" + "line<br>" * 200_000 + "</div>"),
    "headings": lambda: html(ARTICLE + "<h2>Heading</h2><p>short</p>" * 60_000),
    "comments of readers": lambda: html(ARTICLE + f"<div class=comment><p>{SENTENCE}</p></div>" * 30_000),
    "meta elements": lambda: html(ARTICLE, "<meta name=author content='Person'>" * 50_000),
    "attributes of one element": lambda: html(f"<div {' '.join(f'a{n}=v' for n in range(500_000))}>{ARTICLE}</div>"),
    "a huge attribute": lambda: html(f"<div data-x='{'y' * 12 * MIB}'>{ARTICLE}</div>"),
    "an embedded picture": lambda: html(f"{ARTICLE}<img src='data:image/png;base64,{'QUJD' * 3 * MIB}'>"),
    "blanks": lambda: html(" \n" * 6 * MIB + ARTICLE + "&nbsp;" * MIB),
    "a huge text behind the article": lambda: html(ARTICLE + f"<aside>{'word ' * 3 * MIB}</aside>"),
    "comment openers": lambda: html(ARTICLE + "<!--" * 100_000),
    "less-than signs": lambda: html(ARTICLE + "<" * MIB),
    "a huge title": lambda: html(ARTICLE, f"<title>{'a | b - c ' * 100_000}</title>"),
    "much JSON-LD": lambda: html(
        ARTICLE,
        "<script type='application/ld+json'>"
        + json.dumps({"@type": "NewsArticle", "author": [{"name": f"P{n}"} for n in range(200_000)]})
        + "</script>",
    ),
    "deep JSON-LD": lambda: html(ARTICLE, f"<script type='application/ld+json'>{'[' * 100_000}</script>"),
    "zero bytes": lambda: html(ARTICLE.replace(" ", " \0")),
    "surrogates": lambda: html(ARTICLE + "<p>a&#xD800;b&#x110000;</p>").replace(b"a&", b"\xed\xa0\x80&"),
    "another charset than declared": lambda: html(ARTICLE + "<p>Caf\xe9 \x97 prix</p>").decode().encode("latin-1"),
    "UTF-16 without a mark": lambda: html(ARTICLE).decode().encode("utf-16-be"),
}


@pytest.fixture(scope="module")
def pool() -> Iterator[SandboxPool]:
    pool = Sandbox(workers=1, preload=PRELOAD).open()
    yield pool
    pool.close()


def built(pool: SandboxPool, body: bytes) -> Draft:
    build = build_pages()
    given = page(body=body)
    return build.finish(pool, given, build.start(pool, given))


@pytest.mark.parametrize("attack", HOSTILE)
def test_the_article_of_a_hostile_page_is_found_within_seconds(pool: SandboxPool, attack: str) -> None:
    body = HOSTILE[attack]()
    started_s = tree_cpu_s(os.getpid())
    text = built(pool, body).article.article_body
    assert tree_cpu_s(os.getpid()) - started_s < 15, "of processor time, with the workers"
    assert [paragraph for paragraph in PARAGRAPHS if paragraph not in text] == []


@pytest.mark.parametrize(
    "body",
    [
        html("<script>var a = 1;" + "x=[1,2,3];" * 100_000 + ARTICLE),
        html("<div><a href=/s>Story</a></div>" * 60_000),
        html("<p>" * 150_000),
        b"\x7fELF" + bytes(range(256)) * 4096,
    ],
    ids=["inside a script that never ends", "nothing but links", "nothing but open paragraphs", "no text at all"],
)
def test_what_holds_no_article_says_so(pool: SandboxPool, body: bytes) -> None:
    with pytest.raises(ExtractError) as caught:
        built(pool, body)
    assert caught.value.reason is Reason.NO_ARTICLE


def test_a_script_in_a_charset_that_hides_it_stays_text(pool: SandboxPool) -> None:
    hidden = html(ARTICLE + f"<p>+ADw-script+AD4-alert(1)+ADw-/script+AD4- {SENTENCE}</p>")
    article = built(pool, hidden.replace(b"charset=utf-8", b"charset=utf-7")).article
    assert "<script" not in article.article_body

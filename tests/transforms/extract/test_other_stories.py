"""A next story appended to a page is no part of it; subheadings, live entries and parts of the page's own story are."""

from __future__ import annotations

import time

import pytest

from pipelines.run.build_page import BuildPage
from tests.rows import page
from tests.transforms.extract.pages_to_isolate import HEADLINE, PARAGRAPHS
from transforms.extract.body.other_stories import other_stories
from transforms.extract.facts.page_facts import page_facts
from transforms.extract.page.story_tree import into_story_tree
from transforms.extract.parsing.parse import parse_page

NEXT = (
    "The ferry company of Northmouth will raise its fares for the third time in two years, it announced on Friday.",
    "Season tickets become twelve percent dearer from May, while single tickets go up by two crowns on all routes.",
    "Commuters said they would rather drive around the bay than pay more for boats that leave late every morning.",
    "The company carried 1.1 million passengers last year, fewer than in any year since the tunnel was opened.",
)
TITLE = "Ferry fares to rise again"
BYLINE = "<p class='byline'>By Bo Berg</p>"
DATE = "<time datetime='2026-03-01T10:00:00Z'>1 March 2026</time>"
URL = "https://example.org/2026/03/02/bridge"


def marked_up(paragraphs: tuple[str, ...]) -> str:
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


OWN = marked_up(PARAGRAPHS)
OTHER = marked_up(NEXT)
LIKE_OWN = f"{' '.join(HEADLINE.split()[:-2])} again, but not now"
H1 = f"<h1>{HEADLINE}</h1>"


def markup_of(content: str, head: str = "") -> str:
    return (
        f"<!doctype html><html lang='en'><head><title>{HEADLINE} | Northmouth News</title>{head}</head><body>"
        f"<header><nav><a href='/'>Home</a> <a href='/city'>City</a></nav></header>{content}"
        "<footer><a href='/imprint'>Imprint</a></footer></body></html>"
    )


def body_of(content: str) -> list[str]:
    given = page(body=markup_of(content).encode(), url=URL, final_url=URL)
    return BuildPage()(given).article.article_body.split("\n")


def left_of(content: str, url: str = URL, head: str = "") -> list[str]:
    """The paragraphs that are still in the story tree."""
    tree = parse_page(markup_of(content, head))
    assert tree is not None
    story = into_story_tree(tree, other_stories(tree, page_facts(tree), url))
    return [paragraph for paragraph in (*PARAGRAPHS, *NEXT) if paragraph in story.root.text_content()]


APPENDED = {
    "a box named so": f"<article>{H1}{OWN}</article><div class='next-article'><h2>{TITLE}</h2>{OTHER}</div>",
    "a second article with an h1": f"<article>{H1}{OWN}</article><article><h1>{TITLE}</h1>{OTHER}</article>",
    "a second article of the template": (
        f"<article class='story'>{H1}{OWN}</article><article class='story'><h2>{TITLE}</h2>{OTHER}</article>"
    ),
    "a second article with its date": (
        f"<article class='story'>{H1}{OWN}</article><article class='more'><h2>{TITLE}</h2>{DATE}{OTHER}</article>"
    ),
    "a section with a byline": f"<article>{H1}{OWN}</article><section><h2>{TITLE}</h2>{BYLINE}{OTHER}</section>",
    "a section with an address": (
        f"<article>{H1}{OWN}</article><section data-url='/2026/03/01/fares'><h2>{TITLE}</h2>{OTHER}</section>"
    ),
    "a linked headline": f"<article>{H1}{OWN}</article><div><h2><a href='/fares'>{TITLE}</a></h2>{OTHER}</div>",
    "no element of its own": f"<main><article>{H1}{OWN}</article><h2>{TITLE}</h2>{BYLINE}<div>{OTHER}</div></main>",
    "the same body once more": (
        f"<main>{H1}<p class='byline'>By Ada Lind</p><div class='text'>{OWN}</div>"
        f"<h2>{TITLE}</h2>{BYLINE}<div class='text'>{OTHER}</div></main>"
    ),
    "nested in the article": (
        f"<article>{H1}<div class='text'>{OWN}</div><div class='next-story'><h2>{TITLE}</h2>{BYLINE}"
        f"<div class='text'>{OTHER}</div></div></article>"
    ),
    "above the page's own": (
        f"<article class='story'><h1>{TITLE}</h1>{OTHER}</article><article class='story'>{H1}{OWN}</article>"
    ),
    "a post with a date like the page's own": (
        f"<div><div class='art'>{H1}{DATE}<div>{OWN}</div></div>"
        f"<div class='art'><h2>{TITLE}</h2>{DATE}<div>{OTHER}</div></div></div>"
    ),
    "posts under headlines of one level": (
        f"<div><div class='entry-box'><h2>{HEADLINE}</h2>{OWN}</div>"
        f"<div class='entry-box'><h2><a href='/fares'>{TITLE}</a></h2>{OTHER}</div></div>"
    ),
    "six posts of a blog": (
        f"<div class='list'><div class='post'>{H1}{OWN}</div>"
        + "".join(f"<div class='post'><h2><a href='/{n}'>{TITLE} {n}</a></h2>{OTHER * 2}</div>" for n in "vwxyz")
        + "</div>"
    ),
    "marked as an article of its own": (
        f"<div itemscope itemtype='https://schema.org/NewsArticle'>{H1}{OWN}</div>"
        f"<div itemscope itemtype='https://schema.org/NewsArticle'><h2>{TITLE}</h2>{OTHER}</div>"
    ),
    "endless scrolling": (
        f"<div class='infinite-scroll'><article class='item'>{H1}{OWN}</article>"
        + "".join(f"<article class='item'><h1>{TITLE} {n}</h1>{BYLINE}{OTHER * 2}</article>" for n in "xyz")
        + "</div>"
    ),
    "its own once more, to print": f"<article>{H1}{OWN}</article><article><h1>{TITLE}</h1>{OWN}</article>",
}


@pytest.mark.parametrize("content", APPENDED.values(), ids=APPENDED)
def test_an_appended_story_is_left_out_and_the_pages_own_is_whole(content: str) -> None:
    assert left_of(content) == list(PARAGRAPHS)
    assert body_of(content) == list(PARAGRAPHS)


HALF, REST = marked_up(PARAGRAPHS[:2]), marked_up(PARAGRAPHS[2:])
KEPT = {
    "subheadings": f"<article>{H1}{HALF}<h2>{TITLE}</h2>{REST}{OTHER}</article>",
    "blocks of a template": (
        f"<main>{H1}<div class='block'>{HALF}</div><div class='block'><h2>{TITLE}</h2>{REST}{OTHER}</div></main>"
    ),
    "parts in sections": (
        f"<article>{H1}<section class='part'>{OWN}</section>"
        f"<section class='part'><h2>{TITLE}</h2>{OTHER}</section></article>"
    ),
    "parts by several authors": (
        f"<article>{H1}<section class='part'>{OWN}</section>"
        f"<section class='part'><h2>{TITLE}</h2>{BYLINE}{OTHER}</section></article>"
    ),
    "rows of a page builder": (
        f"<main><div class='row'>{H1}<div class='text'>{HALF}</div></div>"
        f"<div class='row'><h2>{TITLE}</h2><div class='text'>{REST}{OTHER}</div></div></main>"
    ),
    "rows with linked subheadings": (
        f"<main><div class='row'>{H1}{OWN}</div>"
        f"<div class='row'><h2><a href='/shop'>{TITLE}</a></h2>{OTHER}</div></main>"
    ),
    "a roundup of stories": (
        f"<article>{H1}{HALF}<section class='item'><h2><a href='/a'>{TITLE}</a></h2>{DATE}{REST}</section>"
        f"<section class='item'><h2><a href='/b'>{TITLE} b</a></h2>{DATE}{OTHER}</section></article>"
    ),
    "marked updates of a live report": (
        f"<div itemscope itemtype='https://schema.org/LiveBlogPosting'>{H1}{OWN}<div itemprop='liveBlogUpdate'"
        f" itemscope itemtype='https://schema.org/BlogPosting'><h2>{TITLE}</h2>{OTHER}</div></div>"
    ),
    "numbered parts": f"<article>{H1}{OWN}</article><article><h2>Part 2: {TITLE}</h2>{OTHER}</article>",
    "live entries": (
        f"<main>{H1}{OWN}"
        + "".join(f"<article><h2>{TITLE} {n}</h2><time>1{n}:05</time>{OTHER}</article>" for n in (1, 2))
        + "</main>"
    ),
    "live entries behind a lead": (
        f"<main class='live-blog'><article>{H1}{OWN}</article><article><h2>{TITLE}</h2>{BYLINE}{OTHER}</article></main>"
    ),
    "the headline once more": f"<article>{H1}{OWN}</article><div><h2>{HEADLINE}</h2>{BYLINE}{OTHER}</div>",
    "a box of related stories between": (
        f"<article>{H1}<div class='text'>{HALF}<div class='related-post'><h2>{TITLE}</h2><a href='/fares'>Fares</a>"
        f"</div>{REST}{OTHER}</div></article>"
    ),
    "days under an h1 each": f"<h1>{HEADLINE}</h1>{OWN}<h1>Day 2</h1>{DATE}{OTHER}",
    "a list of linked works": (
        f"<main>{H1}{OWN}<div class='item'><h2><a href='/book'>{TITLE}</a></h2>{OTHER}</div></main>"
    ),
    "a standfirst above, and again below the section's name": (
        f"<article><section class='part'>{H1}<p>{PARAGRAPHS[0]}</p></section>"
        f"<section class='part'><h2>Opinion</h2>{BYLINE}{OWN}{OTHER}</section></article>"
    ),
    "a standfirst above, the text in a box with a heading of the template": (
        f"<main><div>{H1}<p>{PARAGRAPHS[0]}</p></div><div class='layout'><h1>Report</h1>{DATE}"
        f"{marked_up(PARAGRAPHS[1:])}{OTHER * 5}</div></main>"
    ),
}


@pytest.mark.parametrize("content", KEPT.values(), ids=KEPT)
def test_text_that_may_be_the_pages_own_is_not_taken_out(content: str) -> None:
    assert left_of(content) == [*PARAGRAPHS, *NEXT]


SIGNED = f"<article>{H1}{OWN}</article><section><h2>{TITLE}</h2>{BYLINE}{OTHER}</section>"
LIVE_TYPE = '<script type="application/ld+json">{"@type": "LiveBlogPosting"}</script>'
STATED = f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{NEXT[0]} {NEXT[1]}"}}</script>'


@pytest.mark.parametrize(
    ("url", "head"), [(URL, STATED), (URL, LIVE_TYPE), ("https://example.org/live/bridge", "")], ids=range(3)
)
def test_what_the_page_states_to_be_its_body_or_a_live_report_stays(url: str, head: str) -> None:
    assert left_of(SIGNED) == list(PARAGRAPHS)
    assert left_of(SIGNED, url, head) == [*PARAGRAPHS, *NEXT]


def test_many_headings_take_linear_time() -> None:
    story = f"<article>{H1}{OWN}</article>" + f"<div><h2>{TITLE}</h2>{BYLINE}{OTHER}</div>" * 2_000
    started = time.process_time()
    left_of(story)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "content",
    [
        f"<main><div>{H1}<div>{OWN}</div></div><div><h1>{TITLE}</h1><div>{OTHER}</div></div></main>",
        f"<main>{H1}<p>By Ada Lind</p>{OWN}<hr><h1>{TITLE}</h1><p>By Bo Berg</p>{OTHER}</main>",
        f"<article>{H1}<p>By Ada Lind</p>{OWN}<h2>{TITLE}</h2><p>By Bo Berg</p>{DATE}{OTHER}</article>",
        f"<main><article>{H1}{OWN}</article><article><h3>{TITLE}</h3>{BYLINE}{OTHER}</article></main>",
        f"<main><article>{H1}{OWN}</article><article><div>{TITLE}</div>{BYLINE}{OTHER}</article></main>",
        f"<main><article>{H1}{OWN}</article><article><h1>{LIKE_OWN}</h1>{BYLINE}{OTHER}</article></main>",
    ],
)
def test_a_next_story_is_known_by_what_it_has_in_common_with_the_first(content: str) -> None:
    text = "\n".join(body_of(content))
    assert all(paragraph in text for paragraph in PARAGRAPHS)
    assert not any(paragraph in text for paragraph in NEXT)


@pytest.mark.parametrize(
    "part",
    [
        f"<h1>What the traders say</h1><p>By the numbers: forty traders and one hall, as they say.</p>{OTHER}",
        f"<h2>What the traders say</h2>{DATE}{OTHER}", f"<section><h3>What the traders say</h3>{OTHER}</section>",
        f"<h2>What the traders say</h2><p>By Bo Berg</p>{OTHER}",
    ],
)  # fmt: skip
def test_a_part_of_the_story_with_only_one_sign_of_another_stays(part: str) -> None:
    text = "\n".join(body_of(f"<article>{H1}<p>By Ada Lind</p>{OWN}{part}</article>"))
    assert all(paragraph in text for paragraph in NEXT)

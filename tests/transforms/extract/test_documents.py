"""Several documents in a row are one page, whole; the words are those a reader reads."""

from __future__ import annotations

import time

import pytest

from pipelines.run.build_page import BuildPage
from schemas.article import Article
from tests.rows import page
from tests.transforms.extract.pages_to_isolate import HEADLINE, PARAGRAPHS
from transforms.extract.parsing.parse import parse_page

TITLE = f"<title>{HEADLINE}</title>"
HALF, REST = ("".join(f"<p>{text}</p>" for text in part) for part in (PARAGRAPHS[:2], PARAGRAPHS[2:]))
STORY = f"<main><article><h1>{HEADLINE}</h1>{HALF}{REST}</article></main>"
NEXT = "The ferry company of Northmouth will raise its fares for the third time in two years, it announced on Friday."
NEXT_STORY = f"<main><h1>Ferry fares to rise again</h1>{f'<p>{NEXT}</p>' * 4}</main>"
NAV = "<header><nav><a href='/'>Home</a> <a href='/city'>City</a></nav></header>"


def document(body: str, head: str = TITLE) -> str:
    return f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'>{head}</head><body>{NAV}{body}</body></html>"


def article_of(markup: str) -> Article:
    return BuildPage()(page(body=markup.encode())).article


PAGES = {
    "a pixel and a comment behind": document(STORY) + "<!-- cached --><img src='/pixel.gif'><script>var x</script>",
    "a loading screen before": document("<p>Please wait.</p>", "<title>Loading</title>") + document(STORY),
    "an empty document before": "<html></html>" + document(STORY),
    "an error page behind": document(STORY) + document("<div>An error occurred.</div>", "<title>Error</title>"),
    "the story behind the end": document("") + STORY,
    "the story in a second body": f"<html><head>{TITLE}</head><body>{NAV}</body><body>{STORY}</body></html>",
    "a body that ends in the story": document(f"<article><h1>{HEADLINE}</h1>{HALF}</body><body>{REST}</article>"),
    "an end in the middle": document(f"<article><h1>{HEADLINE}</h1>{HALF}</article>") + f"<article>{REST}</article>",
    "a document in the middle": document(f"<article><h1>{HEADLINE}</h1>{HALF}{document('', '')}{REST}</article>"),
    "a second doctype": "<!DOCTYPE html>\n<!DOCTYPE html PUBLIC 'x'>" + document(STORY),
    "an XML declaration between": document("", "") + "<?xml version='1.0'?>" + document(STORY),
    "a page behind": document(STORY) + document(NEXT_STORY, "<title>Ferry fares to rise again</title>"),
    "the page twice": document(STORY) + document(STORY),
}


@pytest.mark.parametrize("markup", PAGES.values(), ids=PAGES)
def test_a_page_of_several_documents_gives_its_own_story_whole(markup: str) -> None:
    article = article_of(markup)
    assert article.article_body.split("\n") == list(PARAGRAPHS)
    assert article.headline == HEADLINE


@pytest.mark.parametrize(
    "piece", ["</html>", "</html><html>", "</html><!doctype html>", "<ruby><rt>", "<script>", "<rt>x"]
)
def test_repairing_the_markup_takes_linear_time(piece: str) -> None:
    started = time.process_time()
    parse_page(f"<html><body>{piece * 60_000}")
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<ruby>東京<rt>とうきょう</rt></ruby>の<ruby>市場<rt>いちば</rt></ruby>", "東京の市場"),
        ("<ruby>東京<rp>(</rp><rt>とうきょう</rt><rp>)</rp></ruby>の", "東京の"),
        ("<ruby><rb>東京</rb><rt>とうきょう</rt></ruby>の", "東京の"),
        ("<ruby>東<rt>とう<rb>京<rt>きょう</ruby>の", "東京の"),
        ("<ruby>東<rp>(<rt>とう<rp>)</ruby>の", "東の"),
        ("<ruby>東<rt>とう</rt>京<rt>きょう</rt></ruby>の", "東京の"),
        ("the mar&shy;ket of the coun&#8203;cil", "the market of the council"),
        ("می&zwnj;رود", "می\u200cرود"),
        ("<b>می</b>&zwnj;رود", "می\u200cرود"),
        ("<b>می&zwnj;</b>رود", "می\u200cرود"),
        ("Auf&zwnj;lage", "Auflage"),
    ],
)
def test_the_words_are_those_that_are_read(markup: str, text: str) -> None:
    tree = parse_page(f"<html><body><h1>x</h1><p>{markup}</p></body></html>")
    assert tree is not None
    assert tree.xpath("string(//p)") == text


PERSIAN = [
    f"شهردار گفت که کتاب\u200cهای تازه در بندر فروخته می\u200cشود و مردم می\u200cتوانند از {day} آن\u200cها را بخرند."
    for day in ("فردا", "شنبه", "یکشنبه", "دوشنبه")
]
LINES = "\\n".join(PERSIAN)
PERSIAN_PAGES = {
    "paragraphs": f"<article><h1>بندر</h1>{''.join(f'<p>{text}</p>' for text in PERSIAN)}</article>",
    "a script": f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{LINES}"}}</script>',
    "escapes": (
        '<script type="application/ld+json">{"@type": "NewsArticle", "articleBody": "'
        + LINES.replace("\u200c", "\\u200c")
        + '"}</script>'
    ),
}


@pytest.mark.parametrize("body", PERSIAN_PAGES.values(), ids=PERSIAN_PAGES)
def test_joiners_come_through_trafilatura_too(body: str) -> None:
    markup = f"<!doctype html><html lang='fa'><head><title>بندر</title></head><body>{body}</body></html>"
    assert article_of(markup).article_body.split() == " ".join(PERSIAN).split()

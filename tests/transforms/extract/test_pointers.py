"""Lines that only point to other articles leave the text, in any markup and language; sentences and lists stay."""

from __future__ import annotations

import numpy as np
import pytest
from lxml.html import fromstring

from pipelines.run.build_page import BuildPage
from schemas.article import Article
from tests.rows import page
from tests.transforms.extract.pages_to_isolate import HEADLINE, PARAGRAPHS
from transforms.extract.body.known_out.pointers import points_elsewhere
from transforms.extract.page.text_blocks import text_blocks
from transforms.text.phrases.pointer_labels import pointer_label

URL = "https://example.org/2026/03/02/bridge"
TITLES = ("Ferry fares in Northmouth to rise again", "Old power station on the island may be sold")
FIRST, SECOND = (f"<a href='/a/{number}'>{title}</a>" for number, title in enumerate(TITLES))


def read(between: str) -> Article:
    """The article of a page with some markup between its second paragraph and its third."""
    story = [f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS]
    markup = (
        f"<!doctype html><html lang='en'><head><title>{HEADLINE} | Northmouth News</title></head><body><header><nav>"
        f"<a href='/'>Home</a> <a href='/city'>City</a></nav></header><main><article><h1>{HEADLINE}</h1>"
        f"<div class='body'>{''.join(story[:2])}{between}{''.join(story[2:])}</div></article></main>"
        "<footer><a href='/i'>Imprint</a></footer></body></html>"
    )
    return BuildPage()(page(body=markup.encode(), url=URL, final_url=URL)).article


MARKUP = {
    "a label and a link": "<p><strong>{label}:</strong> {first}</p>",
    "a link with its label": "<p><a href='/a/0'>{label}: {title}</a></p>",
    "no colon": "<p><strong>{label}</strong> {first}</p>",
    "a bar": "<p>{label} | {first}</p>",
    "a dash": "<p>{label} – {first}</p>",
    "brackets": "<p>[{label}: {first}]</p>",
    "two in a row": "<p>{label}: {first}</p><p>{label}: {second}</p>",
    "a label above a link": "<p>{label}</p><p>{first}</p>",
    "a label above two links": "<p><strong>{label}:</strong></p><p>{first}</p><p>{second}</p>",
    "lines of one paragraph": "<p><strong>{label}</strong><br>{first}<br>{second}</p>",
    "a list": "<h3>{label}</h3><ul><li>{first}</li><li>{second}</li></ul>",
    "a quotation's element": "<blockquote><p>{label}: {first}</p></blockquote>",
    "a box": "<div class='x12'><div>{label}</div><div>{first}</div></div>",
}
LABELS = (
    "READ MORE",
    "ALSO READ",
    "See also",
    "DON'T MISS",
    "Lesen Sie auch",
    "Weitere Beiträge zu diesem Thema",
    "A lire aussi",
    "Te puede interesar",
    "Leia também",
    "Leggi anche",
    "Lees ook",
    "Читайте также",
    "Czytaj też",
    "ΔΙΑΒΑΣΤΕ ΑΚΟΜΗ",
    "Citește și",
    "Baca juga",
    "यह भी पढ़ें",
    "اقرأ أيضا",
    "相关阅读",
    "관련 기사",
)


@pytest.mark.parametrize("label", LABELS)
def test_a_line_that_points_to_another_article_leaves_the_text_whatever_its_markup(label: str) -> None:
    left = {}
    for name, markup in MARKUP.items():
        article = read(markup.format(label=label, first=FIRST, second=SECOND, title=TITLES[0]))
        if article.article_body.split("\n") != list(PARAGRAPHS):
            left[name] = article.article_body
    assert left == {}


def test_what_was_taken_out_is_kept_with_its_reason() -> None:
    article = read(f"<p>DON'T MISS</p><p>{FIRST}</p><p>{SECOND}</p>")
    assert [(one.text, one.reason) for one in article.removed if one.text != HEADLINE] == [
        ("DON'T MISS", "promotion"),
        (TITLES[0], "promotion"),
        (TITLES[1], "promotion"),
    ]


@pytest.mark.parametrize(
    "own",
    [
        "<p>Read more about the bridge in <a href='/r'>the engineers' report</a>, which is out.</p>",
        "<p>More than <a href='/r'>two hundred residents</a> came to the meeting in the town hall on Monday.</p>",
        "<p>See also what <a href='/r'>the report</a> says of the ferry: nothing, the mayor said.</p>",
        "<p>“Read more: that is all I ask,” the mayor said with a look at <a href='/r'>the report</a>.</p>",
        "<h2>Related work</h2><p>Two other bridges were <a href='/r'>mended in the same way</a> last year.</p>",
        "<p>Watch the tide, said a captain, and leave it to those <a href='/r'>who have built it</a> in 1911.</p>",
    ],
)
def test_a_sentence_with_a_link_stays(own: str) -> None:
    assert pointing(own) == []


def test_a_long_list_of_links_below_a_label_is_the_articles_own() -> None:
    items = [f"<li><a href='/b/{n}'>The bridge of {name}, which is older</a></li>" for n, name in enumerate("abcdef")]
    assert pointing(f"<p>More:</p><ul>{''.join(items)}</ul>") == []
    assert len(pointing(f"<p>More:</p><ul>{''.join(items[:5])}</ul>")) == 6


def test_a_label_goes_with_the_links_that_the_model_took_out() -> None:
    blocks = text_blocks(
        fromstring(f"<div><p>{PARAGRAPHS[0]}</p><p>More:</p><h3>{FIRST}</h3><p>{PARAGRAPHS[1]}</p></div>")
    )
    chosen = np.array([True, True, False, True])
    assert points_elsewhere(blocks, chosen).tolist() == [False, True, False, False]


def test_a_linked_headline_in_capitals_needs_no_label() -> None:
    shouted = TITLES[0].upper()
    line = f"<p><strong><a href='/a/0'>{shouted}</a></strong></p>"
    assert pointing(line) == [shouted]
    assert shouted not in read(line).article_body


@pytest.mark.parametrize(
    "own",
    [
        f"<p>{TITLES[0].upper()}</p>",
        "<p><a href='/r'>TWO HUNDRED RESIDENTS</a></p>",
        f"<p>{TITLES[0].upper()}, said <a href='/r'>a poster</a> that hung on both towers on Monday morning.</p>",
        f"<h2><a href='/r'>{TITLES[0].upper()}</a></h2>",
    ],
)
def test_capitals_alone_point_nowhere(own: str) -> None:
    assert pointing(own) == []


def test_a_text_that_is_all_in_capitals_keeps_its_linked_lines() -> None:
    text = f"<div><p>{PARAGRAPHS[0].upper()}</p><p><a href='/a/0'>{TITLES[0].upper()}</a></p></div>"
    blocks = text_blocks(fromstring(text))
    assert not points_elsewhere(blocks, np.ones(2, dtype=np.bool_)).any()


@pytest.mark.parametrize(
    "line",
    [
        "<h3>&gt;&gt;&gt; <a href='/shop'>Order the new issue now!</a> &lt;&lt;&lt;</h3>",
        "<p>►► <a href='/shop'>Order the new issue now!</a> ◄◄</p>",
        "<p><a href='/f.pdf'>Report of the engineers</a> (PDF, 1.2 MB)</p>",
        "<p><a href='/f.pdf'>Report of the engineers</a><span>PDF | 38 KB | to be read aloud</span></p>",
        "<ul><li><a href='/f.docx'>Отчёт инженеров, 2 MB, DOCX</a></li></ul>",
    ],
)
def test_a_framed_link_and_a_linked_file_point_elsewhere(line: str) -> None:
    assert len(pointing(line)) == 1


@pytest.mark.parametrize(
    "own",
    [
        "<p>&gt;&gt;&gt; Order the new issue now! &lt;&lt;&lt;</p>",
        "<p>»<a href='/r'>The bridge is old</a>«</p>",
        "<p>The report, a <a href='/f.pdf'>PDF of 12 MB</a>, is out.</p>",
        "<p>The city has put the report on its page: <a href='/f.pdf'>report</a> (PDF, 2 MB)</p>",
        "<p><a href='/f.pdf'>The report of the engineers</a> (PDF, 2 MB) was shown on Monday.</p>",
        "<p>Report of the engineers (PDF, 2 MB)</p>",
        "<p><a href='/r'>The report of the engineers as a PDF</a></p>",
    ],
)
def test_sentences_with_a_file_and_quotations_stay(own: str) -> None:
    assert pointing(own) == []


def pointing(own: str) -> list[str]:
    """The blocks that are told to point elsewhere, if all of a text are chosen."""
    blocks = text_blocks(fromstring(f"<div><p>{PARAGRAPHS[0]}</p>{own}<p>{PARAGRAPHS[1]}</p></div>"))
    found = points_elsewhere(blocks, np.ones(len(blocks), dtype=np.bool_))
    return [block.text for block, is_found in zip(blocks, found, strict=True) if is_found]


def test_a_label_is_told_from_a_longer_word_and_from_a_quotation() -> None:
    label = pointer_label("READ MORE: Ferry fares to rise")
    assert label is not None
    assert (label.words, label.rest, label.parting, label.is_reading) == (2, "ferry fares to rise", ":", True)
    assert pointer_label("Mira-Award for a bridge") is None
    assert pointer_label("“Read more: that is all,” she said.") is None
    assert pointer_label("The bridge") is None

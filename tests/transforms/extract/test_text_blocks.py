"""A page falls into the blocks that its reader sees, each with its place."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from transforms.extract.page.text_blocks import TextBlock, class_words, text_blocks, without_echoes


def blocks(body: str) -> list[TextBlock]:
    return text_blocks(html.document_fromstring(f"<html><body>{body}</body></html>"))


def texts(body: str) -> list[str]:
    return [block.text for block in blocks(body)]


def test_block_elements_and_line_breaks_divide_and_inline_elements_do_not() -> None:
    found = blocks("<div>Before <p>One <b>bold</b> and <i>slanted</i>.</p> between<br>two <!-- x -->lines</div> after")
    assert [block.text for block in found] == ["Before", "One bold and slanted.", "between", "two lines", "after"]
    assert [block.place.tag for block in found] == ["div", "p", "div", "div", "body"]
    assert [block.after_break for block in found] == [False, False, False, True, False]


def test_links_and_bold_words_are_measured() -> None:
    [block] = blocks("<p>Read <a href='/x'>this story</a> <strong>now</strong></p>")
    assert (block.link_chars, block.links, block.strong_chars) == (10, 1, 3)


def test_a_link_around_blocks_makes_each_of_them_a_link() -> None:
    first, second = blocks("<a href='/x'><h3>Title</h3><p>Teaser</p></a>")
    assert (first.link_chars, first.links, second.link_chars, second.links) == (5, 1, 6, 1)


def test_what_no_reader_sees_is_no_text() -> None:
    body = "<script>x()</script><style>p{}</style><p>Seen<span class='sr-only'>, opens in a new tab</span>.</p>"
    body += "<svg><text>drawn</text></svg><select><option>Choose</option></select><noscript>Turn it on</noscript>tail"
    assert texts(body) == ["Seen.", "tail"]


def test_the_name_of_an_icon_is_no_text() -> None:
    body = "<p><i class='material-icons md-18'>arrow_forward</i> More of this <i>story</i> below</p>"
    body += "<p>Next<span class='material-symbols-outlined'>chevron_right</span></p>"
    body += "<p><span class='immaterial-iconstasis'>Kept</span></p>"
    assert texts(body) == ["More of this story below", "Next", "Kept"]


def test_a_place_knows_what_holds_it() -> None:
    [block] = blocks("<div class='storyBody' id=main><ul hidden><li class='item'>Text</li></ul></div>")
    place = block.place
    assert (place.tag, place.signature, place.is_hidden) == ("li", "li.item", True)
    assert [one.tag for one in place.path()] == ["li", "ul", "div", "body", "html", "html"]
    assert place.words == {"item"}
    assert blocks("<div class='talk' role='dialog'>Text</div>")[0].place.words == {"talk", "dialog", "modal"}
    assert place.path()[2].words == {"story", "body", "main"}
    assert [one.depth for one in place.path()] == [5, 4, 3, 2, 1, 0]


def test_names_fall_into_words() -> None:
    assert class_words("articleBody story-text c3 x") == {"article", "body", "story", "text"}
    assert class_words("story-text c3 x_card") == {"story", "text", "card"}
    assert class_words("isHTMLBody Tag aB") == {"is", "htmlbody", "tag"}


def test_the_whole_text_told_once_more_in_one_lump_is_an_echo() -> None:
    told = [f"Sentence {n} tells of the harbour and of its bridges." for n in range(5)]
    story = "".join(f"<p>{sentence}</p>" for sentence in told)
    lump = f"<div hidden>{' '.join(told)}</div>"
    for body in (story + lump, lump + story):
        assert [block.text for block in without_echoes(blocks(body))] == told
    twice = [block.text for block in without_echoes(blocks(lump + lump))]
    assert twice == [" ".join(told)], "a lump that stands alone stays, once"


@given(st.text(alphabet="<>/pdivbra= \"'&;ü漢\x00\ud800", max_size=200))
def test_any_markup_gives_blocks_of_collapsed_text(markup: str) -> None:
    tree = html.document_fromstring(
        f"<html><body>{markup.encode('utf-8', 'replace').decode()}x</body></html>".replace("\x00", "")
    )
    for block in text_blocks(tree):
        assert block.text == " ".join(block.text.split()) != ""
        assert 0 <= block.link_chars <= len(block.text)


def test_many_elements_take_time_in_proportion() -> None:
    body = "<div>" + "<p><a href=x>word</a> <b>word</b></p>" * 30_000 + "</div>"
    tree = html.document_fromstring(f"<html><body>{body}</body></html>")
    started = time.process_time()
    assert len(text_blocks(tree)) == 30_000
    assert time.process_time() - started < 5

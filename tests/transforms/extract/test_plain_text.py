"""The plain extractor: the paragraphs of a usual page without what stands around them, in linear time."""

from __future__ import annotations

import time

import pytest

from transforms.extract.body.plain_text import MAX_CHARS, plain_lines
from transforms.extract.parsing.parse import parse_page

PARAGRAPHS = [
    "The harbour of Lindmere will close for three weeks in April, the port authority said on Monday.",
    "Ferries to the outer islands will leave from the fishing dock instead, half an hour earlier than usual.",
    "Shop owners along the quay learned of the closure from a notice on a lamp post, and asked for money.",
]
MENU = "<ul>" + "".join(f"<li><a href=/{n}>Section number {n}</a></li>" for n in range(40)) + "</ul>"
COMMENTS = "<div class=comments>" + "<p>I never liked that quay at all, honestly.</p>" * 99 + "</div>"
TEASERS = "".join(
    f"<div><a href=/t{n}>Another story that is told behind this link, number {n}.</a></div>" for n in range(9)
)


def lines(body: str) -> list[str]:
    tree = parse_page(f"<!doctype html><html><head><title>Quay</title></head><body>{body}</body></html>")
    assert tree is not None
    return [line.text for line in plain_lines(tree)]


def marked_up(paragraphs: list[str]) -> str:
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


@pytest.mark.parametrize(
    "page",
    [
        marked_up(PARAGRAPHS),
        "<br><br>".join(PARAGRAPHS),
        f"{MENU}<div>{marked_up(PARAGRAPHS)}</div>{TEASERS}<p>Short line</p>",
        f"<article>{marked_up(PARAGRAPHS)}</article>{COMMENTS}",
        f"<nav>{MENU}</nav><main class=with-sidebar>{marked_up(PARAGRAPHS)}</main><footer>{MENU}</footer>",
        f"<table><tr><td>{MENU}</td><td>{marked_up(PARAGRAPHS)}</td></tr></table><script>{' x;' * 999}</script>",
    ],
)
def test_the_paragraphs_stay_and_menus_teasers_comments_and_scripts_go(page: str) -> None:
    assert lines(page) == PARAGRAPHS


def test_a_subheading_and_a_list_inside_the_story_stay() -> None:
    story = [PARAGRAPHS[0], "What changes", "Boats to Ostrem", PARAGRAPHS[1], PARAGRAPHS[2]]
    page = f"<p>{story[0]}</p><h2>{story[1]}</h2><ul><li>{story[2]}</li></ul>{marked_up(story[3:])}"
    assert lines(MENU + page + TEASERS) == story


def test_words_of_inline_elements_are_not_torn() -> None:
    assert lines(
        "<p>The <b>har</b>bour of <a href=/l>Lindmere</a> will <em>close</em> for three weeks in April.</p>"
    ) == ["The harbour of Lindmere will close for three weeks in April."]


def test_text_without_spaces_between_words_is_text() -> None:
    story = "港は四月に三週間閉鎖される。市の当局が月曜日に発表した。"
    assert lines(MENU + f"<p>{story}</p>" * 3 + TEASERS) == [story] * 3


@pytest.mark.parametrize(
    "paragraph",
    [
        "The harbour of Lindmere will close for three weeks, the port authority said in its plan for 2027",
        "The northern quay has to be raised by half a metre before the spring floods of May arrive [3]",
        "The share of goods that come into the country by the river fell in a single year by 12 %",
        "بندر برای سه هفته بسته می شود و کشتی ها از اسکله ماهیگیری حرکت می کنند ۱۴۰۵",
        "港は四月に三週間閉鎖され船は別の桟橋から出ることになると市が発表した2026",
    ],
)
def test_a_paragraph_may_end_in_a_figure_or_a_sign(paragraph: str) -> None:
    assert lines(MENU + f"<p>{paragraph}</p>" * 4 + TEASERS) == [paragraph] * 4


@pytest.mark.parametrize(
    "label", ["Posted by Ada Lind on Monday, 2 March 2026 at 10:30", "City News | Sport | Culture | Jobs | 2026"]
)
def test_a_label_that_ends_in_a_figure_is_none(label: str) -> None:
    assert lines(f"<p>{label}</p>" + marked_up(PARAGRAPHS) + f"<p>{label}</p>") == PARAGRAPHS


def test_a_page_of_links_only_has_no_text() -> None:
    assert lines(MENU + TEASERS * 20) == []


def test_a_page_whose_every_name_speaks_of_furniture_is_read_all_the_same() -> None:
    assert lines(f"<div class='nav-wrapper'>{marked_up(PARAGRAPHS)}</div>") == PARAGRAPHS


def test_a_body_ends_at_a_million_characters_with_a_whole_block() -> None:
    story = lines(marked_up(PARAGRAPHS * 6000))
    assert sum(map(len, story)) + len(story) <= MAX_CHARS
    assert set(story) == set(PARAGRAPHS)
    assert len(story) > 9000
    assert len(lines(f"<p>{' '.join(PARAGRAPHS * 6000)}</p>")[0]) == MAX_CHARS


@pytest.mark.parametrize(
    "unit",
    ["<p>line", "<br>x", "<a href=/x>link</a> ", "<article>text ", "<div class=comment>x", "<td>cell", "word " * 20],
)
def test_its_time_is_linear(unit: str) -> None:
    tree = parse_page(f"<html><body>{unit * 60_000}</body></html>")
    assert tree is not None
    started_s = time.process_time()
    plain_lines(tree)
    assert time.process_time() - started_s < 3

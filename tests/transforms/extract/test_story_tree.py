"""The story tree is made once, of a parsed tree that is used up; whoever reads it after that leaves it as it is."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from lxml import etree

from tests.rows import page
from tests.transforms.extract.pages_to_isolate import HEADLINE, PARAGRAPHS, news_page
from transforms.extract.body.for_trafilatura import for_trafilatura
from transforms.extract.body.isolate import page_blocks
from transforms.extract.body.other_stories import other_stories
from transforms.extract.body.plain_text import plain_lines
from transforms.extract.body.seed import fast_seed
from transforms.extract.facts.page_facts import page_facts
from transforms.extract.kind.page_kind import page_kind
from transforms.extract.kind.read_page import ReadPage
from transforms.extract.kind.stand_in import awaits_program
from transforms.extract.kind.wall import wall_sign
from transforms.extract.page.story_tree import StoryTree, into_story_tree
from transforms.extract.parsing.parse import parse_page

IN_A_TABLE = f"<table><tr><td>They want to:<ul><li>{PARAGRAPHS[0]}</li><li>{PARAGRAPHS[1]}</li></ul></td></tr></table>"
JOINED = "<p>نمی\u200cخواهم که این خبر را دوباره بخوانم و می\u200cروم.</p>"
PAGES = {
    "a usual page": news_page(),
    "a list in a table": news_page(IN_A_TABLE),
    "joiners": news_page(JOINED),
    "both": news_page(IN_A_TABLE + JOINED),
    "a wall": "<html><body><div id=app></div><h1>Log in</h1><p>Please log in to read on.</p><input type=password>",
    "entries": news_page("".join(f"<p><b>1{n}:00</b> {text}</p>" for n, text in enumerate(PARAGRAPHS))),
}


def story_of(markup: str) -> StoryTree:
    tree = parse_page(markup)
    assert tree is not None
    return into_story_tree(tree)


def written(story: StoryTree) -> bytes:
    return bytes(etree.tostring(story.root))


@pytest.mark.parametrize("markup", PAGES.values(), ids=PAGES)
def test_text_walls_and_kind_are_read_and_the_tree_stays_as_it_is(markup: str) -> None:
    story = story_of(markup)
    before = written(story)
    facts, given = page_facts(story.root), replace(page(), entry_title=HEADLINE)
    body = fast_seed(story.root, given.final_url, page_blocks(story.root)).text
    plain_lines(story.root)
    for text in (body, ""):
        read = ReadPage(given, facts, story, text)
        wall_sign(read)
        page_kind(read)
    awaits_program(story)
    assert written(story) == before


def test_walls_and_kind_of_a_page_of_many_texts_are_read_in_linear_time() -> None:
    story = story_of(f"<html><body><article><div>{'<b>w</b> ' * 100_000}</div></article></body></html>")
    facts = page_facts(story.root)
    started_s = time.process_time()
    for text in (PARAGRAPHS[0], ""):
        read = ReadPage(page(), facts, story, text)
        wall_sign(read)
        page_kind(read)
    assert time.process_time() - started_s < 4


def test_what_a_page_states_and_where_its_other_stories_are_is_read_and_the_tree_stays_as_it_is() -> None:
    told = "".join(f"<p>{text}</p>" for text in reversed(PARAGRAPHS))
    appended = f"<article><h1>Ferry fares to rise again</h1>{told}</article>"
    tree = parse_page(news_page().replace("</body>", f"{appended}</body>"))
    assert tree is not None
    before = etree.tostring(tree)
    assert other_stories(tree, page_facts(tree), page().final_url)
    assert etree.tostring(tree) == before


def test_only_a_page_of_which_words_would_be_lost_is_copied_for_trafilatura() -> None:
    copied = {}
    for name, markup in PAGES.items():
        root = story_of(markup).root
        copied[name] = for_trafilatura(root) is not root
    assert [name for name, is_copied in copied.items() if is_copied] == ["a list in a table", "joiners", "both"]


def test_code_goes_and_the_words_around_it_and_structured_data_stay() -> None:
    data = '<script type="application/ld+json">{"@type": "NewsArticle"}</script>'
    code = "<script>one()</script>, <style>p {}</style>two<svg><title>three</title></svg> and"
    root = story_of(f"<html><head>{data}</head><body><p>Before{code} <b>after</b>.</p></body></html>").root
    assert " ".join(root.find("body").text_content().split()) == "Before, two and after."
    assert [script.get("type") for script in root.iter("script")] == ["application/ld+json"]


def test_what_holds_other_stories_goes_with_all_that_is_in_it() -> None:
    tree = parse_page("<html><body><article><h1>One</h1></article><aside><p>Two <b>three</b></p></aside>four</body>")
    assert tree is not None
    outer, inner = tree.find(".//aside"), tree.find(".//p")
    root = into_story_tree(tree, [outer, inner]).root
    assert " ".join(root.text_content().split()) == "Onefour"

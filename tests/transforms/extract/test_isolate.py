"""The model keeps the story, takes out what a template prints around it, and recovers what the seed lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from tests.transforms.extract.pages_to_isolate import (
    HEADLINE,
    LATE,
    PARAGRAPHS,
    RELATED,
    SIGN_UP,
    SUBHEADING,
    news_page,
)
from transforms.extract.body.alone import prose_window
from transforms.extract.body.block_model import load_block_models
from transforms.extract.body.features.block_features import measured
from transforms.extract.body.isolate import BlockFate, Isolated, isolate_text, page_blocks
from transforms.extract.body.seed import coverage, fast_seed, seed_of
from transforms.extract.facts.page_facts import page_facts

STORY = [*PARAGRAPHS[:3], SUBHEADING, *PARAGRAPHS[3:]]


def isolated(markup: str, seed: str | None = None, rival: Isolated | None = None) -> Isolated:
    tree = html.document_fromstring(markup)
    facts, blocks = page_facts(tree), page_blocks(tree)
    found = fast_seed(tree, "", blocks) if seed is None else seed_of(blocks, seed)
    return isolate_text(measured(blocks, facts, prose_window(blocks)), found, load_block_models().seeded, rival)


def test_a_usual_page_gives_its_story_and_nothing_else() -> None:
    found = isolated(news_page())
    assert found.by_model
    assert [line for line in found.body.split("\n") if line != HEADLINE] == STORY


def test_what_is_taken_out_of_the_seeds_text_is_removed_and_not_forgotten() -> None:
    seed = "\n".join([HEADLINE, *STORY, "Related stories", *RELATED, SIGN_UP])
    found = isolated(news_page(), seed)
    assert {SIGN_UP, *RELATED} <= set(found.removed)
    assert not set(found.removed) & set(STORY)
    assert found.recovered == ()


def test_a_paragraph_that_the_seed_lost_is_recovered() -> None:
    found = isolated(news_page(f"<p>{LATE}</p>"), "\n".join(STORY))
    assert found.recovered == (LATE,)
    assert found.body.split("\n") == [*PARAGRAPHS[:3], SUBHEADING, LATE, *PARAGRAPHS[3:]]


def test_every_block_of_the_page_is_accounted_for() -> None:
    found = isolated(news_page())
    assert [block.text for block in found.blocks if block.fate is BlockFate.KEPT] == found.body.split("\n")
    assert all(block.coverage is not None and 0 <= block.coverage <= 1 for block in found.blocks)
    assert {block.fate for block in found.blocks if block.score is None} <= {BlockFate.LEFT_OUT}


def test_a_seed_that_the_blocks_do_not_account_for_stands_as_it_is() -> None:
    seed = "\n".join(
        f"A text {n} from elsewhere, the page's script for example, that no block of it holds." for n in range(9)
    )
    found = isolated(news_page(), seed)
    assert (found.body, found.by_model, found.removed) == (seed, False, ())


def test_where_the_models_expect_little_the_seed_stands_as_it_is() -> None:
    labels = ("Log in", "Share", "Tweet", "Print", "Contact", "Privacy", "Cookies", "© 2026", "0 comments", "Follow us")
    menu = "<ul class='menu'>" + "".join(f"<li><a href='/{n}'>{label}</a></li>" for n, label in enumerate(labels))
    seed = "\n".join(f"- {label}" for label in labels)
    found = isolated(f"<html><body><footer><nav>{menu}</ul></nav></footer></body></html>", seed)
    assert (found.body, found.by_model) == (seed, False)


def test_of_two_texts_that_of_the_blocks_alone_stands_only_where_clearly_more_is_expected_of_it() -> None:
    own = isolated(news_page())
    better = Isolated("The blocks alone.", (), by_model=True, expected_f1=own.expected_f1 + 0.06)
    assert isolated(news_page(), rival=better) is better
    assert isolated(news_page(), rival=better._replace(expected_f1=own.expected_f1 + 0.04)) == own


def test_a_page_without_text_gives_none() -> None:
    assert isolated("<html><body><div id=app></div></body></html>").body == ""


def test_list_items_keep_their_dash_and_table_rows_their_bars() -> None:
    items = "".join(f"<li>The ferry leaves the {n}th pier at every full hour until midnight.</li>" for n in range(4, 8))
    rows = "".join(f"<tr><td>Pier {n}</td><td>{n} minutes on foot</td></tr>" for n in range(4, 10))
    found = isolated(news_page(f"<ul>{items}</ul><table>{rows}</table>")).body.split("\n")
    assert "- The ferry leaves the 4th pier at every full hour until midnight." in found
    assert "Pier 4 | 4 minutes on foot" in found


def test_the_same_page_gives_the_same_text_again() -> None:
    assert isolated(news_page()) == isolated(news_page())


def test_coverage_tells_whole_parts_of_and_foreign_texts_apart() -> None:
    texts = [PARAGRAPHS[0], "Share", f"{PARAGRAPHS[1]} And twice as much again that the seed has not, {PARAGRAPHS[4]}"]
    covered, mapped = coverage([*texts, PARAGRAPHS[3]], "\n".join([PARAGRAPHS[0], PARAGRAPHS[1]]))
    assert covered[0] == 1
    assert covered[1] == 0
    assert 0.3 < covered[2] < 0.7
    assert covered[3] == 0
    assert mapped > 0.9


def test_coverage_does_not_mind_white_space_dashes_and_bars() -> None:
    covered, mapped = coverage(["One  item", "Pier 4", "4 minutes"], "- One item\nPier 4 | 4 minutes")
    assert covered.tolist() == [1, 1, 1]
    assert mapped == 1


def test_a_standfirst_that_is_the_first_paragraph_once_more_is_told_once() -> None:
    again = news_page().replace("<div class='share'>", f"<p class='dek'>{PARAGRAPHS[0]}</p><div class='share'>")
    assert isolated(again).body.split("\n") == STORY


_TAGS = "<p> </p> <div> </div> <li> <table><tr><td> </td><td> <br> <a/href=x> </a> <h2>".split()
_TEXTS = (
    "One sentence of some length that ends as sentences do, with a stop at its end.",
    "Share",
    "漢字の文。",
    "12:30",
    "©",
)
_PIECES = st.sampled_from((*_TAGS, *_TEXTS))


@given(st.lists(_PIECES, max_size=40).map("".join), st.sampled_from([None, "", "Share", "漢字の文。\n12:30"]))
def test_any_page_and_any_seed_give_lines_of_the_page_or_the_seed_itself(body: str, seed: str | None) -> None:
    found = isolated(f"<html><body>x{body}</body></html>", seed)
    if found.by_model:
        texts = {block.text for block in found.blocks}
        assert all(
            part in texts for line in found.body.split("\n") for part in line.removeprefix("- ").split(" | ") if part
        )
    assert not set(found.removed) & set(found.body.split("\n"))

"""What stands on a site's other pages is the site's; what a page tells is its own."""

from __future__ import annotations

import random

import numpy as np
import pytest

from schemas.article import Article
from schemas.site import SiteMemory
from tests.transforms.compare.sites.site_texts import learn, paragraph, story, told
from transforms.compare.sites.site_blocks import without_site_blocks

TIP = "Got a tip? Text the night desk at any hour and we will call you back."
LABEL = "More from the waterfront"
ABOUT = "The Example Press is an independent newsroom that reports on the valley and its rivers every single day."


def bodies(articles: list[Article], before: SiteMemory | None = None) -> dict[str, list[str]]:
    """The lines that remain of each article."""
    furniture = learn(articles, before).furniture
    return {
        one.article_id: without_site_blocks(one, furniture.get(one.article_id, frozenset())).article_body.split("\n")
        for one in articles
    }


@pytest.mark.parametrize("line", [TIP, LABEL, ABOUT])
def test_a_line_on_two_other_pages_of_a_site_goes(line: str) -> None:
    articles = [told(f"{n}", [*story(n), line]) for n in range(3)]
    assert bodies(articles) == {f"{n}": story(n) for n in range(3)}
    removed = without_site_blocks(articles[0], learn(articles).furniture["0"]).removed
    assert [(item.text, item.reason) for item in removed] == [(line, "site")]


def test_a_line_on_one_other_page_stays() -> None:
    articles = [told(f"{n}", [*story(n), TIP]) for n in range(2)]
    assert not learn(articles).furniture


def test_lines_are_learned_across_runs_one_page_at_a_time() -> None:
    memory = None
    for n in range(2):
        learned = learn([told(f"{n}", [TIP, *story(n)])], memory)
        assert not learned.furniture, "the site's first pages are not worse for it"
        memory = learned.memory
    assert bodies([told("2", [TIP, *story(2)])], memory) == {"2": story(2)}


def test_an_agencys_text_printed_at_many_addresses_of_one_site_is_no_furniture() -> None:
    wire = story("wire")
    articles = [told(f"{n}", [*wire, TIP]) for n in range(5)] + [told(f"own {n}", [*story(n), TIP]) for n in range(3)]
    left = bodies(articles)
    assert all(left[f"{n}"] == wire for n in range(5)), "its paragraphs stay, the site's line goes"
    memory = None
    for one in articles[:5]:
        learned = learn([one], memory)
        assert not learned.furniture, "also one run after the other"
        memory = learned.memory


def test_an_abridged_wire_text_with_a_paragraph_of_the_desk_keeps_both() -> None:
    wire = story("wire", 8)
    articles = [told(f"{n}", [paragraph(f"desk {n}"), *wire[: 5 + n]]) for n in range(3)]
    assert bodies(articles) == {f"{n}": [paragraph(f"desk {n}"), *wire[: 5 + n]] for n in range(3)}


def test_a_page_fetched_again_and_again_does_not_teach_that_its_own_text_is_furniture() -> None:
    memory, lines = None, story("live", 4)
    for n in range(6):
        lines = [paragraph(f"update {n}", 40), paragraph(f"update {n} more", 40), *lines]
        learned = learn([told("live blog", lines)], memory)
        assert not learned.furniture
        memory = learned.memory


def test_background_between_a_storys_own_paragraphs_stays_unless_it_is_everywhere() -> None:
    background = paragraph("background")
    some = [told(f"{n}", [*story(n, 3), background, *story(f"{n} end", 3)]) for n in range(3)]
    rest = [told(f"other {n}", story(f"other {n}")) for n in range(12)]
    assert not learn([*some, *rest]).furniture
    everywhere = [told(f"{n}", [*story(n, 3), background, *story(f"{n} end", 3)]) for n in range(9)]
    assert bodies(everywhere) == {f"{n}": [*story(n, 3), *story(f"{n} end", 3)] for n in range(9)}


def test_a_page_of_nothing_but_known_lines_is_not_emptied() -> None:
    memory = learn([told(f"{n}", [*story(n), TIP, ABOUT]) for n in range(4)]).memory
    assert not learn([told("notice", [TIP, ABOUT])], memory).furniture


def test_sites_do_not_teach_one_another() -> None:
    memory = learn([told(f"{n}", [*story(n), TIP]) for n in range(4)]).memory
    assert memory.site == "example.org"
    assert not learn([told("1", [*story("a"), TIP], site="example.net")]).furniture


def test_the_order_of_pages_changes_nothing() -> None:
    articles = [told(f"{n}", [LABEL, *story(n), TIP]) for n in range(6)]
    articles += [told(f"wire {n}", [*story("wire"), TIP]) for n in range(3)]
    expected = learn(articles)
    for seed in range(5):
        shuffled = random.Random(seed).sample(articles, len(articles))
        assert learn(shuffled) == expected


def test_old_lines_fade_and_the_memory_is_bounded() -> None:
    memory = learn([told(f"{n}", [*story(n), TIP]) for n in range(4)]).memory
    for run in range(12):
        memory = learn([told(f"{run} {n}", story(f"{run} {n}", 30)) for n in range(20)], memory).memory
        assert len(memory.blocks) <= 8 * 4096
        assert len(memory.counts) * 2 == len(memory.blocks)
        assert np.all(np.diff(np.frombuffer(memory.blocks, dtype="<u8").astype(object)) > 0), "sorted, each once"
    assert not learn([told("new", [*story("new"), TIP])], memory).furniture, "240 pages without it: forgotten"
    assert memory.pages < 1 / (1 - 0.98) + 20

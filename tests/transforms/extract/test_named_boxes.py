"""Boxes about authors leave the ends of a text, calls leave it anywhere; a story in such an element stays."""

from __future__ import annotations

import numpy as np
import pytest
from lxml.html import fromstring

from tests.transforms.extract.pages_to_isolate import PARAGRAPHS
from transforms.extract.body.known_out.named_boxes import stand_in_named_boxes
from transforms.extract.page.text_blocks import text_blocks

STORY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
CAREER = "Ada Lind is the Echo's reporter for the harbour, and the author of two books about its bridges."
CALL = "Order your copy now"
CAREERS = (CAREER, "Ада Линд пишет о гавани и её мостах.", "林爱达是本报港口记者,著有两本关于桥梁的书。")


def found_in(markup: str) -> list[str]:
    """The texts that are taken for such boxes', where every block is chosen."""
    blocks = text_blocks(fromstring(f"<html><body>{markup}</body></html>"))
    found = stand_in_named_boxes(blocks, np.ones(len(blocks), dtype=np.bool_))
    return [block.text for block, is_inside in zip(blocks, found, strict=True) if is_inside]


@pytest.mark.parametrize(
    "box",
    [
        "<div class='author-box'><div class='text'><p>{}</p></div></div>",
        "<div id='aboutAuthor'><p>{}</p></div>",
        "<section class='post-author'><p class='author-bio'>{}</p></section>",
        "<aside class='autorenbox'>{}</aside>",
    ],
)
@pytest.mark.parametrize("career", CAREERS)
def test_a_box_about_the_author_is_found_above_and_below_the_story(box: str, career: str) -> None:
    told = box.format(career)
    assert found_in(f"<article>{STORY}</article>{told}") == [career]
    assert found_in(f"<article>{told}{STORY}</article>") == [career]
    assert found_in(f"<article class='post author-12'>{STORY}{told}</article>") == [career]


@pytest.mark.parametrize(
    "page",
    [
        f"<article class='post author-12'>{STORY}</article>",
        f"<article>{STORY}</article><div class='authority'><p>{CAREER}</p></div>",
        f"<article>{STORY}</article><div class='box'><p>{CAREER}</p></div>",
        f"<div>{STORY}<div class='author'><p>{CAREER}</p></div>{STORY}</div>",
        f"<div>{STORY}</div><div class='author'>{STORY}</div>",
        f"<div class='author'><p>{CAREER}</p></div><div class='bio'><p>{CAREER}</p></div>",
        f"<p>{CAREER}</p>" + f"<div class='author'><p>{CAREER}</p></div>" * 3,
    ],
    ids=[
        "the whole story",
        "a longer word",
        "another box",
        "between paragraphs",
        "half of the text",
        "nothing else",
        "many boxes, each of them small",
    ],
)
def test_what_may_be_the_story_stays(page: str) -> None:
    assert found_in(page) == []


@pytest.mark.parametrize("box", ["<div class='hs-cta'><p>{}</p></div>", "<section id='ctaBox'><div>{}</div></section>"])
def test_a_call_is_found_anywhere(box: str) -> None:
    call = box.format(CALL)
    assert found_in(f"<article class='has-cta'>{STORY}{call}{STORY}</article>") == [CALL]
    assert found_in(f"<article>{STORY}</article>{call}") == [CALL]


@pytest.mark.parametrize(
    "page",
    [
        f"<article>{STORY}<div class='cta'><p>{PARAGRAPHS[0]}</p></div>{STORY}</article>",
        f"<article>{STORY}" + f"<div class='cta'><p>{CALL}</p></div>" * 9 + "</article>",
        f"<article>{STORY}<div class='nectar'><p>{CALL}</p></div></article>",
        f"<article class='cta'>{STORY}</article>",
    ],
    ids=["longer than a call", "too many calls", "a longer word", "the whole story"],
)
def test_longer_parts_of_such_a_name_stay(page: str) -> None:
    assert found_in(page) == []

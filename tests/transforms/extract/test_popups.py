"""Text of popups and dialogs leaves the story; a page that is shown in a dialog keeps its text."""

from __future__ import annotations

import numpy as np
import pytest
from lxml.html import fromstring

from tests.transforms.extract.pages_to_isolate import HEADLINE, PARAGRAPHS
from transforms.extract.body.known_out.popups import stand_in_popups
from transforms.extract.page.text_blocks import text_blocks

H1 = f"<h1>{HEADLINE}</h1>"
STORY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
TERMS = "You may print our stories if you name us and link to the page that you took them from."
OTHERS = [f"{paragraph} This stands in the terms." for paragraph in PARAGRAPHS * 2]
LONG = "".join(f"<p>{paragraph}</p>" for paragraph in OTHERS)


def found_in(markup: str, *, chosen: bool = True) -> list[str]:
    """The texts that are taken for popups', where every block but the headline is chosen, or none."""
    blocks = text_blocks(fromstring(f"<html><body>{markup}</body></html>"))
    choice = np.array([chosen and block.place.tag != "h1" for block in blocks])
    found = stand_in_popups(blocks, choice)
    return [block.text for block, is_inside in zip(blocks, found, strict=True) if is_inside]


@pytest.mark.parametrize(
    "box",
    [
        "<div class='modal fade'><div class='body'><p>{}</p></div></div>",
        "<div id='republishModal'><p>{}</p></div>",
        "<div class='pum pum-overlay'><div class='popmake'><div><p>{}</p></div></div></div>",
        "<section role='dialog'><div>{}</div></section>",
        "<section class='x12' aria-modal='true' role='alertdialog'><div>{}</div></section>",
    ],
)
@pytest.mark.parametrize("terms", [TERMS, "Вы можете печатать наши тексты.", "您可以转载我们的报道。"])
def test_text_in_a_box_above_the_page_is_found_however_deep(box: str, terms: str) -> None:
    assert found_in(f"<article>{H1}{STORY}</article>{box.format(terms)}") == [terms]
    assert found_in(f"{box.format(terms)}<article>{H1}{STORY}</article>") == [terms]
    assert found_in(f"<article>{STORY}{box.format(terms)}</article>") == [terms]


@pytest.mark.parametrize("name", ["modality", "content", "popular", "lightbox", "gallery-overlay", "dialog"])
def test_other_boxes_are_none(name: str) -> None:
    assert found_in(f"<article>{H1}{STORY}</article><div class='{name}'><p>{TERMS}</p></div>") == []


def test_long_terms_below_a_long_story_are_found() -> None:
    assert found_in(f"<article>{H1}{STORY}{STORY}</article><div class='modal'>{LONG}{LONG}</div>") == OTHERS * 2


@pytest.mark.parametrize(
    "page",
    [
        f"<div class='modal'><article>{STORY}</article></div><p>{TERMS}</p>",
        f"{H1}<div class='modal'><article>{STORY}</article></div><p>{TERMS}</p>",
        f"{H1}<p>{TERMS}</p><div class='modal'><article>{STORY}</article></div>",
        f"{H1}{STORY}<div class='modal'>{LONG}</div>",
        f"{STORY}{STORY}<div class='modal'>{LONG}{LONG}</div>",
        f"<div class='modal'>{LONG}{LONG}</div>{H1}{STORY}{STORY}",
        f"{STORY}<div class='modal'>{H1}<p>{TERMS}</p></div>",
        f"<div class='modal-canvas'>{H1}{STORY}</div>{LONG}",
    ],
    ids=[
        "most of the text",
        "most of the text below a headline",
        "most of the text below a line",
        "most of the text below a short one",
        "most of the text, and no headline",
        "most of the text, and above the headline",
        "the headline within",
        "a wrapper around the page",
    ],
)
def test_what_may_be_the_story_stays(page: str) -> None:
    assert found_in(page) == []


def test_a_popup_within_a_wrapper_of_such_a_name_is_found() -> None:
    page = f"<div class='modal-canvas'>{H1}{STORY}<div class='modal'><p>{TERMS}</p></div></div>"
    assert found_in(page) == [TERMS]


def test_what_the_model_did_not_choose_is_not_named() -> None:
    assert found_in(f"<article>{STORY}</article><div class='modal'><p>{TERMS}</p></div>", chosen=False) == []

"""Text of popups and dialogs leaves the story; a page that is shown in a dialog keeps its text."""

from __future__ import annotations

import numpy as np
import pytest
from lxml.html import fromstring

from tests.transforms.extract.pages_to_isolate import PARAGRAPHS
from transforms.extract.body.known_out.popups import stand_in_popups
from transforms.extract.page.text_blocks import text_blocks

STORY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
TERMS = "You may print our stories if you name us and link to the page that you took them from."


def found_in(markup: str, *, chosen: bool = True) -> list[str]:
    """The texts that are taken for popups', where every block is chosen, or none."""
    blocks = text_blocks(fromstring(f"<html><body>{markup}</body></html>"))
    found = stand_in_popups(blocks, np.full(len(blocks), chosen, dtype=np.bool_))
    return [block.text for block, is_inside in zip(blocks, found, strict=True) if is_inside]


@pytest.mark.parametrize(
    "box",
    [
        "<div class='modal fade'><div class='body'><p>{}</p></div></div>",
        "<div id='republishModal'><p>{}</p></div>",
        "<div class='pum pum-overlay'><div class='popmake'><div><p>{}</p></div></div></div>",
        "<section class='lightbox'><div>{}</div></section>",
    ],
)
@pytest.mark.parametrize("terms", [TERMS, "Вы можете печатать наши тексты.", "您可以转载我们的报道。"])
def test_text_in_a_box_above_the_page_is_found_however_deep(box: str, terms: str) -> None:
    assert found_in(f"<article>{STORY}</article>{box.format(terms)}") == [terms]
    assert found_in(f"<article>{STORY}{box.format(terms)}</article>") == [terms]


@pytest.mark.parametrize("name", ["modality", "content", "popular"])
def test_other_boxes_are_none(name: str) -> None:
    assert found_in(f"<article>{STORY}</article><div class='{name}'><p>{TERMS}</p></div>") == []


def test_a_story_that_is_shown_in_a_dialog_stays() -> None:
    assert found_in(f"<div class='modal'><article>{STORY}</article></div><p>{TERMS}</p>") == []


def test_what_the_model_did_not_choose_is_not_named() -> None:
    assert found_in(f"<article>{STORY}</article><div class='modal'><p>{TERMS}</p></div>", chosen=False) == []

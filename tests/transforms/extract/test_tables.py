"""A table of data is told whole or not at all; a table that lays a page out is none."""

from __future__ import annotations

import numpy as np
import pytest
from lxml import html

from transforms.extract.body.tables import level_tables, tells_rows_in_part
from transforms.extract.page.text_blocks import TextBlock, text_blocks

DATA = "<table>" + "".join(f"<tr><td>Pier {n}</td><td>{n} ferries</td></tr>" for n in range(4)) + "</table>"
MENU = "".join(f"<div>Section {n}</div>" for n in range(6))
STORY = "".join(f"<p>The {n}th ferry left the pier at noon.</p>" for n in range(6))
LAYOUT = f"<table><tr><td>{MENU}</td><td>{STORY}</td></tr></table>"


def blocks_of(markup: str) -> list[TextBlock]:
    return text_blocks(html.document_fromstring(f"<body>{markup}</body>"))


def test_the_cells_of_a_table_of_data_get_one_score() -> None:
    blocks = blocks_of(DATA)
    scores = np.array([1, 0] * 4, dtype=np.float32)
    level_tables(blocks, scores)
    assert len(set(scores.tolist())) == 1


def test_the_story_in_a_table_that_lays_the_page_out_keeps_its_own_scores() -> None:
    blocks = blocks_of(LAYOUT)
    given = np.array([0] * 6 + [1] * 6, dtype=np.float32)
    scores = given.copy()
    level_tables(blocks, scores)
    assert scores.tolist() == given.tolist()


@pytest.mark.parametrize(("markup", "is_in_part"), [(DATA, True), (LAYOUT, False), (STORY, False)])
def test_a_row_of_data_without_its_name_is_told_in_part(markup: str, is_in_part: bool) -> None:
    blocks = blocks_of(markup)
    chosen = np.array(["Section" not in block.text and "Pier" not in block.text for block in blocks])
    assert tells_rows_in_part(blocks, chosen) is is_in_part


def test_rows_that_are_told_whole_are_not_told_in_part() -> None:
    blocks = blocks_of(DATA)
    chosen = np.array([block.text in ("Pier 1", "1 ferries") for block in blocks])
    assert not tells_rows_in_part(blocks, chosen)

"""What stands above and around a block: the headline, labels of a few words, times, prose."""

from __future__ import annotations

import numpy as np
import pytest
from lxml import html

from transforms.extract.body.features.block_features import block_features, measured
from transforms.extract.facts.page_facts import page_facts
from transforms.extract.page.text_blocks import text_blocks

PROSE = "The harbour bridge opened on Monday after nine years of building, two of them under water."
PAGE = f"""<html><head><title>Harbour bridge opens</title></head><body>
<p>Ferries</p><h1>Harbour bridge opens</h1><p>{PROSE}</p><p>{PROSE} Again.</p>
<h3>2 komentarze</h3><div>Ada, 03.05.2026 12:41</div><p>{PROSE} Nice.</p><div>Ben, 03.05.2026 13:02</div>
</body></html>"""
FERRIES, TITLE, FIRST, SECOND, LABEL, TIME, COMMENT, LAST = range(8)


def features(markup: str) -> dict[str, list[float]]:
    tree = html.document_fromstring(markup)
    blocks, facts = text_blocks(tree), page_facts(tree)
    window = slice(0, len(blocks))
    rows, names = block_features(measured(blocks, facts, window), np.zeros(len(blocks), dtype=np.float32), window)
    return dict(zip(names, rows.T.tolist(), strict=True))


def test_what_follows_a_label_is_as_many_blocks_behind_it() -> None:
    found = features(PAGE)
    assert found["since_comment"] == [40, 40, 40, 40, 40, 1, 2, 3]
    assert found["above_comments"] == [0, 0, 0, 0, 0, 1, 1, 1]
    assert found["near_comment"] == [0, 1, 1, 1, 0, 1, 1, 1]


def test_a_short_block_with_the_figures_of_a_day_or_a_time_is_a_stamp() -> None:
    found = features(PAGE)
    assert found["above_stamps"] == [0, 0, 0, 0, 0, 0, 1, 1]
    assert found["near_stamp"][COMMENT] == 2
    assert found["signature_stamps"][TIME] == 1  # each div is one
    assert found["holder_stamps"][COMMENT] == 2 / 8


def test_blocks_are_counted_from_the_headline() -> None:
    found = features(PAGE)
    assert found["after_headline"] == [-1, 0, 1, 2, 3, 4, 5, 6]
    assert found["prose_after_headline"][SECOND] == pytest.approx(np.log1p(len(PROSE)))
    assert set(found["headline_found"]) == {2}


def test_without_a_headline_no_block_is_behind_one() -> None:
    found = features(f"<html><body><p>{PROSE}</p><p>{PROSE} Again.</p></body></html>")
    assert set(found["after_headline"]) == {-80}
    assert set(found["headline_found"]) == {0}


def test_prose_is_counted_above_and_below() -> None:
    found = features(PAGE)
    assert found["since_prose"] == [40, 40, 40, 1, 1, 2, 3, 1]
    assert found["until_prose"] == [2, 1, 1, 3, 2, 1, 40, 40]
    assert found["prose_below"][COMMENT] == 0

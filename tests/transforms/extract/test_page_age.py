"""What tells the age of a page's markup: tables, line breaks, no classes, no new elements, a bare head."""

from __future__ import annotations

import numpy as np
import pytest
from lxml import html

from transforms.extract.body.features.block_features import block_features, measured
from transforms.extract.body.features.page_age import PAGE_AGE_NAMES
from transforms.extract.facts.page_facts import page_facts
from transforms.extract.page.text_blocks import text_blocks

LINE = "The bridge opened today."  # 24 signs
OLD = f"""<html><head><title>Bridge</title></head><body><table><tr><td>{LINE}<br>{LINE}<br>{LINE}</td>
<td class="menu"><b>{LINE}</b></td></tr></table></body></html>"""
NEW = f"""<html><head><title>Bridge</title><meta property="og:title" content="Bridge">
<meta name="twitter:card" content="summary"><meta name="description" content="It opened.">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Bridge"}}</script></head>
<body><main><div class="text"><p>{LINE}</p><p>{LINE}</p><p>{LINE}</p></div></main><div id="foot">{LINE}</div>
</body></html>"""


def ages(markup: str, window: slice) -> dict[str, list[float]]:
    tree = html.document_fromstring(markup)
    blocks, facts = text_blocks(tree), page_facts(tree)
    rows, names = block_features(measured(blocks, facts, window), np.zeros(len(blocks), dtype=np.float32), window)
    return {name: values for name, values in zip(names, rows.T.tolist(), strict=True) if name in PAGE_AGE_NAMES}


def test_a_page_laid_out_by_tables_and_line_breaks() -> None:
    assert ages(OLD, slice(1, 3)) == {
        "page_in_cells": [1, 1],
        "page_after_breaks": [0.5, 0.5],
        "page_unnamed": [0.75, 0.75],
        "page_in_new_elements": [0, 0],
        "page_shared": [0, 0],
    }


def test_a_page_of_today() -> None:
    found = ages(NEW, slice(0, 4))
    assert found.pop("page_shared") == pytest.approx([np.log1p(3)] * 4)
    assert found == {
        "page_in_cells": [0] * 4,
        "page_after_breaks": [0] * 4,
        "page_unnamed": [0] * 4,
        "page_in_new_elements": [0.75] * 4,
    }


def test_signs_of_a_script_without_spaces_count_as_in_the_other_measures() -> None:
    markup = f"<html><body><p class='a'>{'桥' * 8}</p><p>{LINE}</p></body></html>"
    assert ages(markup, slice(0, 2))["page_unnamed"] == [0.5, 0.5]

"""Gold data that are passages: scores, and what they tell of a page's blocks."""

from __future__ import annotations

import math

import numpy as np
import pytest
from lxml import html

from benchmarks.block_labels import block_labels
from benchmarks.pages import page_f1, words_of
from benchmarks.passages import has_passages, passage_labels, passage_scores
from transforms.extract.body.seed import Seed
from transforms.extract.page.text_blocks import TextBlock, text_blocks

ROWS = {"a": {"with": ["The bridge opened", "two piers"], "without": ["Read more"]}}


def blocks_of(*texts: str) -> list[TextBlock]:
    return text_blocks(html.document_fromstring("".join(f"<p>{text}</p>" for text in texts)))


def covering(*shares: float) -> Seed:
    return Seed("", np.array(shares, dtype=np.float32), 1.0)


def test_a_passage_is_there_whatever_its_case_and_blanks() -> None:
    assert passage_scores(ROWS, {"a": "THE  bridge\nopened."})[1:] == (1, 0.5)
    assert passage_scores(ROWS, {"a": "The bridge opened. Read more"})[1:] == (0.5, 0.5)
    assert passage_scores(ROWS, {}) == (0, 0, 0)


def test_only_blocks_with_passages_are_labelled() -> None:
    blocks = blocks_of("The bridge opened.", "Who paid for it?", "Read more: ferries", "Read more of the two piers")
    labels = passage_labels(blocks, ROWS["a"], covering(1, 1, 0, 1))
    assert (labels[0], labels[2]) == (1, 0)
    assert math.isnan(labels[1])
    assert math.isnan(labels[3])  # it holds passages of both kinds


def test_of_blocks_with_the_same_passage_those_count_that_the_seed_covers() -> None:
    blocks = blocks_of("The bridge opened", "The bridge opened on Monday")
    assert passage_labels(blocks, ROWS["a"], covering(0, 1))[1] == 1
    assert math.isnan(passage_labels(blocks, ROWS["a"], covering(0, 1))[0])


def test_sets_of_whole_texts_and_of_passages_are_told_apart() -> None:
    assert has_passages(ROWS)
    assert not has_passages({"a": {"articleBody": "The bridge opened."}})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The bridge opened.", 3),
        ("大桥开通了。", 5),
        ("สะพาน", 5),
        ("한강 다리", 2),
        ("Мост открыт 5 мая", 4),
        ("大桥 bridge", 3),
    ],
)
def test_signs_of_scripts_without_spaces_are_words(text: str, words: int) -> None:
    assert len(words_of(text)) == words


def test_texts_without_spaces_are_compared_by_their_signs() -> None:
    gold = "大桥今天上午正式开通。"
    assert 0.8 < page_f1(gold, gold + "分享到") < 1
    assert block_labels([gold, "相关新闻与更多报道"], gold)[0] == [1, 0]

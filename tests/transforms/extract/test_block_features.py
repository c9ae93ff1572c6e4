"""A block's features: its own words, its place, and what the blocks like it have together."""

from __future__ import annotations

import numpy as np
import pytest
from lxml import html

from transforms.extract.body.features.block_features import block_features, measured
from transforms.extract.body.features.block_words import reads_as_prose
from transforms.extract.facts.page_facts import page_facts
from transforms.extract.page.text_blocks import text_blocks

PAGE = """<html><head><title>Harbour bridge opens</title>
<meta property="og:description" content="The bridge is open."></head><body>
<nav class="mainMenu"><a href="/">Home</a><a href="/s">Sport</a></nav>
<article class="storyBody"><h1>Harbour bridge opens</h1>
<p class="par">The Harbour bridge opened on Monday, 3 May. Ada Lind cut the tape?</p>
<blockquote><p class="par">“It is a <b>bridge</b>”</p></blockquote>
<p class="par">Photo © Ada Lind</p></article>
<ul><li class="card"><a href="/1">Ferry stops</a></li><li class="card"><a href="/2">Ferry stops</a></li></ul>
</body></html>"""
MENU, TITLE, FIRST, QUOTE, PHOTO, CARD, AGAIN = range(7)


def features(window: slice = slice(0, 7)) -> dict[str, list[float]]:
    tree = html.document_fromstring(PAGE)
    facts = page_facts(tree)
    coverage = np.array([0, 0, 1, 1, 0, 0, 0], dtype=np.float32)
    rows, names = block_features(measured(text_blocks(tree), facts, window), coverage, window)
    assert rows.dtype == np.float32
    return dict(zip(names, rows.T.tolist(), strict=True))


def test_words_and_signs_of_a_block() -> None:
    found = features()
    assert found["repeats"][TITLE:] == [1, 1, 1, 1, 2, 2]
    assert found["in_headline"][TITLE] == found["of_headline"][TITLE] == 1
    assert found["in_headline"][FIRST] == pytest.approx(2 / 12)
    assert found["in_description"][FIRST] == pytest.approx(2 / 12)
    assert found["words"][FIRST] == 13
    assert found["capitals"][FIRST] == pytest.approx(6 / 66)
    assert found["capital_words"][FIRST] == pytest.approx(6 / 13)
    assert found["question"][FIRST] == found["ends_stop"][FIRST] == found["ends_any"][QUOTE] == 1
    assert (found["quotes"][QUOTE], found["ends_stop"][QUOTE], found["starts_sign"][QUOTE]) == (2, 0, 1)
    assert (found["copyright"][PHOTO], found["text_credit"][PHOTO], found["text_rights"][PHOTO]) == (1, 2, 1)


def test_the_place_of_a_block_and_what_is_around_it() -> None:
    found = features()
    assert found["heading"] == [0, 1, 0, 0, 0, 0, 0]
    assert found["is_p"] == [0, 0, 1, 1, 1, 0, 0]
    assert found["is_quote"] == [0, 0, 0, 1, 0, 0, 0]
    assert found["in_article"] == [0, 1, 1, 1, 1, 0, 0]
    assert found["in_nav"] == [1, 0, 0, 0, 0, 0, 0]
    assert (found["class_menu"], found["above_menu"]) == ([1, 0, 0, 0, 0, 0, 0], [0] * 7)
    assert found["above_quote"] == [0, 0, 0, 1, 0, 0, 0]
    assert (found["class_body"], found["above_body"][QUOTE]) == ([1, 1, 1, 0, 1, 0, 0], 1)
    assert found["link_share"] == [1, 0, 0, 0, 0, 1, 1]
    assert found["strong_share"][QUOTE] == pytest.approx(6 / 16)


def test_what_blocks_of_a_group_have_together() -> None:
    found = features()
    assert found["class_count"] == [1, 1, 3, 3, 3, 2, 2]
    assert found["signature_count"] == [1, 1, 2, 1, 2, 2, 2]
    assert found["holder_count"] == [1, 3, 3, 1, 3, 2, 2]
    assert found["place_kept_others"] == [-1] * 7
    assert found["class_kept_others"][PHOTO] == pytest.approx(1)
    assert found["holder_kept_of_page"][TITLE] == pytest.approx(66 / (66 + 16))
    assert (found["holder_from_start"][PHOTO], found["holder_to_end"][TITLE]) == (3, 3)
    assert (found["kept_anchor_up"][QUOTE], found["kept_anchor_down"][QUOTE]) == (0, 2)


def test_the_neighbours_of_a_block() -> None:
    found = features()
    assert found["prev1_coverage"] == [-1, 0, 0, 1, 1, 0, 0]
    assert found["next2_coverage"] == [1, 1, 0, 0, 0, -1, -1]
    assert found["next1_same_class"] == [0, 0, 1, 1, 0, 1, 0]
    assert found["prev1_same_holder"] == [0, 0, 1, 0, 0, 0, 1]
    assert found["since_kept"] == [40, 40, 40, 1, 1, 2, 3]
    assert found["until_kept"] == [2, 1, 1, 40, 40, 40, 40]


def test_a_window_takes_the_same_values_from_the_whole_page() -> None:
    whole, part = features(), features(slice(2, 5))
    alone = {"told_twice", "after_headline", "prose_after_headline", "headline_found"}
    alone |= {name for name in whole if name.endswith("_stamps")}
    assert {name: values[2:5] for name, values in whole.items() if name not in alone} == {
        name: values for name, values in part.items() if name not in alone
    }


@pytest.mark.parametrize("known", [slice(0, 0), slice(2, 5), slice(0, 3), slice(4, 7), slice(0, 7), slice(6, 7)])
@pytest.mark.parametrize("window", [slice(1, 6), slice(2, 5), slice(0, 2)])
def test_a_window_has_the_same_values_whatever_was_measured_first(known: slice, window: slice) -> None:
    tree = html.document_fromstring(PAGE)
    blocks, facts, coverage = text_blocks(tree), page_facts(tree), np.linspace(0, 1, 7, dtype=np.float32)
    again = block_features(measured(blocks, facts, known), coverage, window)
    at_once = block_features(measured(blocks, facts, window), coverage, window)
    np.testing.assert_array_equal(again[0], at_once[0])
    assert again[1] == at_once[1]


def test_a_page_without_blocks_can_be_measured() -> None:
    tree = html.document_fromstring("<p></p>")
    assert len(measured([], page_facts(tree), slice(0, 0)).page.size) == 0


CHINESE = """<html><head><title>大桥今天正式开通</title></head><body><h1>大桥今天正式开通</h1>
<p>海港大桥今天上午正式开通，市长林先生剪彩，九年的工程至此结束，其中两年在水下进行？</p><div>网友评论（12条）</div></body></html>"""


def test_words_of_a_script_without_spaces_are_half_its_signs() -> None:
    tree = html.document_fromstring(CHINESE)
    blocks, facts = text_blocks(tree), page_facts(tree)
    rows, names = block_features(measured(blocks, facts, slice(0, 3)), np.zeros(3, dtype=np.float32), slice(0, 3))
    found = dict(zip(names, rows.T.tolist(), strict=True))
    assert found["words"][0] == 4
    assert found["in_headline"][0] == found["of_headline"][0] == 1
    assert found["of_headline"][1] == 1
    assert found["commas"][1] == pytest.approx(3 / found["words"][1])
    assert found["question"][1] == found["ends_stop"][1] == 1
    assert found["text_comment"][2] == 1


@pytest.mark.parametrize(
    ("text", "is_prose"),
    [
        ("海港大桥今天上午正式开通，市长林先生剪彩，九年的工程至此结束，其中两年在水下进行。", True),
        ("海港大桥今天上午正式开通。", False),
        ("สะพานท่าเรือเปิดเมื่อวันจันทร์หลังจากก่อสร้างมาเก้าปีโดยสองปีนั้นอยู่ใต้น้ำตามที่นายกเทศมนตรีกล่าวในพิธีเปิด", True),
        ("“The harbour bridge opened on Monday after nine years, two of them under water,” said Lind.", True),
        ("He said: “The harbour bridge opened on Monday after nine years, two of them under water.”", True),
        ("Ferries, trains and buses to the harbour, from Monday on, every hour, until late in May", False),
    ],
)
def test_prose_has_the_length_and_the_end_of_a_sentence_of_its_script(text: str, is_prose: bool) -> None:
    [block] = text_blocks(html.document_fromstring(f"<p>{text}</p>"))
    assert reads_as_prose(block) is is_prose

"""Foreign text that Arrow and terminals refuse is mended where it enters."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.text.well_formed import MAX_LEVELS, well_formed, well_formed_values


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("half an emoji \ud83d", "half an emoji \ufffd"),
        ("\ude00 and its other half", "\ufffd and its other half"),
        ("both halves \ud83d\ude00", "both halves 😀"),
        ("whole 😀 and é", "whole 😀 and é"),
        ("a\x00b\x1b[31mc\td\ne\r", "ab[31mc\td\ne\r"),
        ("می‌خواهم", "می‌خواهم"),  # the zero-width non-joiner spells Persian
        ("", ""),
    ],
)
def test_lone_surrogates_and_control_characters_go_and_all_else_stays(text: str, right: str) -> None:
    assert well_formed(text) == right


@given(st.text(alphabet=st.characters(codec=None, exclude_categories=())))
def test_any_text_becomes_one_that_arrow_takes_and_twice_is_once(text: str) -> None:
    once = well_formed(text)
    assert pa.array([once]).to_pylist() == [once]
    assert well_formed(once) == once


def test_every_text_of_parsed_json_is_mended_and_other_values_stay() -> None:
    value = {"a\ud83d": ["\ud83d", {"b": "c\x00"}, 1, None, True, 2.5]}
    assert well_formed_values(value) == {"a\ufffd": ["\ufffd", {"b": "c"}, 1, None, True, 2.5]}


def test_what_is_nested_too_deep_to_be_meant_is_left_out() -> None:
    deep: object = "text"
    for _ in range(900):
        deep = [deep]
    value = well_formed_values({"shallow": ["a\ud83d"], "deep": deep})
    assert value["shallow"] == ["a\ufffd"]
    levels = 0
    inner = value["deep"]
    while inner is not None:
        inner, levels = inner[0], levels + 1
    assert levels < MAX_LEVELS

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.web.usage.preferences import PREFERENCE_FIELDS, preferences, strictest


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("train-ai=n, search=y", {"train-ai": "n", "search": "y"}),
        ("train-ai=n,ai-use=n ,\tsearch=y", {"train-ai": "n", "ai-use": "n", "search": "y"}),
        ("train-ai=y, train-ai=n", {"train-ai": "n"}),
        ("train-ai;allow=n, train-ai=y", {"train-ai": "y"}),
        ("train-ai=y;x=1;y", {"train-ai": "y"}),
        ("some.later_label*=n", {"some.later_label*": "n"}),
        ("train-ai=(n y), search=y", {"search": "y"}),
        ("train-ai=:bg==:, search=1, ai-use=?0, x=@7, y=1.5, z=%\"n\"", {}),
        ("train-ai, search=n, search=\"n\"", {}),
        ("", {}),
        ("  ", {}),
    ],
)  # fmt: skip
def test_the_answers_of_a_field_are_tokens_and_all_else_is_unknown(value: str, expected: dict[str, str]) -> None:
    assert preferences("content-usage", value) == expected


@pytest.mark.parametrize("value", ["train-ai=n,", "train-ai=n; ", "Train-ai=n", "train-ai=n search=y", "=n", "ä=n"])
def test_one_mistake_leaves_nothing_of_a_field(value: str) -> None:
    assert preferences("content-usage", value) == {}


def test_a_use_that_one_statement_disallows_is_disallowed() -> None:
    said = [{"a": "y"}, {"a": "n", "b": "y"}, {"a": "y", "c": "n"}, {"c": "y"}]
    assert strictest("content-usage", said) == {"a": "n", "b": "y", "c": "n"}
    assert strictest("content-signal", [{"a": "no"}, {"a": "yes", "use": "full"}]) == {"a": "no", "use": "full"}


@given(st.sampled_from(PREFERENCE_FIELDS), st.text() | st.text(alphabet='an=y,;" ()?:@%\\*1-.', max_size=40))
def test_any_text_can_be_read(field: str, value: str) -> None:
    assert all(isinstance(answer, str) for answer in preferences(field, value).values())


@pytest.mark.parametrize("piece", ["a=n, ", "(", '"', "a;", "a=(y y), ", "a=1", "\t"])
def test_a_field_of_a_megabyte_costs_nothing(piece: str) -> None:
    began = time.process_time()
    assert preferences("content-usage", piece * (1_000_000 // len(piece))) == {}
    preferences("content-usage", (piece * 4_000)[:3_999])
    assert time.process_time() - began < 0.5
    labels = preferences("content-usage", ", ".join(f"l{number}=n" for number in range(300)))
    assert len(labels) == 20

"""Merged parts stay few, and a row is seldom written again."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.fingerprint import FINGERPRINTS
from schemas.state import SEEN
from transforms.lake.merged.levels import MOST_SMALL, SMALL_BYTES, Limits, is_due, limits_of, merged_with


def grown(sizes: list[int], limits: Limits) -> tuple[list[int], int]:
    """The merged parts after small ones of these sizes were merged one after another, and all bytes written."""
    merged: list[int] = []
    written = 0
    for size in sizes:
        count = merged_with(size, merged, limits)
        merged = [*merged[: len(merged) - count], sum(merged[len(merged) - count :]) + size]
        written += merged[-1]
    return merged, written


@given(st.lists(st.integers(1, 1_000), min_size=1, max_size=400))
def test_each_part_is_larger_than_all_newer_ones_together(sizes: list[int]) -> None:
    merged, written = grown(sizes, Limits())
    assert sum(merged) == sum(sizes)
    assert all(size > sum(merged[place + 1 :]) for place, size in enumerate(merged))
    assert len(merged) <= 1 + math.log2(sum(sizes))
    assert written <= sum(sizes) * (2 + math.log2(sum(sizes)))


def test_no_part_grows_beyond_the_limit_and_those_at_it_are_not_written_again() -> None:
    merged, written = grown([1] * 1_000, Limits(most_bytes=100))
    assert max(merged) <= 100
    assert merged == [64] * 15 + [32, 8]
    assert written < 1_000 * 8


def test_seen_is_merged_as_a_whole_when_it_has_grown_by_a_quarter() -> None:
    limits = limits_of(SEEN.name)
    assert merged_with(24, [100], limits) == 0
    assert merged_with(25, [100], limits) == 1
    assert merged_with(25, [10**12], limits_of(FINGERPRINTS.name)) == 0


@pytest.mark.parametrize(
    ("small", "due"),
    [
        ([], False),
        ([9] * (MOST_SMALL - 1), False),
        ([9] * MOST_SMALL, True),
        ([SMALL_BYTES], False),
        ([SMALL_BYTES, 9], True),
    ],
)
def test_small_parts_are_merged_when_they_are_many_or_large(small: list[int], due: bool) -> None:
    assert is_due(small) is due

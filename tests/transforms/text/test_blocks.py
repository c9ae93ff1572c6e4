"""Rows in blocks: none lost, none out of order, none too large."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from transforms.common.blocks import BLOCK_BYTES, BLOCK_ROWS, Blocks


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, BLOCK_BYTES)), max_size=60))
def test_every_row_is_in_one_block_of_its_key_in_its_order(rows) -> None:
    blocks = Blocks[tuple[str, int]](lambda row: row[1])
    given_out = [block for row in rows for block in blocks.add(row[0], row)] + list(blocks.rest())
    for key in "abc":
        assert [row for name, block in given_out for row in block if name == key] == [
            row for row in rows if row[0] == key
        ]
    for _, block in given_out:
        assert sum(size for _, size in block[:-1]) < BLOCK_BYTES
    assert list(blocks.rest()) == []


def test_small_rows_are_many_to_a_block() -> None:
    blocks = Blocks[int]()
    full = [block for number in range(2 * BLOCK_ROWS + 1) for block in blocks.add("a", number)]
    assert [len(block) for _, block in [*full, *blocks.rest()]] == [BLOCK_ROWS, BLOCK_ROWS, 1]

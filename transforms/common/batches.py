"""Splits many items into lists of limited length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Lists of `size` items; the last may be shorter. Like `itertools.batched`, which Python 3.11 lacks."""
    iterator = iter(items)
    while some := list(islice(iterator, size)):
        yield some

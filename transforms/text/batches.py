"""Some of many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items in lists of `size`, the last one shorter; as `itertools.batched`, which Python 3.11 lacks."""
    iterator = iter(items)
    while some := list(islice(iterator, size)):
        yield some

"""An iterator that runs ahead in a thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from transforms.pages.warc.read_ahead import read_ahead


def test_items_come_in_order_and_only_so_many_wait() -> None:
    made = []

    def items() -> Iterator[int]:
        for number in range(20):
            made.append(number)
            yield number

    most = 0
    taken = []
    for number in read_ahead(items(), 2, "ahead"):
        most = max(most, len(made) - len(taken))
        taken.append(number)
    assert taken == list(range(20))
    assert most <= 4, "one in hand, two waiting, one being put"


def test_an_error_is_raised_behind_the_items_before_it() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise LookupError("behind the first")

    ahead = read_ahead(items(), 2, "ahead")
    assert next(ahead) == 1
    with pytest.raises(LookupError, match="behind the first"):
        next(ahead)


def test_when_nobody_takes_more_the_thread_ends() -> None:
    def items() -> Iterator[int]:
        yield from range(1_000_000)

    some = read_ahead(items(), 2, "nobody takes these")
    assert next(some) == 0
    some.close()
    assert "nobody takes these" not in {thread.name for thread in threading.enumerate()}

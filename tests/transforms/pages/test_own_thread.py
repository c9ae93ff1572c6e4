"""A loop in its own thread: what it gives is there at once, errors come out as themselves, no thread is left."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from transforms.pages.own_thread import in_own_thread

Give = Callable[[object], None]
NAME = "test loop"


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    yield
    assert [thread for thread in threading.enumerate() if thread.name == NAME] == []


def test_what_is_given_comes_in_its_order() -> None:
    async def work(give: Give) -> None:
        for number in range(3):
            give(number)
            await asyncio.sleep(0)

    assert list(in_own_thread(work, NAME)) == [0, 1, 2]


def test_the_loop_goes_on_while_the_taker_is_busy_and_gives_without_waiting_for_it() -> None:
    went_on = threading.Event()

    async def work(give: Give) -> None:
        for number in range(100):
            give(number)
            await asyncio.sleep(0)
        went_on.set()

    with closing(in_own_thread(work, NAME)) as items:
        assert next(items) == 0
        assert went_on.wait(10), "the taker holds up the loop"
        assert list(items) == list(range(1, 100))


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt(), SystemExit(3), StopAsyncIteration()])
def test_an_error_of_whatever_kind_is_raised_as_itself_after_all_that_was_given(error: BaseException) -> None:
    async def work(give: Give) -> None:
        give("before")
        await asyncio.sleep(0)
        raise error

    items = in_own_thread(work, NAME)
    assert next(items) == "before"
    with pytest.raises(type(error)) as raised:
        next(items)
    assert raised.value is error


def test_an_error_of_a_helper_thread_comes_out_too() -> None:
    def write() -> None:
        raise OSError("disk full")

    async def work(_: Give) -> None:
        await asyncio.to_thread(write)

    with pytest.raises(OSError, match="disk full"):
        list(in_own_thread(work, NAME))


@pytest.mark.parametrize("error", [None, KeyboardInterrupt(), ValueError("the taker failed")])
def test_work_is_cancelled_and_cleans_up_when_the_taker_leaves(error: BaseException | None) -> None:
    cleaned: list[str] = []

    async def work(give: Give) -> None:
        try:
            give("first")
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            await asyncio.sleep(0.01)
            cleaned.append("all")
            raise

    items = in_own_thread(work, NAME)
    assert next(items) == "first"
    if error is None:
        items.close()
    else:
        with pytest.raises(type(error)):
            items.throw(error)
    assert cleaned == ["all"]


def test_a_file_that_is_being_written_when_the_taker_leaves_is_written_to_its_end() -> None:
    begun, go_on, written = threading.Event(), threading.Event(), threading.Event()

    def write() -> None:
        begun.set()
        go_on.wait(10)
        written.set()

    async def work(give: Give) -> None:
        give("first")
        await asyncio.to_thread(write)

    items = in_own_thread(work, NAME)
    next(items)
    assert begun.wait(10)
    threading.Timer(0.05, go_on.set).start()
    items.close()
    assert written.is_set()


def test_a_generator_that_was_never_begun_starts_no_thread() -> None:
    async def work(_: Give) -> None:
        raise AssertionError

    in_own_thread(work, NAME).close()


def test_leaving_at_the_very_start_is_no_race() -> None:
    async def work(give: Give) -> None:
        give("first")
        await asyncio.sleep(3600)

    for _ in range(50):
        items = in_own_thread(work, NAME)
        next(items)
        items.close()

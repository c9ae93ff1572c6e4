"""Orders for feeds in the lake: given by several at once, read by runs, tidied up, mended."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from schemas.feed_order import FeedOrder, Hold, Order
from schemas.run import Run, StateParts
from transforms.lake.feed_orders import (
    Orders,
    forget_orders,
    give_orders,
    mend_orders,
    newest_orders,
    orders_of,
    read_orders,
    tidy_orders,
    trouble_with_orders,
)
from transforms.lake.files.layout import ORDERS, orders_path
from transforms.lake.files.storage import DamagedPartError, Storage
from transforms.web.forgotten import Forgotten


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(str(tmp_path))


def pause(storage: Storage, name: str, reason: str | None = None) -> Orders:
    url = f"https://{name}.example/feed"
    order = FeedOrder(url, Order.PAUSE, 7, reason, Hold.PAUSED, 9, 3)
    return give_orders(storage, lambda before, _: {**before.by_feed, url: order})


def test_orders_are_read_back_as_they_were_given_and_each_file_holds_all(storage: Storage) -> None:
    assert read_orders(storage) == Orders()
    pause(storage, "a")
    second = pause(storage, "ö", "their “request”")
    assert read_orders(storage) == second
    assert list(second.by_feed) == ["https://a.example/feed", "https://ö.example/feed"]
    run = Run("20260302T080000.000000Z", 0, storage.root, state=StateParts(orders=orders_path(1)))
    assert list(orders_of(run)) == ["https://a.example/feed"], "a run sees what stood when it began"
    assert pause(storage, "a").number == 2, "what stands already is not written again"


def test_numbers_go_on_where_the_files_were_lost(storage: Storage) -> None:
    url = "https://a.example/feed"
    given = give_orders(storage, lambda _, n: {url: FeedOrder(url, Order.FORCE, 7, asked=n)}, obeyed=4)
    assert (given.number, given.by_feed[url].asked, newest_orders(storage)) == (5, 5, orders_path(5))


def test_of_several_who_give_orders_at_once_none_is_lost(storage: Storage) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: pause(storage, f"n{n}"), range(24)))
    assert len(read_orders(storage).by_feed) == 24
    assert read_orders(storage).number == 24


def test_only_files_that_were_followed_long_ago_and_that_no_run_reads_are_deleted(storage: Storage) -> None:
    for name in "abcd":
        pause(storage, name)
    hour_ago = (storage.folder or Path()) / ORDERS
    for number in (1, 2, 3):
        path = hour_ago / f"{number:010d}.json"
        os.utime(path, (path.stat().st_mtime - 7_200,) * 2)
    tidy_orders(storage, orders_path(2))
    assert list(storage.list(ORDERS)) == [orders_path(2), orders_path(4)]


def test_a_damaged_file_is_told_and_followed_by_the_last_that_can_be_read(storage: Storage) -> None:
    pause(storage, "a")
    pause(storage, "b")
    storage.put(orders_path(2), storage.get(orders_path(2)).replace(b"paused", b"retired"))
    with pytest.raises(DamagedPartError, match="its checksum is another"):
        read_orders(storage)
    assert trouble_with_orders(storage) == (orders_path(2), "it cannot be read, and the orders for feeds stand in it")
    assert mend_orders(storage) == orders_path(2)
    assert (read_orders(storage).number, list(read_orders(storage).by_feed)) == (3, ["https://a.example/feed"])
    assert (mend_orders(storage), trouble_with_orders(storage)) == (None, None)


def test_where_no_file_can_be_read_nothing_stands(storage: Storage) -> None:
    storage.put(orders_path(5), b"{")
    assert mend_orders(storage) == orders_path(5)
    assert read_orders(storage) == Orders(6)


def test_a_forgotten_feed_stands_in_no_file_and_a_reason_that_names_it_goes_too(storage: Storage) -> None:
    for name, reason in (("a", None), ("b", "see https://a.example/about"), ("c", "spam")):
        pause(storage, name, reason)
    forget_orders(storage, Forgotten(domains=frozenset({"a.example"})))
    assert list(read_orders(storage).by_feed) == ["https://c.example/feed"]
    assert list(storage.list(ORDERS)) == [newest_orders(storage)]
    before = read_orders(storage)
    forget_orders(storage, Forgotten(domains=frozenset({"z.example"})))
    assert read_orders(storage) == before

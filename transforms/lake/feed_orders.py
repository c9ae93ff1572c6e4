"""Keeps an operator's orders for feeds: files of which the one with the highest number holds all that stand.

Orders are given without the lake's lock, also while a run or a stream works. A file is never changed: who gives orders
writes the next number, which the storage grants to only one of several (put-if-absent), with all that stood before. A
run reads the newest file when it begins. Whether an order to ask a feed was obeyed, the feed's cursor says, so that no
run writes here. The highest file is never deleted, so numbers never come again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Any, Final

from schemas.feed_order import FeedOrder, Hold, Order
from schemas.run import Run
from transforms.lake.files.layout import ORDERS, orders_number, orders_path
from transforms.lake.files.parts import checksum_of
from transforms.lake.files.storage import DamagedPartError, Storage
from transforms.web.forgotten import Forgotten

_KEPT: Final = timedelta(hours=1)
"""How long a file stays that others have followed: longer than anybody takes from reading it to writing the next."""
_TRIES: Final = 100


@dataclass(frozen=True, slots=True)
class Orders:
    """All orders that stand, by feed; `number` is that of their file, 0 if none was ever given."""

    number: int = 0
    by_feed: Mapping[str, FeedOrder] = field(default_factory=dict)


def orders_of(run: Run) -> Mapping[str, FeedOrder]:
    """The orders as a run found them, for any of its workers; read once in each."""
    return {} if run.state.orders is None else _of_file(run.output, run.state.orders)


@lru_cache(maxsize=4)
def _of_file(output: str, path: str) -> Mapping[str, FeedOrder]:
    return _read(Storage(output, must_exist=True), path)


def newest_orders(storage: Storage) -> str | None:
    """The path of the file of orders that counts now; None if none was ever given."""
    return max((path for path in storage.list(ORDERS) if orders_number(path) is not None), default=None)


def read_orders(storage: Storage) -> Orders:
    """The orders that stand now. Raises DamagedPartError if their file cannot be read."""
    while (path := newest_orders(storage)) is not None:
        try:
            return Orders(orders_number(path) or 0, _read(storage, path))
        except FileNotFoundError:  # a run has tidied up: there is a newer one
            continue
    return Orders()


def give_orders(storage: Storage, change: Callable[[Orders, int], Mapping[str, FeedOrder]], obeyed: int = 0) -> Orders:
    """The orders after `change` of those that stand, which also takes the number of the file that will hold them.

    `change` is called again if somebody else has given orders meanwhile. What it returns unchanged is not written. The
    number is higher than `obeyed`, the highest that a cursor has obeyed, also where the files of orders were lost.
    """
    for _ in range(_TRIES):
        before = read_orders(storage)
        number = max(before.number, obeyed) + 1
        after = Orders(number, dict(change(before, number)))
        if after.by_feed == before.by_feed:
            return before
        if storage.put_if_absent(orders_path(number), _as_json(after.by_feed)):
            return after
    raise TimeoutError(f"others give orders for the feeds of {storage.root} all the time; try again")


def tidy_orders(storage: Storage, read: str | None) -> None:
    """Delete files of orders that were followed long ago; `read` is what the run has read that tidies up."""
    if read is None:
        return
    found = {path: stat for path, stat in storage.stats(ORDERS).items() if orders_number(path) is not None}
    newest = max(found, default="")
    for path, stat in found.items():
        if path not in (newest, read) and found[newest].written_at - stat.written_at > _KEPT:
            storage.delete(path)


def forget_orders(storage: Storage, forgotten: Forgotten) -> None:
    """Take forgotten feeds out of the orders, and texts that name what was forgotten; call it under the lock.

    Older files are deleted at once where they may name it.
    """

    def without(before: Orders, _: int) -> dict[str, FeedOrder]:
        return {
            url: order
            for url, order in before.by_feed.items()
            if not forgotten.holds(url) and not forgotten.names_it(order.reason or "")
        }

    mend_orders(storage)
    before = read_orders(storage)
    if before.number and give_orders(storage, without).number != before.number:
        newest = newest_orders(storage)
        for path in list(storage.list(ORDERS)):
            if orders_number(path) is not None and path != newest:
                storage.delete(path)


def mend_orders(storage: Storage) -> str | None:
    """The path of the newest file of orders if it cannot be read: then the newest that can is written after it."""
    paths = sorted((path for path in storage.list(ORDERS) if orders_number(path) is not None), reverse=True)
    for place, path in enumerate(paths):
        try:
            orders = _read(storage, path)
        except (DamagedPartError, FileNotFoundError):
            continue
        if not place:
            return None
        storage.put_if_absent(orders_path((orders_number(paths[0]) or 0) + 1), _as_json(orders))
        return paths[0]
    if paths:
        storage.put_if_absent(orders_path((orders_number(paths[0]) or 0) + 1), _as_json({}))
        return paths[0]
    return None


def trouble_with_orders(storage: Storage) -> tuple[str, str] | None:
    """The path of the newest file of orders, and what is wrong with it; None if it can be read."""
    path = newest_orders(storage)
    try:
        if path is not None:
            _read(storage, path)
    except DamagedPartError:
        return str(path), "it cannot be read, and the orders for feeds stand in it"
    except FileNotFoundError:  # followed meanwhile
        pass
    return None


def _as_json(orders: Mapping[str, FeedOrder]) -> bytes:
    rows = [asdict(orders[url]) for url in sorted(orders)]
    return json.dumps({"orders": rows, "checksum": _checksum(rows)}, indent=1).encode() + b"\n"


def _checksum(rows: Any) -> str:
    return checksum_of(json.dumps(rows, sort_keys=True).encode())


def _read(storage: Storage, path: str) -> dict[str, FeedOrder]:
    """The orders in a file. Raises DamagedPartError, and FileNotFoundError if there is none."""
    try:
        noted = json.loads(storage.get(path))
        if _checksum(noted["orders"]) != noted["checksum"]:
            raise ValueError("its checksum is another")
        return {row["feed_url"]: _order(row) for row in noted["orders"]}
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise storage.damaged(path, str(error).partition("\n")[0]) from None


def _order(row: Mapping[str, Any]) -> FeedOrder:
    """An order read back; keys of later versions are ignored."""
    known = {name: row[name] for name in FeedOrder.__dataclass_fields__ if name in row}
    hold = None if row.get("hold") is None else Hold(row["hold"])
    return FeedOrder(**known | {"last": Order(row["last"]), "hold": hold})

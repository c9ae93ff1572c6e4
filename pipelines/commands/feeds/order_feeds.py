"""``newsbeam feeds pause``, ``resume``, ``retire``, ``revive`` and ``force``: orders for the feeds of a lake."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from pipelines.checks import CommandError, UsageError, nearest, read_input
from pipelines.commands.feeds.edit_feeds import read_list
from pipelines.given.config_choices import choices_of
from pipelines.given.lakes import lake_at, reading_lake, runs_of
from pipelines.given.times import now_of
from pipelines.printable import json_text, masked, minute
from schemas.feed import FeedCursor
from schemas.feed_order import FeedOrder, Order
from schemas.run import iso
from transforms.feeds.editing.edit_list import spellings
from transforms.feeds.scheduling.orders import OrderRefusedError, after_order
from transforms.lake.feed_orders import Orders, give_orders, read_orders
from transforms.lake.state import cursors_in
from transforms.web.urls import BadUrl, url_key

_DONE = {
    Order.PAUSE: "paused",
    Order.RESUME: "resumed",
    Order.RETIRE: "retired",
    Order.REVIVE: "revived",
    Order.FORCE: "forced",
}


def order_feeds(given: argparse.Namespace) -> int:
    """0 after the orders were given, 1 if one was refused; the others are given. Raises UsageError without a lake."""
    order, now_us = Order(given.feeds_command), round(now_of(given).timestamp() * 1_000_000)
    until_us = None
    if getattr(given, "until", None) is not None:
        until_us = round(given.until.timestamp() * 1_000_000)
        if until_us <= now_us:
            raise UsageError(f"--until {iso(until_us)} lies not after now: a pause ends later")
    listed = [] if given.feeds is None else [spec.url for spec in read_list(read_input(given.feeds), given.feeds)]
    choices, refused = choices_of(given)[0], dict[str, str]()
    with reading_lake():
        storage = lake_at(given.output)
        runs_of(storage, given.output)
        cursors = cursors_in(storage)
        known = _known(cursors, [*cursors, *listed, *read_orders(storage).by_feed])
        feeds: dict[str, str] = {}
        for url in dict.fromkeys(given.urls):
            try:
                feeds[url] = known[url_key(url if "://" in url else f"https://{url}")]
            except BadUrl as error:
                refused[url] = str(error)
            except KeyError:
                near = nearest(url, set(known.values()))
                refused[url] = "no feed of this lake" + (f"; did you mean {near}?" if near else "; name its list too")

        def change(before: Orders, number: int) -> Mapping[str, FeedOrder]:
            after = dict(before.by_feed)
            for url, feed in feeds.items():
                given_order = FeedOrder(feed, order, now_us, given.reason, until_us=until_us)
                is_gone = feed in cursors and cursors[feed].retired
                pause = bool(choices.of(feed).pause)
                try:
                    after[feed] = after_order(before.by_feed.get(feed), given_order, number, is_gone, pause)
                    refused.pop(url, None)
                except OrderRefusedError as error:
                    refused[url] = str(error)
            return after

        try:
            give_orders(storage, change, max((cursor.obeyed or 0 for cursor in cursors.values()), default=0))
        except TimeoutError as error:
            raise CommandError(str(error)) from None
    _show(given, order, feeds, refused, until_us)
    return 1 if refused else 0


def _known(cursors: Mapping[str, FeedCursor], urls: list[str]) -> dict[str, str]:
    """The feeds by the `url_key` of their address, and of the address that they have moved to."""
    moved = {cursor.moved_to: url for url, cursor in cursors.items() if cursor.moved_to is not None}
    return {key: moved[to] for key, to in spellings(moved).items()} | spellings(urls)


def _show(
    given: argparse.Namespace, order: Order, feeds: Mapping[str, str], refused: Mapping[str, str], until_us: int | None
) -> None:
    urls = list(dict.fromkeys(given.urls))
    if given.json:
        shown: list[dict[str, Any]] = [
            {
                "url": masked(url),
                "feed_url": feeds.get(url),
                "outcome": "refused" if url in refused else _DONE[order],
                "problem": masked(refused[url]) if url in refused else None,
            }
            for url in urls
        ]
        print(json_text({"output": given.output, "order": str(order), "urls": shown}))
        return
    for url in urls:
        if url in refused:
            print(f"refused  {masked(url)}: {masked(refused[url])}")
        else:
            until = f" until {minute(until_us)}" if until_us is not None else ""
            print(f"{_DONE[order]:8} {masked(feeds[url])}{until}")
    if order in (Order.REVIVE, Order.FORCE) and len(refused) < len(urls):
        print("To be asked at the next run, without conditions.")

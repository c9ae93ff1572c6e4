"""Keeps the subscriptions of a stream: one file for each address of callbacks, written whole each time.

Written without the lake's lock, as hubs answer. There is no secret in it (see `transforms.feeds.push.keys`), and a file
that is lost or cannot be read costs a request to each hub.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from dataclasses import asdict, fields
from hashlib import blake2b
from typing import Any, Final

from schemas.subscription import Subscription, SubscriptionState
from transforms.lake.files.layout import WEBSUB, is_subscriptions, subscriptions_path
from transforms.lake.files.storage import Storage
from transforms.web.forgotten import Forgotten

_KINDS: Final = {
    "feed_url": str, "hub_url": str, "topic_url": str, "key_id": str, "next_us": int, "failures": int,
    "is_pending": bool,
}  # fmt: skip
_LOG = logging.getLogger("newsbeam.stream")


def file_of(callback_base: str) -> str:
    """The path of the file of the subscriptions whose callbacks lie under this address."""
    return subscriptions_path(blake2b(callback_base.encode(), digest_size=8).hexdigest())


def read_subscriptions(storage: Storage, path: str) -> list[Subscription]:
    """The subscriptions in a file; none if it is not there, or cannot be read, which is logged."""
    try:
        return [_subscription(row) for row in json.loads(storage.get(path))["subscriptions"]]
    except FileNotFoundError:
        return []
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        why = str(error).partition("\n")[0]
        _LOG.warning("the subscriptions cannot be read; hubs are asked anew", extra={"path": path, "reason": why})
        return []


def write_subscriptions(storage: Storage, path: str, subscriptions: Iterable[Subscription]) -> None:
    """Write the subscriptions of a file."""
    rows = [asdict(one) for one in sorted(subscriptions, key=lambda one: one.urls)]
    storage.put(path, json.dumps({"subscriptions": rows}, indent=1).encode() + b"\n")


def told_until_us(storage: Storage, now_us: int) -> dict[str, int]:
    """Until when a hub tells of each feed's news, of the feeds of which one does at this instant, for any stream."""
    told = [one for path in _files(storage) for one in read_subscriptions(storage, path) if one.is_told(now_us)]
    return {one.feed_url: one.lease_until_us or 0 for one in sorted(told, key=lambda one: one.lease_until_us or 0)}


def forget_subscriptions(storage: Storage, forgotten: Forgotten) -> None:
    """Write files anew without subscriptions that name what was forgotten; those that cannot be read become empty."""
    for path in _files(storage):
        before = read_subscriptions(storage, path)
        after = [one for one in before if not forgotten.holds_any(one.urls)]
        if not before or len(after) < len(before):
            write_subscriptions(storage, path, after)


def _files(storage: Storage) -> list[str]:
    return [path for path in storage.list(WEBSUB) if is_subscriptions(path)]


def _subscription(row: dict[str, Any]) -> Subscription:
    """A subscription read back; keys of later versions are ignored."""
    known = {one.name: row[one.name] for one in fields(Subscription) if one.name in row}
    if any(type(known[name]) is not kind for name, kind in _KINDS.items()):
        raise ValueError("a value is of another type")
    if any(type(known.get(name)) not in (int, type(None)) for name in ("asked_at_us", "lease_until_us")):
        raise ValueError("a value is of another type")
    for text in (known[name] for name, kind in _KINDS.items() if kind is str):
        text.encode()  # a half of a surrogate pair, which JSON may hold, can be asked of no hub
    return Subscription(**known | {"state": SubscriptionState(row["state"])})

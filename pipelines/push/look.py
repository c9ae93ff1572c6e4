"""What a stream finds in its feed list and lake between runs, as far as subscriptions go by it."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.given.config_choices import choices_of
from pipelines.read_feeds import read_feeds
from schemas.feed import FeedCursor
from transforms.feeds.push.ask_hub import may_know
from transforms.feeds.push.wanted import Wanted, wanted_of
from transforms.lake.feed_orders import read_orders
from transforms.lake.files.storage import Storage
from transforms.lake.forget.record import forgotten_in
from transforms.lake.state import cursors_in
from transforms.web.forgotten import Forgotten
from transforms.web.urls import host_of


@dataclass(frozen=True, slots=True)
class Looked:
    """The cursors of all feeds, what to subscribe to, and what is forgotten."""

    cursors: Mapping[str, FeedCursor]
    wanted: Wanted
    forgotten: Forgotten


def look(given: argparse.Namespace, storage: Storage, now_us: int) -> Looked:
    """Look at the lake after a run. Feeds whose host is shown credentials count as behind credentials themselves.

    Raises UsageError if the feed list cannot be read now, DamagedPartError and StorageError for the lake.
    """
    choices, hosts = choices_of(given)
    specs = [spec for spec in read_feeds(given.feeds, choices) if hosts.of(host_of(spec.url)).credentials is None]
    cursors, forgotten = cursors_in(storage), forgotten_in(storage)
    wanted = wanted_of(specs, cursors, read_orders(storage).by_feed, forgotten, now_us, may_know)
    return Looked(cursors, wanted, forgotten)

"""Which columns of each table name an address, and what becomes of a row that names a forgotten one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from schemas.article import ARTICLES
from schemas.failure import FAILURES
from schemas.feed import FEED_CURSORS, FEED_POLLS, PENDING
from schemas.fingerprint import FINGERPRINTS
from schemas.host import HOSTS
from schemas.page import PAGES
from schemas.revisit import REVISITS
from schemas.site import SITES
from schemas.state import SEEN
from schemas.story import STORIES
from schemas.table import Table


@dataclass(frozen=True, slots=True)
class Naming:
    """The columns of a table that name an address.

    A row goes if one of its `urls` is forgotten, by itself or by its domain, one of its `hosts`, one of its `keys`
    (hashes of addresses, of which `article_id` is one), or one of `urls_by_key` by itself. Of the rows that stay,
    `mentions` of a forgotten address are emptied, and so are sentences in `texts` that contain one. `articles` are ids
    of other articles, which are renamed.
    """

    urls: tuple[str, ...] = ()
    urls_by_key: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()

    def columns(self, table: Table[Any]) -> list[str]:
        """All these columns, in the table's order."""
        named = {*self.urls, *self.urls_by_key, *self.hosts, *self.keys, *self.mentions, *self.texts, *self.articles}
        return [name for name in table.schema.names if name in named]


NAMING: Final[Mapping[str, Naming]] = {
    PAGES.name: Naming(urls=("url", "final_url"), keys=("url_key",), mentions=("feed_url", "entry_id")),
    ARTICLES.name: Naming(
        urls=("canonical_url",),
        urls_by_key=("url",),  # by its domain alone the article of another publisher stays: an aggregator led to it
        hosts=("publisher_domain",),
        keys=("article_id",),
        mentions=("url", "feed_url", "entry_id"),
        articles=("cluster_id", "duplicate_of", "story_id"),
    ),
    FAILURES.name: Naming(
        urls=("input",), hosts=("host",), keys=("url_key",), mentions=("feed_url",), texts=("message",)
    ),
    FEED_POLLS.name: Naming(urls=("feed_url",), mentions=("final_url", "moved_to"), texts=("message",)),
    FEED_CURSORS.name: Naming(
        urls=("feed_url",), mentions=("validator_url", "moving_to", "moved_to", "hub_url", "topic_url")
    ),
    HOSTS.name: Naming(hosts=("host",)),
    PENDING.name: Naming(urls=("url",), keys=("url_key",), mentions=("feed_url", "entry_id")),
    SEEN.name: Naming(keys=("url_key",)),
    FINGERPRINTS.name: Naming(
        urls=("canonical_url",), hosts=("publisher_domain",), keys=("article_id",), articles=("cluster_id",)
    ),
    STORIES.name: Naming(keys=("article_id",), articles=("story_id",)),
    SITES.name: Naming(hosts=("site",)),
    REVISITS.name: Naming(hosts=("publisher_domain",), keys=("article_id", "url_key"), mentions=("validator_url",)),
}
"""The columns by table. Bodies, texts and headers are their article's own, also where they link to a forgotten one."""

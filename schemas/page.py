"""The `pages` table: pages as fetched, from which articles can be built again without the network."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

import pyarrow as pa

from schemas.table import INSTANT, TEXTS, Table, day_of


class Header(NamedTuple):
    """One response header that later steps need, its name in lower case."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Page:
    """The bytes of a page as fetched, facts of its response, and what its feed entry said.

    `body` is decoded from its transfer and content encodings but not from its charset; `charset` is the label of
    the Content-Type header as sent. The `entry_…` columns are from the feed; `entry_content_html` is the full content
    if the feed carries it.
    """

    url: str
    url_key: str
    final_url: str
    status: int
    content_type: str | None
    charset: str | None
    headers: tuple[Header, ...]
    body: bytes
    fetched_at_us: int
    run_id: str
    feed_url: str
    feed_title: str | None
    entry_id: str
    entry_title: str | None
    entry_summary: str | None
    entry_content_html: str | None
    entry_authors: tuple[str, ...]
    entry_keywords: tuple[str, ...]
    entry_language: str | None
    entry_image_url: str | None
    entry_published_us: int | None
    entry_updated_us: int | None
    elapsed_ms: int | None = None

    @property
    def page_id(self) -> str:
        """Hex blake2b-128 of the entry's key and the instant of the fetch, which make this fetch unique."""
        return page_id_of(self.url_key, self.fetched_at_us)


def page_id_of(url_key: str, fetched_at_us: int) -> str:
    """The `page_id` of an entry's page that was fetched at an instant."""
    return hashlib.blake2b(f"{url_key} {fetched_at_us}".encode(), digest_size=16).hexdigest()


PAGES = Table(
    name="pages",
    version=1,
    row=Page,
    schema=pa.schema(
        [
            pa.field("url", pa.string(), nullable=False),
            pa.field("url_key", pa.string(), nullable=False),
            pa.field("final_url", pa.string(), nullable=False),
            pa.field("status", pa.int32(), nullable=False),
            pa.field("content_type", pa.string()),
            pa.field("charset", pa.string()),
            pa.field("headers", pa.list_(pa.struct([("name", pa.string()), ("value", pa.string())]))),
            pa.field("body", pa.binary(), nullable=False),
            pa.field("fetched_at", INSTANT, nullable=False),
            pa.field("run_id", pa.string(), nullable=False),
            pa.field("feed_url", pa.string(), nullable=False),
            pa.field("feed_title", pa.string()),
            pa.field("entry_id", pa.string(), nullable=False),
            pa.field("entry_title", pa.string()),
            pa.field("entry_summary", pa.string()),
            pa.field("entry_content_html", pa.string()),
            pa.field("entry_authors", TEXTS),
            pa.field("entry_keywords", TEXTS),
            pa.field("entry_language", pa.string()),
            pa.field("entry_image_url", pa.string()),
            pa.field("entry_published", INSTANT),
            pa.field("entry_updated", INSTANT),
            pa.field("elapsed_ms", pa.int64()),
        ]
    ),
    partition="fetch_date",
    partition_of=lambda page: day_of(page.fetched_at_us),
    sort_by=("url_key",),
    row_group_rows=64,
    long=("body", "entry_content_html"),
    structs={"headers": Header},
)

"""The `pages` table: pages as fetched, from which articles can be built again without the network."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

from schemas.columns import InstantUs, Int32, Int64, Long
from schemas.table import Table, day_of


class Header(NamedTuple):
    """One header of an answer."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Page:
    """The bytes of a page as fetched, facts of its response, and what its feed entry said (`entry_…`)."""

    url: str
    """The address asked for, as the feed names it, made absolute."""
    url_key: str
    """Hex blake2b-128 of the normalised `url`: the identity of an entry across feeds."""
    final_url: str
    """The address that answered, after redirects."""
    status: Int32
    """HTTP status; 200 for every stored page."""
    content_type: str | None
    """Media type of the Content-Type header, lower case, without parameters."""
    charset: str | None
    """Charset parameter of that header, as sent."""
    headers: tuple[Header, ...]
    """Kept headers, names in lower case: content-type, content-language, date, last-modified, etag, link, x-robots-tag,
    tdm-reservation, tdm-policy, content-usage (from version 3 of the table on)."""
    body: Long[bytes]
    """The bytes, free of transfer and content encodings, not decoded from their charset. Empty where the page is kept
    by reference, in `warc_file`."""
    fetched_at_us: InstantUs
    """When the answer was there."""
    run_id: str
    """The run that fetched it; it keeps that name when a later run takes the page over."""
    feed_url: str
    """The feed whose entry led here, as the feed list names it; empty for a page of an archive that no feed is known to
    have listed."""
    feed_title: str | None
    """Title from the settings file or the feed list, else the feed's own."""
    entry_id: str
    """The entry's id, else its link, else a hash of what it says; the page's address where there is no feed."""
    entry_title: str | None
    """The entry's title as plain text."""
    entry_summary: str | None
    """The entry's summary as plain text."""
    entry_content_html: Long[str | None]
    """Full content where the feed carries it; plain text (JSON Feed's `content_text`) as paragraphs of HTML."""
    entry_authors: tuple[str, ...]
    """Authors that the entry names."""
    entry_keywords: tuple[str, ...]
    """Categories or tags of the entry."""
    entry_language: str | None
    """Language of the entry, else of the feed, else of the settings file or feed list."""
    entry_image_url: str | None
    """Picture of the entry."""
    entry_published_us: InstantUs | None
    """The entry's date, unless before 1995 or more than two days ahead."""
    entry_updated_us: InstantUs | None
    """Its update date, by the same rule; null where the feed stamps all its entries with one."""
    elapsed_ms: Int64 | None = None
    """Time on the network, waits for politeness left out."""
    ip_address: str | None = None
    """The address that the answer came from; null where a proxy stood between, or none is known."""
    status_line: str | None = None
    """The first line of the answer that `final_url` gave, as sent, like ``HTTP/1.1 200 OK``."""
    response_headers: tuple[Header, ...] = ()
    """All headers of that answer in their order, names and values as sent: bytes as latin-1 text, which keeps each of
    them. They describe the bytes as sent, which may have been compressed; `body` is not."""
    warc_file: str | None = None
    """The WARC file that the page was read from; where `body` is empty, it holds the bytes."""
    warc_offset: Int64 | None = None
    """Where the page's record, or its compressed member, begins in that file, in bytes."""
    warc_length: Int64 | None = None
    """How many bytes of the file it takes."""
    entry_usage: tuple[str, ...] = ()
    """What the feed states of the entry's use, in the forms of [usage directives](#usage-directives)."""
    robots_usage: tuple[str, ...] | None = None
    """What robots.txt of the host that answered stated of the use of `final_url` when the page was fetched, in the same
    forms; empty where it states nothing or there is none. Null where it is not known: pages of archives, and rows
    written before version 3 of the table."""
    feed_country: str | None = None
    """Country of the feed, by the settings file or the feed list, as two capital letters."""
    feed_tags: tuple[str, ...] = ()
    """Tags that the settings file gave the feed when the page was fetched."""

    @property
    def page_id(self) -> str:
        """Hex blake2b-128 of the entry's key and the instant of the fetch, which make this fetch unique."""
        return page_id_of(self.url_key, self.fetched_at_us)


def page_id_of(url_key: str, fetched_at_us: int) -> str:
    """The `page_id` of an entry's page that was fetched at an instant."""
    return hashlib.blake2b(f"{url_key} {fetched_at_us}".encode(), digest_size=16).hexdigest()


class LostPage(NamedTuple):
    """A stored page whose bytes cannot be read any more, and why."""

    page: Page
    why: str


PAGES = Table(
    name="pages",
    version=4,
    row=Page,
    partition="fetch_date",
    partition_of=lambda page: day_of(page.fetched_at_us),
    sort_by=("url_key",),
    row_group_rows=64,
)

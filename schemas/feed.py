"""Feeds, their entries, the polls of a feed, and what is remembered between polls."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from schemas.columns import InstantUs, Int32, Int64, Long
from schemas.credentials import Credentials
from schemas.table import Table, day_of


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """A feed to poll, as the user's feed list names it. `folders` are the names of its folders, outermost first.

    The settings file may add the rest, and replace title, language and country: `tags`, the least time between two
    polls, whether it is polled gently or paused, and what its own server is to be shown. `is_pushed`: its hub has said
    that there is news.
    """

    url: str
    title: str | None = None
    language: str | None = None
    country: str | None = None
    folders: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    interval_s: int | None = None
    is_paused: bool = False
    credentials: Credentials | None = None
    polls_gently: bool | None = None
    is_pushed: bool = False


class Origin(StrEnum):
    """Where a run has an entry from."""

    LISTED = "listed"
    PENDING = "pending"


class PollOutcome(StrEnum):
    """How the poll of a feed ended. OFFLINE: our own network was down; of those from NOT_DUE on, nothing was asked or
    not all. FORGOTTEN: the feed's own address was forgotten; PAUSED: an operator or the settings file has paused it."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    FAILED = "failed"
    OFFLINE = "offline"
    NOT_DUE = "not_due"
    RETIRED = "retired"
    DEFERRED = "deferred"
    FORGOTTEN = "forgotten"
    PAUSED = "paused"


SAID = (
    "title", "summary", "content_html", "authors", "keywords", "language", "image_url", "published_us", "updated_us",
    "usage",
)  # fmt: skip
"""What a feed says of an entry: the attributes that a raw entry, a `FeedEntry` and, with ``entry_``, a `Page` share."""

OF_FEED = ("feed_url", "feed_title", "feed_country", "feed_tags")
"""What is known of the feed of an entry: the attributes that a `FeedEntry` and a `Page` share."""

ANSWERED = frozenset({PollOutcome.OK, PollOutcome.NOT_MODIFIED})
"""Outcomes of polls that read the feed, or heard that it is as it was."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of a feed, which names a page at `url`."""

    feed_url: str
    """The feed that lists the entry, as the feed list names it."""
    entry_id: str
    """The entry's id, else its link, else a hash of what it says."""
    url: str
    """The address of its page, as the feed names it, made absolute."""
    url_key: str
    """Hex blake2b-128 of the normalised `url`: the identity of an entry across feeds."""
    feed_title: str | None = None
    """Title from the settings file or the feed list, else the feed's own."""
    title: str | None = None
    """The entry's title as plain text."""
    summary: str | None = None
    """The entry's summary as plain text."""
    content_html: Long[str | None] = None
    """Full content where the feed carries it; plain text (JSON Feed's `content_text`) as paragraphs of HTML."""
    authors: tuple[str, ...] = ()
    """Authors that the entry names."""
    keywords: tuple[str, ...] = ()
    """Categories or tags of the entry."""
    language: str | None = None
    """Language of the entry, else of the feed, else of the settings file or feed list."""
    image_url: str | None = None
    """Picture of the entry."""
    published_us: InstantUs | None = None
    """The entry's date, unless before 1995 or more than two days ahead."""
    updated_us: InstantUs | None = None
    """Its update date, by the same rule; null where the feed stamps all its entries with one."""
    attempts: Int32 = 0
    """How many fetches failed so far for a passing reason."""
    origin: str = Origin.LISTED
    """`listed`: from a poll in this run; `pending`: left over by earlier runs."""
    waiting_since_us: InstantUs | None = None
    """When the first of these runs left it over."""
    usage: tuple[str, ...] = ()
    """What the feed states of the entry's use, in the forms of [usage directives](#usage-directives)."""
    feed_country: str | None = None
    """Country of the feed, by the settings file or the feed list, as two capital letters."""
    feed_tags: tuple[str, ...] = ()
    """Tags that the settings file gives the feed."""

    @property
    def turn(self) -> tuple[bool, int, int, str]:
        """The sort key of fetching: pending entries first, longest waiting before others, then the newest listed.

        `url_key` breaks ties, so the order does not depend on the order of arrival.
        """
        is_pending = self.origin == Origin.PENDING
        waiting_since_us = (self.waiting_since_us or 0) if is_pending else 0
        return not is_pending, waiting_since_us, -(self.published_us or 0), self.url_key

    @property
    def content_bytes(self) -> int:
        """The entry's approximate size: the length of the full text from its feed; 0 without one."""
        return len(self.content_html or "")


@dataclass(frozen=True, slots=True)
class FeedPoll:
    """One poll of one feed. What was not asked at all (`PollOutcome`) is counted and no row.

    A deferred poll may have made its first request (an index of sitemaps) and stopped before the next.
    """

    feed_url: str
    """The feed, as the feed list names it."""
    final_url: str | None
    """The address that answered."""
    outcome: str
    """How it ended: a closed list, see below."""
    polled_at_us: InstantUs
    """When."""
    run_id: str
    """The run."""
    status: Int32 | None = None
    """HTTP status."""
    format: str | None = None
    """`rss20`, `rss10`, `rss092`, `atom10` … (feedparser's names), `json1`, `json11`, `sitemap` or `sitemapindex`."""
    title: str | None = None
    """The feed's own title."""
    etag: str | None = None
    """ETag of the answer."""
    last_modified: str | None = None
    """Last-Modified of the answer."""
    entries: Int32 = 0
    """Entries listed, usable or not."""
    new_entries: Int32 = 0
    """Those to be fetched."""
    next_poll_at_us: InstantUs | None = None
    """When the feed is due again, in the run nearest to it; null for a retired one."""
    error_count: Int32 = 0
    """Failures in a row."""
    reason: str | None = None
    """Why it failed, see [reasons](#reasons)."""
    message: str | None = None
    """The same for people, or why it was deferred."""
    body_bytes: Int64 = 0
    """Size of the body."""
    elapsed_ms: Int64 = 0
    """Time on the network."""
    moved_to: str | None = None
    """The address asked in place of `feed_url`, after three answers in a row came from there by permanent redirects."""
    conditional: bool | None = None
    """Whether validators were sent; null where nothing was asked."""
    distrusted: bool = False
    """The feed's validators were found to lie; it is polled without them."""

    @property
    def was_asked(self) -> bool:
        """Whether a request was made."""
        return self.outcome in (*ANSWERED, PollOutcome.FAILED, PollOutcome.OFFLINE) or self.status is not None


@dataclass(frozen=True, slots=True)
class FeedCursor:
    """What is remembered of a feed between polls."""

    feed_url: str
    """The feed, as the feed list names it."""
    validator_url: str | None = None
    """The address that sent `etag` and `last_modified`; they go back to no other."""
    etag: str | None = None
    """ETag of the answer: the bytes the server sent, as latin-1 text."""
    last_modified: str | None = None
    """Last-Modified of the answer, likewise."""
    last_polled_at_us: InstantUs | None = None
    """The last poll."""
    last_success_at_us: InstantUs | None = None
    """The last poll that read the feed, or heard that it is as it was."""
    next_poll_at_us: InstantUs | None = None
    """When the feed is due again."""
    error_count: Int32 = 0
    """Failures in a row."""
    retired: bool = False
    """It answered 410 and is not polled again."""
    unchanged_in_a_row: Int32 = 0
    """Answers of 304 since the feed was last read."""
    last_read_at_us: InstantUs | None = None
    """When it was last read."""
    suspected: bool = False
    """It showed news to a request without conditions after a row of 304s."""
    distrusted: bool = False
    """It was proven to answer 304 although it had changed."""
    fresh_s: Int32 | None = None
    """How long the server calls its answer fresh."""
    ttl_s: Int32 | None = None
    """How long the feed asks to be left alone."""
    skip_hours: Int32 = 0
    """Hours in which the feed asks for no polls, a bit each: 0 to 23 of UTC."""
    skip_days: Int32 = 0
    """Days likewise: Monday 0 to Sunday 6."""
    listing: bytes | None = None
    """What the feed last listed, as `transforms.feeds.scheduling.listing` writes it."""
    last_news_at_us: InstantUs | None = None
    """The last poll that brought news, or the first reading."""
    news_gap_s: Int32 | None = None
    """Moving mean of the time between polls that brought news."""
    moving_to: str | None = None
    """The address that the last `moving_count` answers came from, by permanent redirects."""
    moving_count: Int32 = 0
    """How many answers in a row came from there."""
    moved_to: str | None = None
    """The address that is asked in place of `feed_url`."""
    asked_until_us: InstantUs | None = None
    """The end of a pause that the server asked for by Retry-After."""
    obeyed: Int64 | None = None
    """The number of the last order to ask the feed that a poll has obeyed."""
    hub_url: str | None = None
    """The hub that tells of the feed's news (WebSub), as the feed or its server names it."""
    topic_url: str | None = None
    """The address by which that hub knows the feed."""


PENDING = Table(name="pending", version=4, row=FeedEntry, sort_by=("url_key",))

FEED_POLLS = Table(
    name="feed_polls",
    version=1,
    row=FeedPoll,
    partition="poll_date",
    partition_of=lambda poll: day_of(poll.polled_at_us),
    sort_by=("polled_at", "feed_url"),
)

FEED_CURSORS = Table(name="feed_cursors", version=4, row=FeedCursor, sort_by=("feed_url",))

"""Makes entries from raw entries: gives them an identity, absolute links and believable dates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b
from typing import NamedTuple

from schemas.feed import SAID, FeedEntry, FeedSpec
from transforms.common.clock import DAY_US, HOUR_US
from transforms.feeds.parsing.parsed import ParsedFeed, RawEntry
from transforms.web.urls import BadUrl, resolve, url_key

EARLIEST_US = 788_918_400_000_000
"""1995-01-01: no newspaper's web page is older; earlier dates come from empty fields and reset clocks."""

FUTURE_US = 2 * DAY_US
"""How far ahead a date may lie: time zones left out cost up to a day, an embargo another."""

_STAMP_US = 60_000_000
"""Update dates that lie within a minute are one: a program writes the last entry a moment after the first."""
_MANY = 3

MAX_ID_CHARS = 1_000


class EntryProblem(NamedTuple):
    """An entry without a page to fetch: its name in the feed, and why there is no page."""

    input: str
    message: str


class EntriesRead(NamedTuple):
    """All entries of a feed, in the feed's order; each is in one of the two lists."""

    entries: tuple[FeedEntry, ...]
    problems: tuple[EntryProblem, ...]


def entries_of(parsed: ParsedFeed, spec: FeedSpec, now_us: int) -> EntriesRead:
    """The entries of `parsed`, split into those with a page to fetch and those without.

    An entry's id is the feed's own id, else the link, else a hash of title and content. An id that the feed gives to
    several pages is not used. Dates before 1995 or more than two days after `now_us` are dropped, and so are update
    dates that a feed stamps on all its entries alike. The language is the entry's own, else the feed's, else the one in
    the feed list.
    """
    entries, problems = [], []
    usable = []
    for raw in parsed.entries:
        try:
            if not raw.link:
                raise BadUrl("the entry has no link")
            url = resolve(parsed.base_url, raw.link)
            usable.append((raw, url, url_key(url)))
        except BadUrl as error:
            problems.append(EntryProblem(_name_of(raw), str(error)))
    shared = _shared_ids((raw.id, key) for raw, _, key in usable)
    for raw, url, key in usable:
        said = {name: getattr(raw, name) for name in SAID} | {
            "language": raw.language or parsed.language or spec.language,
            "image_url": _absolute(parsed.base_url, raw.image_url),
            "published_us": _believable(raw.published_us, now_us),
            "updated_us": _believable(raw.updated_us, now_us),
            "feed_country": _country(spec.country),
            "feed_tags": spec.tags,
        }
        identity = _identity(replace(raw, id=None) if raw.id in shared else raw)
        entries.append(FeedEntry(spec.url, identity, url, key, spec.title or parsed.title, **said))
    if _are_stamped(entries, now_us):
        entries = [replace(entry, updated_us=None) for entry in entries]
    return EntriesRead(tuple(entries), tuple(problems))


def _country(given: str | None) -> str | None:
    """A feed list's country, if it is the code of one: a list may hold any text."""
    code = (given or "").strip().upper()
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None


def _are_stamped(entries: list[FeedEntry], now_us: int) -> bool:
    """Whether the update dates are the feed's and not its entries': all entries have the same one.

    Two entries may have been edited together, so for two the date must also lie within the hour before the poll.
    """
    updates = [entry.updated_us for entry in entries if entry.updated_us is not None]
    if len(updates) < max(2, len(entries)) or max(updates) - min(updates) > _STAMP_US:
        return False
    return len(updates) >= _MANY or now_us - max(updates) < HOUR_US


def _shared_ids(pairs: Iterable[tuple[str | None, str]]) -> set[str]:
    """The ids that name more than one page; two spellings of one address are one page."""
    pages: defaultdict[str, set[str]] = defaultdict(set)
    for identity, key in pairs:
        if identity:
            pages[identity].add(key)
    return {identity for identity, keys in pages.items() if len(keys) > 1}


def _identity(raw: RawEntry) -> str:
    identity = raw.id or raw.link
    if identity and len(identity) <= MAX_ID_CHARS:
        return identity
    text = identity or f"{raw.title}\n{raw.summary}\n{raw.content_html}"
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _name_of(raw: RawEntry) -> str:
    return (raw.link or raw.id or raw.title or _identity(raw))[:500]


def _absolute(base_url: str, link: str | None) -> str | None:
    try:
        return resolve(base_url, link) if link else None
    except BadUrl:
        return None


def _believable(instant_us: int | None, now_us: int) -> int | None:
    return instant_us if instant_us is not None and EARLIEST_US <= instant_us <= now_us + FUTURE_US else None

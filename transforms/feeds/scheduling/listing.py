"""Makes a small sample of the entries that a feed lists, and finds news by comparing two samples."""

from __future__ import annotations

from collections.abc import Iterable

MAX_LISTED = 500
"""The most entries remembered of a feed (2 KB); of longer lists, such as sitemaps, a fair sample."""

_BYTES = 4


def listing_of(url_keys: Iterable[str]) -> bytes:
    """The first four bytes of each entry's key, sorted; of more than MAX_LISTED entries only the lowest.

    Keys are hashes, so the lowest keys are a fair sample, and each reading of the same list draws the same sample.
    """
    return b"".join(sorted({bytes.fromhex(key[: 2 * _BYTES]) for key in url_keys})[:MAX_LISTED])


def has_news(before: bytes, now: bytes) -> bool:
    """Whether `now` lists an entry that `before` did not. Entries that are gone, or in another order, are no news."""
    known, listed = _entries(before), _entries(now)
    # A full sample says nothing about entries above its highest.
    highest = max(known) if len(known) == MAX_LISTED else None
    return any(entry not in known and (highest is None or entry < highest) for entry in listed)


def lists(listing: bytes, url_key: str) -> bool:
    """Whether a sample names an entry. That it does not means little where the feed listed more than MAX_LISTED."""
    entry = bytes.fromhex(url_key[: 2 * _BYTES])
    return entry in listing and entry in _entries(listing)


def _entries(listing: bytes) -> set[bytes]:
    return {listing[start : start + _BYTES] for start in range(0, len(listing), _BYTES)}

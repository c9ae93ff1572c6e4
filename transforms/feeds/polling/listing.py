"""What a feed listed, small enough to remember: a sample of its entries by which news is told from the known."""

from __future__ import annotations

from collections.abc import Iterable

MAX_LISTED = 500
"""Entries remembered a feed, 2 KB; of longer lists (sitemaps) a fair sample."""

_BYTES = 4


def listing_of(url_keys: Iterable[str]) -> bytes:
    """The first four bytes of each entry's key, sorted; of more than MAX_LISTED the lowest.

    Keys are hashes, so the lowest are a sample that does not depend on order, and every reading draws the same.
    """
    return b"".join(sorted({bytes.fromhex(key[: 2 * _BYTES]) for key in url_keys})[:MAX_LISTED])


def has_news(before: bytes, now: bytes) -> bool:
    """Whether `now` lists an entry that `before` did not. Entries that are gone, or moved about, are no news."""
    known, listed = _entries(before), _entries(now)
    # A full sample says nothing of what lies above its highest entry.
    highest = max(known) if len(known) == MAX_LISTED else None
    return any(entry not in known and (highest is None or entry < highest) for entry in listed)


def _entries(listing: bytes) -> set[bytes]:
    return {listing[start : start + _BYTES] for start in range(0, len(listing), _BYTES)}

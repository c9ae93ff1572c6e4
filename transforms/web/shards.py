"""Which shard of a run a host, an entry or a feed belongs to. Pure."""

from __future__ import annotations

from hashlib import blake2b

from schemas.feed import FeedEntry
from transforms.web.urls import BadUrl, domain_of_host, host_of


def shard_key(run_id: str, shard: int) -> str:
    """The key under which the work of one shard of a run comes together: ``20260302T080000.000000Z/00003``."""
    return f"{run_id}/{shard:05d}"


def shard_name(key: str) -> str:
    """The shard's part of a `shard_key`, ``00003``."""
    return key.rpartition("/")[2]


def shard_of_host(host: str, shards: int) -> int:
    """All hosts of a registrable domain go together: one that says 429 speaks for the others."""
    return _shard(domain_of_host(host).encode("utf-8", "replace"), shards)


def shard_of_url(url: str, shards: int) -> int:
    """The shard of an address's host; an address that cannot be read has none and may go anywhere."""
    try:
        return shard_of_host(host_of(url), shards)
    except BadUrl:
        return _shard(url.encode("utf-8", "replace"), shards)


def shard_of_page(entry: FeedEntry, shards: int) -> int:
    """All entries that name the same page go together, whatever feeds list it."""
    return _shard(entry.url_key.encode(), shards)


def _shard(value: bytes, shards: int) -> int:
    return int.from_bytes(blake2b(value, digest_size=8).digest()) % shards

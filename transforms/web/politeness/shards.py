"""Assigns hosts, addresses and entries to the shards of a run. Pure."""

from __future__ import annotations

from hashlib import blake2b

from schemas.feed import FeedEntry
from transforms.web.urls import BadUrl, domain_of_host, host_of


def shard_key(run_id: str, shard: int) -> str:
    """The key by which the work of one shard of a run is grouped: ``20260302T080000.000000Z/00003``."""
    return f"{run_id}/{shard:05d}"


def shard_name(key: str) -> str:
    """The shard in a `shard_key`: ``00003``."""
    return key.rpartition("/")[2]


def shard_of_host(host: str, shards: int) -> int:
    """The shard of a host. All hosts of a registrable domain are in one shard, because a 429 applies to all of them."""
    return _shard(domain_of_host(host).encode("utf-8", "replace"), shards)


def shard_of_url(url: str, shards: int) -> int:
    """The shard of an address's host; an address that cannot be read gets a shard by its own text."""
    try:
        return shard_of_host(host_of(url), shards)
    except BadUrl:
        return _shard(url.encode("utf-8", "replace"), shards)


def shard_of_page(entry: FeedEntry, shards: int) -> int:
    """The shard of an entry. All entries that name the same page are in one shard, whichever feeds list it."""
    return _shard(entry.url_key.encode(), shards)


def _shard(value: bytes, shards: int) -> int:
    return int.from_bytes(blake2b(value, digest_size=8).digest()) % shards

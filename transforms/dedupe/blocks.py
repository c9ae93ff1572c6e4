"""Records between steps: many in one element, by shards."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any


def shard_of(article_id: str, shards: int) -> int:
    """An article's shard, the same in every process."""
    return zlib.crc32(article_id.encode()) % shards


def packed(records: Sequence[Any]) -> bytes:
    """Records as one element. Bytes are cheap for Beam, which would encode objects again for each of its metrics."""
    return pickle.dumps(records, pickle.HIGHEST_PROTOCOL)


def unpacked(blocks: Iterable[bytes]) -> Iterator[Any]:
    """The records of blocks that `packed` made in this run."""
    for block in blocks:
        yield from pickle.loads(block)  # noqa: S301  our own bytes

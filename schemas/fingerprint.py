"""The hashes that are kept of an article to recognise its copies and its next revision; no text is kept."""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter

import pyarrow as pa

from schemas.table import INSTANT, Table


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The hashes by which one article's text is compared with others.

    - `page_id` is that of the article's page in the run that made the fingerprint.
    - `partition` is the article's `published_date`.
    - `word_count` counts normalised words; in scripts without spaces each character is a word.
    - `shingles`: the upper 32 bits of the hash of each distinct shingle, little-endian uint32, in the order of first
      occurrence. The lowest bit says whether the shingle begins with a figure, the next bit whether it begins with a
      character of a script without spaces.
    - `keys`: the few whole hashes by which candidates are found, little-endian uint64, sorted.
    - `revision` and `cluster_id` are set by `MarkCopies`; `cluster_id` is None until then.
    - `page_hash`: the content hash before the site's furniture was removed, None if none was removed.
    - `listed`: one bit for each shingle, the first in the highest bit of the first byte: whether the shingle begins in
      a list. None if the text has no list.
    """

    page_id: str
    article_id: str
    canonical_url: str
    publisher_domain: str
    fetched_at_us: int
    partition: str
    content_hash: str
    word_count: int
    keys: bytes
    shingles: bytes
    published_us: int | None = None
    revision: int = 1
    cluster_id: str | None = None
    page_hash: str | None = None
    listed: bytes | None = None

    def __reduce__(self) -> tuple[type[Fingerprint], tuple[object, ...]]:
        """Pickle as a call of the class: fingerprints are pickled often, and the default costs ten times as much."""
        return Fingerprint, _values(self)


_values = attrgetter(*(field.name for field in fields(Fingerprint)))

FINGERPRINTS = Table(
    name="fingerprints",
    version=3,
    row=Fingerprint,
    schema=pa.schema(
        [
            pa.field("page_id", pa.string(), nullable=False),
            pa.field("article_id", pa.string(), nullable=False),
            pa.field("canonical_url", pa.string(), nullable=False),
            pa.field("publisher_domain", pa.string(), nullable=False),
            pa.field("published", INSTANT),
            pa.field("fetched_at", INSTANT, nullable=False),
            pa.field("partition", pa.string(), nullable=False),
            pa.field("content_hash", pa.string(), nullable=False),
            pa.field("revision", pa.int32(), nullable=False),
            pa.field("cluster_id", pa.string()),
            pa.field("word_count", pa.int32(), nullable=False),
            pa.field("keys", pa.binary(), nullable=False),
            pa.field("shingles", pa.binary(), nullable=False),
            pa.field("page_hash", pa.string()),
            pa.field("listed", pa.binary()),
        ]
    ),
    partition=None,
    sort_by=("article_id", "revision"),
    bloom="article_id",
    row_group_rows=500,  # about 2 MB: looking up one article reads one row group
    long=("keys", "shingles"),
)

"""The hashes that are kept of an article to recognise its copies and its next revision; no text is kept."""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter

from schemas.columns import Bloom, InstantUs, Int32, Long
from schemas.table import Table


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The hashes by which one article's text is compared with others."""

    page_id: str
    """That of the article's page, in the run that made the fingerprint."""
    article_id: Bloom[str]
    """The article, as in `articles`."""
    canonical_url: str
    """Its address, as in `articles`."""
    publisher_domain: str
    """Its publisher, as in `articles`."""
    published_us: InstantUs | None
    """Its `date_published`."""
    fetched_at_us: InstantUs
    """When the page was fetched."""
    partition: str
    """The article's `published_date`."""
    content_hash: str
    """Hash of the normalised words, as in `articles`."""
    revision: Int32
    """As in `articles`; set by `mark_copies`."""
    cluster_id: str | None
    """As in `articles`; null until `mark_copies` has set it."""
    word_count: Int32
    """Normalised words; in scripts without spaces each character is a word."""
    keys: Long[bytes]
    """The few whole hashes by which candidates are found: little-endian uint64, sorted."""
    shingles: Long[bytes]
    """The upper 32 bits of the hash of each distinct shingle, little-endian uint32, in the order of first occurrence.
    The lowest bit says whether the shingle begins with a figure, the next bit whether it begins with a character of a
    script without spaces."""
    page_hash: str | None = None
    """The content hash before the site's furniture was removed; null if none was removed."""
    listed: bytes | None = None
    """One bit for each shingle, the first in the highest bit of the first byte: whether the shingle begins in a list.
    Null if the text has no list."""
    withdrawn_at_us: InstantUs | None = None
    """As in `articles`; null in rows written before version 4 of the table."""

    def __reduce__(self) -> tuple[type[Fingerprint], tuple[object, ...]]:
        """Pickle as a call of the class: fingerprints are pickled often, and the default costs ten times as much."""
        return Fingerprint, _values(self)


_values = attrgetter(*(field.name for field in fields(Fingerprint)))

FINGERPRINTS = Table(
    name="fingerprints",
    version=4,
    row=Fingerprint,
    sort_by=("article_id", "revision"),
    row_group_rows=500,  # about 2 MB: looking up one article reads one row group
)

"""The block hashes that are kept of a site's pages to recognise its furniture; no text is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from schemas.columns import InstantUs, Long
from schemas.table import Table


@dataclass(frozen=True, slots=True)
class SitePage:
    """The blocks of one cleaned article: each line of its body that is not empty, in order."""

    page_id: str
    """The page."""
    article_id: str
    """Its article, as in `articles`."""
    site: str
    """The publisher's registrable domain."""
    blocks: bytes
    """Hashes of the normalised lines: little-endian uint64."""
    sizes: bytes
    """The lengths of the lines in characters: little-endian uint32."""
    stories: bytes
    """One byte a line: 1 if it reads as a paragraph."""
    publisher_name: str | None = None
    """The publisher's name, as the page states it."""

    def __reduce__(self) -> tuple[type[SitePage], tuple[object, ...]]:
        """Pickle as a call of the class, which costs a tenth of the default."""
        return SitePage, tuple(getattr(self, name) for name in self.__slots__)


class NameCount(NamedTuple):
    """A name of a site's publisher, and on how many pages it was found; older pages count less."""

    name: str
    pages: float


@dataclass(frozen=True, slots=True)
class SiteMemory:
    """On how many pages of a site each block, and each name of its publisher, was found; older pages count less."""

    site: str
    """The publisher's registrable domain."""
    pages: float
    """The number of the site's pages; older pages count less."""
    blocks: Long[bytes]
    """Hashes of the blocks: little-endian uint64, sorted. A page's own id is one of them."""
    counts: Long[bytes]
    """On how many pages each block was found, where older pages count less too: little-endian float32."""
    learned_at_us: InstantUs
    """Start of the run that wrote the row."""
    names: tuple[NameCount, ...] = ()
    """The names that pages state for the publisher, the most frequent first, at most 16. Empty in rows written before
    version 2 of the table."""


SITES = Table(
    name="sites",
    version=2,
    row=SiteMemory,
    sort_by=("site",),
    row_group_rows=200,  # at most about 10 MB
)

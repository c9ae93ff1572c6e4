"""The word hashes that are kept of an article to find later articles on the same event."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.columns import Bloom, InstantUs, Int32, Long
from schemas.table import Table


@dataclass(frozen=True, slots=True)
class Sketch:
    """The hashes by which one article is compared with others to find its story.

    Copies are stored without terms, counts, passages and figures.
    """

    page_id: str
    """That of the article's page, in the run that made the sketch."""
    article_id: Bloom[str]
    """The article, as in `articles`."""
    partition: str
    """The article's `published_date`."""
    language: str
    """Primary subtag of the language; empty if it is unknown."""
    published_us: InstantUs | None
    """The article's `date_published`."""
    word_count: Int32
    """Words of the text; in scripts without spaces, pairs of neighbouring characters."""
    passage_count: Int32
    """Passages of the text."""
    terms: Long[bytes]
    """Hashes of the words of headline and lead, and of all names: little-endian uint32."""
    counts: Long[bytes]
    """One byte a term: how often it occurs there (in the headline twice, as a name once more)."""
    passages: Long[bytes]
    """One byte a term: in how many of the text's passages it occurs."""
    figures: Long[bytes]
    """Hashes of the distinct figures: little-endian uint32."""
    story_id: str | None = None
    """As in `articles`; null until it is decided."""
    fetched_at_us: InstantUs | None = None
    """When the page was fetched; null in rows written before version 2 of the table."""
    vector: Long[bytes | None] = None
    """The meaning of headline and lead: int8 numbers; null unless stories are told across languages."""
    marks: Long[bytes | None] = None
    """Hashes of the article's countries, and of figures and names in headline and lead, that read alike in all
    languages: little-endian uint32; null unless stories are told across languages."""


STORIES = Table(name="stories", version=3, row=Sketch, sort_by=("article_id",))

"""The word hashes that are kept of an article to find later articles on the same event."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from schemas.table import INSTANT, Table


@dataclass(frozen=True, slots=True)
class Sketch:
    """The hashes by which one article is compared with others to find its story.

    - `terms`: little-endian uint32 hashes of the words of headline and lead, and of all names. Copies are stored
      without terms, counts, passages and figures.
    - `counts`: one byte a term, how often it occurs there (in the headline twice, as a name once more).
    - `passages`: one byte a term, in how many of the text's `passage_count` passages it occurs.
    - `figures`: little-endian uint32 hashes of the distinct figures.
    - `story_id` is None until it is decided. `language` is a primary subtag, "" if unknown.
    - `fetched_at_us` is that of the page; None in rows written before version 2 of the table.
    """

    page_id: str
    article_id: str
    partition: str
    language: str
    published_us: int | None
    word_count: int
    passage_count: int
    terms: bytes
    counts: bytes
    passages: bytes
    figures: bytes
    fetched_at_us: int | None = None
    story_id: str | None = None


STORIES = Table(
    name="stories",
    version=2,
    row=Sketch,
    schema=pa.schema(
        [
            pa.field("page_id", pa.string(), nullable=False),
            pa.field("article_id", pa.string(), nullable=False),
            pa.field("partition", pa.string(), nullable=False),
            pa.field("language", pa.string(), nullable=False),
            pa.field("published", INSTANT),
            pa.field("word_count", pa.int32(), nullable=False),
            pa.field("passage_count", pa.int32(), nullable=False),
            pa.field("terms", pa.binary(), nullable=False),
            pa.field("counts", pa.binary(), nullable=False),
            pa.field("passages", pa.binary(), nullable=False),
            pa.field("figures", pa.binary(), nullable=False),
            pa.field("story_id", pa.string()),
            pa.field("fetched_at", INSTANT),
        ]
    ),
    partition=None,
    sort_by=("article_id",),
    bloom="article_id",
    long=("terms", "counts", "passages", "figures"),
)

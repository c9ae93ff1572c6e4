"""A draft: an article that is complete but for its site's furniture, its copies and its story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import pyarrow as pa

from schemas.article import ARTICLES, Article
from schemas.failure import Failure
from schemas.fingerprint import FINGERPRINTS, Fingerprint
from schemas.site import SitePage
from schemas.story import STORIES, Sketch
from schemas.table import Table


@dataclass(frozen=True, slots=True)
class Draft:
    """What one page gave, and what its site, its copies and its story are found by.

    The article's `run_id` and `ingested_at_us` are not set yet. `plainly` says why the simpler extractor found its
    text, None where it did not. `is_adopted`: its page comes from a run that died, and must not fail this one too.
    """

    page_id: str
    article: Article
    fingerprint: Fingerprint
    site_page: SitePage
    sketch: Sketch
    plainly: str | None = None
    is_adopted: bool = False


class Failed(NamedTuple):
    """A page that gave no draft; whether a bug of ours is why."""

    failure: Failure
    is_bug: bool


_SITE_PAGES: Final = Table(
    name="site_pages",
    version=1,
    row=SitePage,
    schema=pa.schema(
        [
            pa.field("page_id", pa.string(), nullable=False),
            pa.field("article_id", pa.string(), nullable=False),
            pa.field("site", pa.string(), nullable=False),
            pa.field("blocks", pa.binary(), nullable=False),
            pa.field("sizes", pa.binary(), nullable=False),
            pa.field("stories", pa.binary(), nullable=False),
        ]
    ),
)
_PARTS: Final[dict[str, Table[Any]]] = {
    "article": ARTICLES,
    "fingerprint": FINGERPRINTS,
    "site_page": _SITE_PAGES,
    "sketch": STORIES,
}

DRAFTS = Table(
    name="drafts",
    version=1,
    row=Draft,
    schema=pa.schema(
        [
            pa.field("page_id", pa.string(), nullable=False),
            *(pa.field(name, pa.struct(list(table.schema)), nullable=False) for name, table in _PARTS.items()),
            pa.field("plainly", pa.string()),
            pa.field("is_adopted", pa.bool_(), nullable=False),
        ]
    ),
    row_group_rows=100,  # some 2 MB: rows are read back from here and there
    long=tuple(_PARTS),
)
"""Files that live for one run: each page file's drafts, in the order of its pages."""


def drafts_to_arrow(drafts: Sequence[Draft]) -> pa.Table:
    """Drafts as rows of `DRAFTS`."""
    columns = {
        "page_id": pa.array([draft.page_id for draft in drafts], type=pa.string()),
        "plainly": pa.array([draft.plainly for draft in drafts], type=pa.string()),
        "is_adopted": pa.array([draft.is_adopted for draft in drafts], type=pa.bool_()),
    }
    for name, table in _PARTS.items():
        columns[name] = _struct(table.as_given(getattr(draft, name) for draft in drafts))
    return pa.Table.from_arrays(
        [columns[column.name].cast(column.type) for column in DRAFTS.schema], schema=DRAFTS.stamped_schema
    )


def drafts_from_arrow(table: pa.Table) -> list[Draft]:
    """Rows of `DRAFTS` as drafts."""
    parts = {name: part.from_arrow(part_of(table, name)) for name, part in _PARTS.items()}
    own = zip(
        table.column("page_id").to_pylist(),
        table.column("plainly").to_pylist(),
        table.column("is_adopted").to_pylist(),
        strict=True,
    )
    return [
        Draft(
            page_id,
            **{name: rows[row] for name, rows in parts.items()},
            plainly=plainly,
            is_adopted=is_adopted,
        )
        for row, (page_id, plainly, is_adopted) in enumerate(own)
    ]


def part_of(table: pa.Table, name: str) -> pa.Table:
    """One of the four records of each draft as a table of its own, with the columns that were read."""
    return pa.Table.from_struct_array(table.column(name))


def _struct(table: pa.Table) -> pa.Array:
    batches = table.to_struct_array()
    return batches.combine_chunks() if isinstance(batches, pa.ChunkedArray) else batches

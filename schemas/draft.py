"""A draft: an article before its site's furniture is removed and its copies and story are decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NamedTuple

import pyarrow as pa

from schemas.article import ARTICLES, Article
from schemas.columns import Int32, Long
from schemas.failure import Failure
from schemas.fingerprint import FINGERPRINTS, Fingerprint
from schemas.site import SitePage
from schemas.story import STORIES, Sketch
from schemas.table import Table


class Prompt(StrEnum):
    """What a page asks of its reader right behind a text, or instead of its rest."""

    NONE = ""
    READ_ON = "read_on"
    LOCKED = "locked"
    NEXT_PAGE = "next_page"


class LengthSigns(NamedTuple):
    """What a page and its feed show of the length of an article's text: the number of words that JSON-LD states, those
    of the text in JSON-LD and in the feed (0 if there is none), the prompt behind the text, and whether it is stated
    not to be free."""

    stated_words: Int32 = 0
    told_words: Int32 = 0
    fed_words: Int32 = 0
    prompt: str = ""
    is_paid: bool = False


NO_SIGNS: Final = LengthSigns()


@dataclass(frozen=True, slots=True)
class Draft:
    """The article of one page, with the records that are compared to find its site's furniture, copies and story."""

    page_id: str
    """The page."""
    article: Long[Article]
    """The article, of which `run_id` and `ingested_at` are not set yet."""
    fingerprint: Long[Fingerprint]
    """What its copies and revisions are found by."""
    site_page: Long[SitePage]
    """What its site's furniture is found by."""
    sketch: Long[Sketch]
    """What its story is found by."""
    plainly: str | None = None
    """Why the simpler extractor was used; null if it was not."""
    length: LengthSigns = NO_SIGNS
    """What its completeness is told by, beside its text."""
    is_adopted: bool = False
    """The page comes from a run that died, so a bug on it must not fail this run too."""


class Failed(NamedTuple):
    """The failure of a page that gave no draft. `is_bug`: our own code raised."""

    failure: Failure
    is_bug: bool


_PARTS: Final[dict[str, Table[Any]]] = {
    "article": ARTICLES,
    "fingerprint": FINGERPRINTS,
    "site_page": Table(name="site_pages", version=1, row=SitePage),
    "sketch": STORIES,
}

DRAFTS = Table(
    name="drafts",
    version=1,
    row=Draft,
    row_group_rows=100,  # about 2 MB: later steps read single rows
)
"""Draft files, which live for one run: the drafts of one page file, in the order of its pages."""


def drafts_to_arrow(drafts: Sequence[Draft]) -> pa.Table:
    """Drafts as rows of `DRAFTS`."""
    columns = {
        "page_id": pa.array([draft.page_id for draft in drafts], type=pa.string()),
        "plainly": pa.array([draft.plainly for draft in drafts], type=pa.string()),
        "is_adopted": pa.array([draft.is_adopted for draft in drafts], type=pa.bool_()),
        "length": pa.array([draft.length for draft in drafts], type=DRAFTS.schema.field("length").type),
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
        table.column("length").to_pylist(),
        strict=True,
    )
    return [
        Draft(
            page_id,
            **{name: rows[row] for name, rows in parts.items()},
            plainly=plainly,
            is_adopted=is_adopted,
            length=LengthSigns(**length),
        )
        for row, (page_id, plainly, is_adopted, length) in enumerate(own)
    ]


def part_of(table: pa.Table, name: str) -> pa.Table:
    """One of the drafts' four records (`article`, `fingerprint`, …) as a table, with the columns that were read."""
    return pa.Table.from_struct_array(table.column(name))


def _struct(table: pa.Table) -> pa.Array:
    batches = table.to_struct_array()
    return batches.combine_chunks() if isinstance(batches, pa.ChunkedArray) else batches

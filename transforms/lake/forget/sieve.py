"""Takes what is forgotten out of rows: rows that go, and in rows that stay what names it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.article import ARTICLES
from schemas.site import SITES
from schemas.table import Table
from transforms.lake.forget.find import Found, goes, where
from transforms.lake.forget.naming import NAMING

NAMES_IT: Final = "(the message named what was forgotten)"
"""What stands in place of a failure's message that contains a forgotten address."""

_ORIGINAL, _REVISION = "original", "revision"

SiteHashes = Callable[[str, str], frozenset[int]]
"""Takes the id and the text of an article; returns the hashes that the memory of its site has of it."""


def is_touched(found: Found, table: Table[Any], rows: pa.Table) -> bool:
    """Whether a row, given in the columns of `NAMING`, goes or is changed."""
    if pc.any(goes(found, table, rows), min_count=0).as_py():
        return True
    naming = NAMING[table.name]
    tests: tuple[tuple[tuple[str, ...], Callable[[str], bool]], ...] = (
        (naming.mentions, found.forgotten.holds),
        (naming.texts, found.forgotten.names_it),
        (naming.articles, found.articles.__contains__),
    )
    return any(
        pc.any(where(rows.column(name), test), min_count=0).as_py()
        for names, test in tests
        for name in names
        if name in rows.column_names
    )


def sieved(found: Found, table: Table[Any], rows: pa.Table) -> pa.Table:
    """Whole rows of a table without those that are forgotten, and without what names it in the others."""
    naming = NAMING[table.name]
    rows = rows.filter(pc.invert(goes(found, table, rows)))
    for name in naming.mentions:
        named = where(rows.column(name), found.forgotten.holds)
        instead: Any = None if table.schema.field(name).nullable else ""
        if table is ARTICLES and name == "url":
            instead = rows.column("canonical_url")
        rows = _replaced(rows, name, named, instead)
    for name in naming.texts:
        instead = NAMES_IT
        rows = _replaced(rows, name, where(rows.column(name), found.forgotten.names_it), instead)
    if table is ARTICLES:
        rows = _with_new_originals(found, rows)
    for name in naming.articles:
        if name != "duplicate_of":
            values = rows.column(name).to_pylist()
            rows = _set(rows, name, [found.heirs.get((name, value), value) for value in values])
    return rows


def _replaced(rows: pa.Table, name: str, named: pa.Array, instead: Any) -> pa.Table:
    if not pc.any(named, min_count=0).as_py():
        return rows
    column = rows.column(name)
    value = instead if isinstance(instead, pa.ChunkedArray) else pa.scalar(instead, column.type)
    at = rows.schema.get_field_index(name)
    return rows.set_column(at, rows.schema.field(at), pc.if_else(named, value, column))


def _set(rows: pa.Table, name: str, values: list[Any]) -> pa.Table:
    at = rows.schema.get_field_index(name)
    field = rows.schema.field(at)
    return rows.set_column(at, field, pa.chunked_array([pa.array(values, type=field.type)]))


def _with_new_originals(found: Found, rows: pa.Table) -> pa.Table:
    """Copies of a forgotten article become copies of the earliest one that remains, which becomes an original.

    How similar they are to it is not known; for an original there is nothing to say.
    """
    lost = where(rows.column("cluster_id"), found.articles.__contains__)
    lost = pc.or_(lost, where(rows.column("duplicate_of"), found.articles.__contains__))
    if not pc.any(lost, min_count=0).as_py():
        return rows
    names = ("article_id", "cluster_id", "duplicate_of", "relation", "similarity")
    values = {name: rows.column(name).to_pylist() for name in names}
    for row in np.flatnonzero(lost.to_numpy(zero_copy_only=False)).tolist():
        own, cluster, of = (values[name][row] for name in names[:3])
        heir = found.heirs.get(("cluster_id", cluster), cluster)
        if values["relation"][row] == _REVISION:
            continue
        if heir == own or (of in found.articles and heir in found.articles):
            values["relation"][row], values["duplicate_of"][row], values["similarity"][row] = _ORIGINAL, None, None
        elif of in found.articles:
            values["duplicate_of"][row], values["similarity"][row] = heir, None
    for name in names[2:]:
        rows = _set(rows, name, values[name])
    return rows


def without_lines(rows: pa.Table, gone: dict[str, set[int]]) -> pa.Table:
    """Rows of `sites` without these hashes, by site: those of which no other page is counted."""
    memories = []
    for memory in SITES.from_arrow(rows):
        hashes = np.array(sorted(gone.get(memory.site, ())), dtype="<u8")
        blocks, counts = np.frombuffer(memory.blocks, "<u8"), np.frombuffer(memory.counts, "<f4")
        stay = ~(np.isin(blocks, hashes) & (counts <= 1.0))
        memories.append(replace(memory, blocks=blocks[stay].tobytes(), counts=counts[stay].tobytes()))
    return SITES.as_given(memories)

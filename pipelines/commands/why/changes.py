"""What changed from one revision of an article to the next: facts, and the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from schemas.article import ARTICLES
from schemas.run import iso
from transforms.lake.lookup.find_rows import Row
from transforms.lake.lookup.text_diff import unified

_NO_FACTS: Final = frozenset(
    (
        "article_id",
        "article_body",
        "blocks",
        "content_hash",
        "duplicate_of",
        "facts_sources",
        "fetched_at",
        "ingested_at",
        "links",
        "recovered",
        "relation",
        "removed",
        "revision",
        "run_id",
        "similarity",
    )
)
"""Columns that are the text itself, change with it or with each revision, or tell of the run."""
_INSTANTS: Final = frozenset(column.name for column in ARTICLES.columns if column.is_instant)


class Changed(NamedTuple):
    """A column whose value is another one in the later revision."""

    name: str
    before: Any
    after: Any


def changed_facts(before: Row, after: Row) -> list[Changed]:
    """The facts that differ between two revisions, in the order of the columns. A column that was not there is null."""
    names = [name for name in ARTICLES.schema.names if name not in _NO_FACTS]
    values = ((name, before.get(name), after.get(name)) for name in names)
    return [Changed(name, shown(name, old), shown(name, new)) for name, old, new in values if old != new]


def text_diff(before: Row, after: Row, numbers: tuple[int, int]) -> list[str]:
    """The unified diff of two revisions' texts."""
    names = tuple(
        f"revision {n}, fetched {iso(row['fetched_at'])[:16]}Z" for n, row in zip(numbers, (before, after), strict=True)
    )
    return unified(before["article_body"], after["article_body"], (names[0], names[1]))


def shown(name: str, value: Any) -> Any:
    """A column's value as JSON has it."""
    if value is None:
        return None
    if name in _INSTANTS:
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value

"""What a rebuild changes: how many articles, in which columns, with examples."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from schemas.article import ARTICLES
from transforms.lake.editions.rebuild.rows import rows_at
from transforms.lake.files.parts import PartReader

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "address": ("article_id", "canonical_url", "publisher_domain"),
    "body": ("article_body", "content_hash", "word_count"),
    "headline": ("headline",),
    "date": (
        "date_published", "date_published_source", "date_precision", "date_modified", "published_day",
        "date_offset_minutes",
    ),
    "authors": ("authors",),
    "copies": ("revision", "cluster_id", "relation", "duplicate_of", "similarity"),
    "story": ("story_id",),
}  # fmt: skip
"""The columns by which changes are told; all others are `other`."""
OTHER: Final = "other"
_MAY_BE_UNKNOWN: Final = frozenset(
    column.name for column in ARTICLES.columns if pa.types.is_list(column.field.type) and column.missing is None
)
_NAMED: Final = frozenset(name for names in GROUPS.values() for name in names)

_COLUMNS: Final = 8
_LINES: Final = 6
_CHARACTERS: Final = 160


@dataclass(frozen=True, slots=True)
class Example:
    """One article that changes: `kind` is a group of columns, ``new`` or ``gone``; `lines` tell what is different."""

    kind: str
    article_id: str
    url: str
    lines: tuple[str, ...]


@dataclass(slots=True)
class Changes:
    """Counts new rows against the rows that their pages had, and keeps the first examples of each kind.

    `counts` has ``same``, ``changed``, ``changed_GROUP``, ``new``, ``gone`` and ``gone_REASON``.
    """

    reader: PartReader
    old: pa.Table
    """The rows that the pages have, as `article_rows` finds them."""
    examples_of_a_kind: int = 3
    counts: Counter[str] = field(default_factory=Counter)
    examples: list[Example] = field(default_factory=list)
    _places: dict[str, tuple[str, int]] = field(init=False)
    _shown: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        names = ("page_id", "path", "row")
        self._places = {
            page_id: (path, row)
            for page_id, path, row in zip(*(self.old.column(name).to_pylist() for name in names), strict=True)
        }

    def look(self, rows: pa.Table, page_ids: Sequence[str]) -> None:
        """Count new rows, given with the ids of their pages."""
        is_known = np.array([page_id in self._places for page_id in page_ids], np.bool_)
        for row in np.flatnonzero(~is_known).tolist():
            self.counts["new"] += 1
            self._show("new", rows, row, lambda row=row: [f"+ {_short(rows.column('headline')[row].as_py())}"])
        at = np.flatnonzero(is_known)
        if not at.size:
            return
        new = rows.take(at)
        old = rows_at(self.reader, [self._places[page_ids[number]] for number in at.tolist()])
        changed = np.zeros(at.size, np.bool_)
        for group, names in (*GROUPS.items(), (OTHER, tuple(set(ARTICLES.schema.names) - _NAMED))):
            differs = {
                name: _differs(old.column(name), new.column(name), name in _MAY_BE_UNKNOWN) for name in sorted(names)
            }
            in_group = np.logical_or.reduce(list(differs.values()))
            changed |= in_group
            if in_group.any():
                self.counts[f"changed_{group}"] += int(in_group.sum())
            for row in np.flatnonzero(in_group).tolist():
                said = [name for name in differs if differs[name][row]]
                self._show(group, new, row, lambda row=row, said=said: list(_diff(old, new, row, said)))
        self.counts["changed"] += int(changed.sum())
        self.counts["same"] += int(at.size - changed.sum())

    def gone(self, reasons: Mapping[str, str]) -> None:
        """Count the rows that go, by page id with the reason."""
        for page_id in sorted(reasons):
            self.counts["gone"] += 1
            self.counts[f"gone_{reasons[page_id]}"] += 1
            if self._shown["gone"] < self.examples_of_a_kind:
                old = rows_at(self.reader, [self._places[page_id]])
                said = [f"- {_short(old.column('headline')[0].as_py())} ({reasons[page_id]})"]
                self._show("gone", old, 0, lambda said=said: said)

    def _show(self, kind: str, rows: pa.Table, row: int, lines: Any) -> None:
        if self._shown[kind] < self.examples_of_a_kind:
            self._shown[kind] += 1
            id_, url = (rows.column(name)[row].as_py() for name in ("article_id", "url"))
            self.examples.append(Example(kind, id_, url, tuple(lines())))


def _differs(old: pa.ChunkedArray, new: pa.ChunkedArray, may_be_unknown: bool) -> NDArray[np.bool_]:
    """In which rows a column differs; an empty list is none, as files of earlier releases have it, but where null says
    that it is not known."""
    if may_be_unknown:
        return np.array([one != other for one, other in zip(old.to_pylist(), new.to_pylist(), strict=True)], np.bool_)
    if pa.types.is_nested(new.type):
        pairs = zip(old.to_pylist(), new.to_pylist(), strict=True)
        return np.array([(one or None) != (other or None) for one, other in pairs], np.bool_)
    same = pc.fill_null(pc.equal(old, new), False)
    both_null = pc.and_(pc.is_null(old), pc.is_null(new))
    return ~np.asarray(pc.or_(same, both_null).to_numpy(), dtype=np.bool_)


def _diff(old: pa.Table, new: pa.Table, row: int, names: Sequence[str]) -> Iterator[str]:
    for name in names[:_COLUMNS]:
        before, after = (one.column(name)[row].as_py() for one in (old, new))
        if name == "article_body":
            yield from _lines_diff(before.split("\n"), after.split("\n"))
        elif isinstance(before, list) and isinstance(after, list):
            yield from (f"{name}: {line}" for line in _lines_diff(list(map(_item, before)), list(map(_item, after))))
        else:
            yield f"{name}: {_short(before)} -> {_short(after)}"


def _lines_diff(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    lines = difflib.unified_diff(before, after, lineterm="", n=0)
    said = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
    yield from (f"{line[0]} {_short(line[1:])}" for line in said[:_LINES])
    if len(said) > _LINES:
        yield f"({len(said) - _LINES} more lines)"


def _item(value: object) -> str:
    """An item of a list, on one line."""
    text = " ".join(str(one) for one in value.values()) if isinstance(value, dict) else str(value)
    return " ".join(text.split())


def _short(value: object) -> str:
    text = "none" if value is None or value == [] else str(value)
    return text if len(text) <= _CHARACTERS else text[: _CHARACTERS - 1] + "…"

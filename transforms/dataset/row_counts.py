"""What a data card tells of the rows: counts by language, publisher, licence and the like, and the days."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

_COUNTED: Final = ("in_language", "publisher_domain", "license", "relation", "page_kind", "topic")
_LISTED: Final = ("countries", "usage_directives")


@dataclass(slots=True)
class RowCounts:
    """Counts of the rows that were written: `by` column and value, None for rows without a value (of lists: rows with
    an empty one). `words` together; the first and the last day."""

    rows: int = 0
    words: int = 0
    first: date | None = None
    last: date | None = None
    free: Counter[bool | None] = field(default_factory=Counter)
    by: dict[str, Counter[str | None]] = field(
        default_factory=lambda: {name: Counter() for name in (*_COUNTED, *_LISTED)}
    )

    def add(self, rows: pa.Table, day: date) -> None:
        """Count rows of the table `articles`, of one partition."""
        if not rows.num_rows:
            return
        self.rows += rows.num_rows
        self.words += pc.sum(rows.column("word_count")).as_py() or 0
        self.first, self.last = min(self.first or day, day), max(self.last or day, day)
        self.free.update(rows.column("is_accessible_for_free").to_pylist())
        for name in _COUNTED:
            counts = rows.column(name).value_counts()
            self.by[name].update(dict(zip(counts.field(0).to_pylist(), counts.field(1).to_pylist(), strict=True)))
        for name in _LISTED:
            for values in rows.column(name).to_pylist():
                self.by[name].update(values or [None])

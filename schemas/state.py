"""The `seen` table: which entries were fetched before."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from schemas.table import INSTANT, Table


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry that was fetched: when, and the `updated` date that its feed gave at that time.

    `listed_at_us` is the last time that a feed was noted to list the entry again, long after the fetch; else None.
    """

    url_key: str
    updated_us: int | None
    seen_at_us: int
    listed_at_us: int | None = None

    @property
    def last_listed_us(self) -> int:
        """The last instant at which the entry is known to have been listed."""
        return max(self.seen_at_us, self.listed_at_us or 0)


SEEN = Table(
    name="seen",
    version=2,
    row=Seen,
    schema=pa.schema(
        [
            pa.field("url_key", pa.string(), nullable=False),
            pa.field("updated", INSTANT),
            pa.field("seen_at", INSTANT, nullable=False),
            pa.field("listed_at", INSTANT),
        ]
    ),
    sort_by=("url_key",),
)

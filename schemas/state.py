"""What the lake remembers for us alone: which entries were fetched before."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from schemas.table import INSTANT, Table


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry that was fetched: when, and the `updated` date its feed gave it then."""

    url_key: str
    updated_us: int | None
    seen_at_us: int


SEEN = Table(
    name="seen",
    version=1,
    row=Seen,
    schema=pa.schema(
        [
            pa.field("url_key", pa.string(), nullable=False),
            pa.field("updated", INSTANT),
            pa.field("seen_at", INSTANT, nullable=False),
        ]
    ),
    sort_by=("url_key",),
)

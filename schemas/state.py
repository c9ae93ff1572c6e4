"""The `seen` table: which entries were fetched before."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.columns import InstantUs
from schemas.table import Table


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry that was fetched, or failed for good."""

    url_key: str
    """The entry's key, as in `pages`."""
    updated_us: InstantUs | None
    """The update date that its feed gave when it was fetched."""
    seen_at_us: InstantUs
    """When it was fetched, or failed for good."""
    listed_at_us: InstantUs | None = None
    """The last time that a feed was noted to list it again, long after the fetch."""

    @property
    def last_listed_us(self) -> int:
        """The last instant at which the entry is known to have been listed."""
        return max(self.seen_at_us, self.listed_at_us or 0)


SEEN = Table(name="seen", version=2, row=Seen, sort_by=("url_key",))

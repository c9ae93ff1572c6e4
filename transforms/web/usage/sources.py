"""Who states what: statements that do not come from the page itself have their source before them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Source(StrEnum):
    """Where a statement stands, if not on the page or in the answer's headers."""

    ROBOTS = "robots.txt"
    FEED = "feed"

    def says(self, statements: Iterable[str]) -> tuple[str, ...]:
        """The statements as this source's, sorted, each once: ``robots.txt:gptbot=disallow``."""
        return tuple(sorted({f"{self}:{statement}" for statement in statements}))

    def said(self, statement: str) -> bool:
        """Whether a statement is this source's."""
        return statement.startswith(f"{self}:")

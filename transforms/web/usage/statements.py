"""How statements are written: one that does not come from the page itself has its source before it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

MAX_URL_CHARS: Final = 2_000


class StatementSource(StrEnum):
    """Where a statement stands, if not on the page or in the answer's headers."""

    ROBOTS = "robots.txt"
    FEED = "feed"

    def says(self, statements: Iterable[str]) -> tuple[str, ...]:
        """The statements as this source's, sorted, each once: ``robots.txt:gptbot=disallow``."""
        return tuple(sorted({f"{self}:{statement}" for statement in statements}))

    def said(self, statement: str) -> bool:
        """Whether a statement is this source's."""
        return statement.startswith(f"{self}:")


def license_link(url: str) -> str | None:
    """The statement that terms of RSL lie at an absolute address; None where it is none or too long."""
    is_address = url.lower().startswith(("https://", "http://")) and len(url) <= MAX_URL_CHARS and url.isprintable()
    return f"rsl:license={url}" if is_address and " " not in url else None

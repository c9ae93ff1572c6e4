"""The `forgotten` table: addresses that were taken out of the lake for good, and are never fetched again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from schemas.columns import InstantUs, Int64
from schemas.table import Table


class ForgottenKind(StrEnum):
    """What a key of the record is."""

    URL = "url"
    DOMAIN = "domain"


class RowsGone(NamedTuple):
    """How many rows of a table went."""

    table: str
    rows: Int64


@dataclass(frozen=True, slots=True)
class ForgottenAddress:
    """An address or a domain that was forgotten: asked for by name, or another address of a forgotten article."""

    key: str
    """The address's `url_key`, as in `pages`; of a domain its name."""
    kind: str
    """`url` or `domain`."""
    asked: str | None
    """The address or domain as it was asked for; null for another address of the same article, of which only the key is
    kept."""
    forgotten_at_us: InstantUs
    """When."""
    reason: str | None
    """Why, in the words of who asked."""
    rows: tuple[RowsGone, ...]
    """Rows that went from each table, by all that was asked for at once; empty where `asked` is null."""
    run_id: str
    """The edition that did it."""


FORGOTTEN = Table(name="forgotten", version=1, row=ForgottenAddress, sort_by=("key",))

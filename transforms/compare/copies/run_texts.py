"""The fingerprints of a run's drafts, read from its draft files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import pyarrow as pa

from schemas.fingerprint import FINGERPRINTS, Fingerprint
from transforms.compare.copies.candidates import Postings, joined
from transforms.compare.copies.stored.stored_history import postings_in
from transforms.compare.run_drafts import DraftColumns

_HEAVY: Final = ("keys", "shingles")
_SLIM: Final = tuple(name for name in FINGERPRINTS.schema.names if name not in (*_HEAVY, "listed"))


class StoredTexts:
    """`RunTexts` over draft files."""

    def __init__(self, drafts: DraftColumns) -> None:
        self._drafts = drafts

    def slim(self) -> list[Fingerprint]:
        """See `RunTexts`."""
        return [one for table in self._drafts.columns("fingerprint", _SLIM) for one in _without_words(table)]

    def postings(self, page_ids: Sequence[str]) -> Postings:
        """See `RunTexts`."""
        names = ("article_id", "word_count", "keys")
        return joined([postings_in(table) for table in self._drafts.columns("fingerprint", names, page_ids)])

    def whole(self, page_ids: Iterable[str]) -> list[Fingerprint]:
        """See `RunTexts`."""
        tables = self._drafts.columns("fingerprint", FINGERPRINTS.schema.names, page_ids)
        return [one for table in tables for one in FINGERPRINTS.from_arrow(table)]


def _without_words(table: pa.Table) -> list[Fingerprint]:
    for name in _HEAVY:
        table = table.append_column(name, pa.array([b""] * table.num_rows, type=pa.binary()))
    return FINGERPRINTS.from_arrow(table)

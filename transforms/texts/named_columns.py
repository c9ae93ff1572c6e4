"""Finds the columns of a file of texts by the names that such files usually have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from transforms.texts.text_row import ColumnError, Named

USUAL: Final[Mapping[str, Sequence[str]]] = {
    "text": ("text", "article_body", "content", "body", "raw_content", "article", "document"),
    "id": ("id", "article_id", "doc_id", "document_id", "uuid", "_id"),
    "title": ("title", "headline"),
    "date": ("date", "published", "date_published", "published_at", "publish_date", "publication_date", "pub_date"),
}
"""Tried in this order. Addresses are not among them: rows of one address count as revisions of one article, which is
only so where somebody says it."""


def named_columns(path: str, columns: Sequence[str], given: Mapping[str, str | None]) -> Named:
    """The columns to read of a file with these columns; those `given` by name stand. Raises ColumnError if a given
    one, or any with texts, is not there."""
    listed = ", ".join(columns[:30])
    for name in filter(None, given.values()):
        if name.partition(".")[0] not in columns and name not in columns:
            raise ColumnError(f"{path} has no column {name}; it has {listed or 'none'}")
    found = {
        what: given.get(what) or next((name for name in names if name in columns), None)
        for what, names in USUAL.items()
    }
    text = found.pop("text")
    if text is None:
        raise ColumnError(f"{path}: name the column of its texts with --text; it has {listed or 'no column'}")
    return Named(text, url=given.get("url"), **found)

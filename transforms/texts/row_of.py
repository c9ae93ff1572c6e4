"""Values of a row as comparing needs them, or why it cannot be compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from transforms.texts.instants import instant_us
from transforms.texts.text_row import Named, NotCompared, TextRow


def row_of(values: Sequence[Any], named: Named) -> TextRow:
    """The row whose values are those of the named columns, in the order of `Named`."""
    text, row_id, url, title, date = values
    published_us = instant_us(date)
    problem = None
    if text is None:
        problem = NotCompared.NO_TEXT
    elif not isinstance(text, str):
        problem = NotCompared.NOT_TEXT
    elif not text.strip():
        problem = NotCompared.NO_TEXT
    if named.id is not None and (isinstance(row_id, bool) or not isinstance(row_id, str | int)):
        row_id, problem = None, NotCompared.NO_ID
    return TextRow(
        text=None if problem else text,
        id=row_id,
        url=url if isinstance(url, str) else None,
        title=title if isinstance(title, str) else None,
        published_us=published_us,
        date_unread=published_us is None and date not in (None, ""),
        problem=problem,
    )

"""Cells of a CSV file that a spreadsheet would run as a formula, kept from it and read back."""

from __future__ import annotations

import re

_STARTS = "[=+\\-@\\t\\r\uff1d\uff0b\uff0d\uff20]"
"""What formulas start with; the full-width signs are the same to a spreadsheet of East Asia."""
_FORMULA = re.compile(f"'*{_STARTS}")
_GUARDED = re.compile(f"'+{_STARTS}")


def guarded(value: str | None) -> str | None:
    """The value as a cell: behind an apostrophe where a spreadsheet would take it for a formula (OWASP's list)."""
    return f"'{value}" if value and _FORMULA.match(value) else value


def unguarded(cell: str) -> str:
    """The value of a cell that `guarded` wrote; other cells stay as they are."""
    return cell[1:] if _GUARDED.match(cell) else cell

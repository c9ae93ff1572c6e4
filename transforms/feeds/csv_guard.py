"""Cells of a CSV file that a spreadsheet would run as a formula, kept from it and read back."""

from __future__ import annotations

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


def guarded(value: str | None) -> str | None:
    """The value as a cell: behind an apostrophe where a spreadsheet would take it for a formula (OWASP's list)."""
    return f"'{value}" if value and _FORMULA.match(value) else value


def unguarded(cell: str) -> str:
    """The value of a cell that `guarded` wrote; other cells stay as they are."""
    return cell[1:] if _GUARDED.match(cell) else cell

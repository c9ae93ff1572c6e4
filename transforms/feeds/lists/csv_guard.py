"""Guards CSV cells that a spreadsheet would run as a formula, and reads them back."""

from __future__ import annotations

import re

_STARTS = "[=+\\-@\\t\\r\uff1d\uff0b\uff0d\uff20]"
"""The characters with which formulas start; spreadsheets in East Asia accept the full-width signs too."""
_FORMULA = re.compile(f"'*{_STARTS}")
_GUARDED = re.compile(f"'+{_STARTS}")


def guarded(value: str | None) -> str | None:
    """The value as a cell: ``=1+1`` becomes ``'=1+1``, for all starts of formulas in OWASP's list."""
    return f"'{value}" if value and _FORMULA.match(value) else value


def unguarded(cell: str) -> str:
    """The value of a cell that `guarded` wrote; other cells are unchanged."""
    return cell[1:] if _GUARDED.match(cell) else cell

"""Instants as files of texts hold them: Arrow's and JSON's values."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from transforms.text.dates.instants import read_instant, us_of

_UNITS: Final = ((1e11, 1_000_000), (1e14, 1_000), (1e17, 1))
"""Numbers below the first are seconds since 1970, then milliseconds, then microseconds: until the year 5138."""

_1970: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_US: Final = 253_402_300_799_000_000


def moment(us: int) -> datetime | None:
    """The moment of an Arrow instant; None outside the years that Python knows."""
    try:
        return _1970 + timedelta(microseconds=us)
    except OverflowError:
        return None


def instant_us(value: Any) -> int | None:
    """Microseconds since 1970 in UTC of a date, an instant (in UTC if it has no zone), a number, or a text in any form
    that feeds and pages have; None for anything else."""
    if isinstance(value, datetime):
        return us_of(value if value.tzinfo else value.replace(tzinfo=UTC))
    if isinstance(value, date):
        return us_of(datetime(value.year, value.month, value.day, tzinfo=UTC))
    if isinstance(value, str):
        found = read_instant(value)
        return None if found is None else found.us
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    factor = next((factor for most, factor in _UNITS if abs(value) < most), None)
    us = round(value / 1_000) if factor is None else round(value * factor)
    return us if abs(us) < _LAST_US else None

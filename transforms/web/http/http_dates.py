"""Reads dates in HTTP headers, in UTC whatever the machine's time zone is."""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime

from transforms.text.dates.instants import read_instant


def http_date_s(value: str) -> float | None:
    """Seconds since 1970 of an HTTP date (RFC 9110, 5.6.7), obsolete forms included; None if it cannot be read.

    A date without a zone, or with ``-0000``, is in UTC: HTTP has no other zone, and Python would read local time. Dates
    that HTTP does not allow but servers send (a zone by name, ISO 8601) are read by `read_instant`.
    """
    try:
        moment = parsedate_to_datetime(value)
        if moment.tzinfo is not None:
            return moment.timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        moment = None
    instant = read_instant(value) if not value.strip().isdecimal() else None
    if instant is not None:
        return instant.us / 1_000_000
    return moment.replace(tzinfo=UTC).timestamp() if moment is not None else None

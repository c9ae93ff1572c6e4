"""Dates in HTTP headers: always in UTC, whatever the machine's own time zone is."""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime

from transforms.text.instants import read_instant


def http_date_s(value: str) -> float | None:
    """Seconds since 1970 of an HTTP date (RFC 9110, 5.6.7), its obsolete forms among them; None for anything else.

    One without a zone, or with ``-0000``, is in UTC: HTTP knows no other, and Python would take it for local time. What
    HTTP does not allow and servers send all the same, a zone by name or ISO 8601, is read as elsewhere.
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

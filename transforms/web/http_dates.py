"""Dates in HTTP headers: always in UTC, whatever the machine's own time zone is."""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime


def http_date_s(value: str) -> float | None:
    """Seconds since 1970 of an HTTP date (RFC 9110, 5.6.7), its obsolete forms among them; None for anything else.

    One without a zone, or with ``-0000``, is in UTC: HTTP knows no other, and Python would take it for local time.
    """
    try:
        moment = parsedate_to_datetime(value)
        return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None

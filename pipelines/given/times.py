"""Points and lengths of time as options of all commands take them. Each error is one line that shows the forms."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from typing import TYPE_CHECKING, Final

from pipelines.checks import UsageError

if TYPE_CHECKING:
    from transforms.common.clock import Clock

SPAN: Final = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)([smhd]?)", re.ASCII)
_UNITS: Final = {"": 1, "s": 1, "m": 60, "h": 3_600, "d": 86_400}
_DAY_S: Final = 86_400
_LONGEST: Final = "36500d"
_EARLIEST, _LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_MOST_SPANS: Final = 12
FOREVER: Final = "forever"
_WRITE_IT: Final = "write it like 90s, 15m, 12h or 7d"


@dataclass(frozen=True, slots=True)
class Span:
    """An option's type: a length of time in seconds, from `least` to `most`: ``90``, ``15m``, ``12h``, ``7d``."""

    least: str
    most: str

    def __call__(self, text: str) -> float:
        try:
            seconds = _seconds(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is no length of time: {_WRITE_IT}") from None
        if not _seconds(self.least) <= seconds <= _seconds(self.most):
            raise argparse.ArgumentTypeError(f"{text!r} is not from {self.least} to {self.most}: {_WRITE_IT}")
        return seconds


def span_s(least: str, most: str) -> Span:
    """An option's type: a length of time in seconds, from `least` to `most`."""
    return Span(least, most)


def spans_s(least: str, most: str) -> Callable[[str], tuple[float, ...]]:
    """An option's type: lengths of time in seconds, the shortest first, each from `least` to `most`: ``1h,24h,7d``."""
    read = span_s(least, most)

    def read_all(text: str) -> tuple[float, ...]:
        spans = sorted({read(one) for one in text.split(",")}) if text.strip() else []
        if len(spans) > _MOST_SPANS:
            raise argparse.ArgumentTypeError(f"{text!r} has {len(spans)} lengths of time: give at most {_MOST_SPANS}")
        return tuple(spans)

    return read_all


def kept_days(text: str) -> int:
    """An option's type: for how many days something is kept, at least one, rounded up; 0 for ``forever``."""
    if text.strip() == FOREVER:
        return 0
    try:
        return ceil(span_s("1d", _LONGEST)(text) / _DAY_S)
    except argparse.ArgumentTypeError as error:
        raise argparse.ArgumentTypeError(f"{error}; or {FOREVER}") from None


def instant(text: str) -> datetime:
    """An option's type: an ISO 8601 instant between 1990 and 2100, in UTC if it has no zone."""
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
        if not _EARLIEST <= moment < _LATEST:
            raise argparse.ArgumentTypeError(f"{text!r} lies outside 1990 to 2100")
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"{text!r} is no instant: write it like 2026-03-02T08:00:00Z") from None
    return moment


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as ``--since`` and ``--until`` take it: an instant, or as long before now as `ago_s`."""

    given: datetime | None
    ago_s: float = 0.0

    def at(self, now: datetime) -> datetime:
        """The instant that is meant at `now`."""
        return self.given or now - timedelta(seconds=self.ago_s)


def moment(text: str) -> Moment:
    """An option's type: a UTC day (its beginning), an ISO 8601 instant, or how long ago, with a unit."""
    if text.strip()[-1:] in ("s", "m", "h", "d"):  # a number alone may be a year
        with suppress(argparse.ArgumentTypeError):
            return Moment(None, span_s("0", _LONGEST)(text))
    try:
        return Moment(instant(text))
    except argparse.ArgumentTypeError as error:
        if "outside" in str(error):
            raise
        raise argparse.ArgumentTypeError(
            f"{text!r} is no time: write it like 2026-03-02 or 2026-03-02T08:00:00Z, or 90d, 12h, 15m for so long ago"
        ) from None


def day_moment(text: str) -> Moment:
    """As `moment`, where whole UTC days are chosen: an instant within a day is refused, ``12h`` is the day of then."""
    found = moment(text)
    if found.given is not None and found.given.astimezone(UTC).time() != time():
        raise argparse.ArgumentTypeError(
            f"{text!r} lies within a day: whole UTC days are chosen, like 2026-03-02 or 90d"
        )
    return found


def instants_of(since: Moment | None, until: Moment | None, now: datetime) -> tuple[datetime | None, datetime | None]:
    """The instants of ``--since`` and ``--until``. Raises UsageError unless the second lies after the first."""
    found = None if since is None else since.at(now), None if until is None else until.at(now)
    _check(*found)
    return found


def days_of(since: Moment | None, until: Moment | None, now: datetime) -> tuple[date | None, date | None]:
    """The UTC days of ``--since`` and ``--until``. Raises UsageError unless the second lies after the first."""
    found = (None if one is None else one.at(now).astimezone(UTC).date() for one in (since, until))
    first, last = found
    _check(first, last)
    return first, last


def _check(since: date | None, until: date | None) -> None:
    if since is not None and until is not None and until <= since:
        raise UsageError(f"--until {until} lies not after --since {since}")


def _seconds(text: str) -> float:
    match = SPAN.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    return float(match[1]) * _UNITS[match[2]]


def now_of(given: argparse.Namespace) -> datetime:
    """The instant of the command: `--now`, or the real one; also of commands that have no such option."""
    return given.now if getattr(given, "now", None) else datetime.now(UTC)


def clock_of(given: argparse.Namespace) -> Clock:
    """The run's clock: real time, or a clock that starts at `--now`."""
    from transforms.common.clock import Clock

    return Clock.starting_at(round(given.now.timestamp() * 1_000_000)) if given.now else Clock()

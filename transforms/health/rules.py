"""The thresholds by which a lake is judged, each with its default. Durations are in seconds, shares from 0 to 1.

The defaults are judgements, not measurements: they are meant to be quiet on nights, weekends and slow news, and each
can be set in the file that `--rules` takes. "Silent" is `SilentRule` here; ``newsbeam feeds status``
calls a feed silent by its cursor alone, after a week at least.
"""

from __future__ import annotations

from dataclasses import dataclass

from transforms.common.clock import DAY_S


@dataclass(frozen=True, slots=True)
class SilentRule:
    """A feed that brings nothing for longer than it usually does."""

    on: bool = True
    least_s: float = DAY_S
    """No silence shorter than this is told."""
    factor: float = 2.0
    """How many times the usual longest silence, which is the second longest between two polls with news in 35 days:
    nights and weekends come again, an outage of the feed's seldom does."""
    least_news: int = 4
    """A feed with fewer polls that brought news has no rhythm yet."""


@dataclass(frozen=True, slots=True)
class DroppedRule:
    """A feed that brings fewer entries than it usually does."""

    on: bool = True
    share: float = 0.4
    """The new entries of the last 7 days are below this share of a usual week: the median of the 4 before, at most."""
    least: float = 20
    """A usual week has so many entries at least: fewer say little."""


@dataclass(frozen=True, slots=True)
class FailuresRule:
    """More failures of one stage and reason in the last 24 hours than there usually are."""

    on: bool = True
    factor: float = 3.0
    """How many times the usual number: the median of the earlier days (24 hours each) in which there were runs."""
    least: int = 20
    """So many failures at least."""
    least_days: int = 3
    """With fewer earlier days nothing is usual yet."""


@dataclass(frozen=True, slots=True)
class PlainPagesRule:
    """Too many pages of the last 24 hours that were too much for the usual extractor (`body_source` `page_plain`)."""

    on: bool = True
    share: float = 0.1
    """More than this share of the articles."""
    least: int = 10
    """So many such articles at least."""


@dataclass(frozen=True, slots=True)
class TextLengthRule:
    """A site whose articles have become shorter: its template has changed, or a wall has gone up."""

    on: bool = True
    share: float = 0.6
    """The median of the words of the last 3 days is below this share of the median before."""
    least: int = 10
    """So many articles at least in either time."""


@dataclass(frozen=True, slots=True)
class PendingRule:
    """Entries left for the next run become more and more: the runs do not keep up."""

    on: bool = True
    factor: float = 2.0
    """How many times the median of the earlier runs of the last 7 days."""
    least: int = 100
    """So many entries at least."""
    least_runs: int = 5
    """With fewer earlier runs nothing is usual yet."""


@dataclass(frozen=True, slots=True)
class LastRunRule:
    """The newest committed run is too old."""

    on: bool = True
    age_s: float | None = None
    """The age at which it is too old. Without it, `factor` times the usual time between runs counts."""
    factor: float = 3.0
    """How many times the usual time between runs, the median of the last nine."""
    least_s: float = 900
    """No age below this is told, where the usual time counts."""
    without_rhythm_s: float = DAY_S
    """The age at which it is too old while there is only one run."""


@dataclass(frozen=True, slots=True)
class DiskRule:
    """The disk that the lake is on is nearly full, in bytes or in files. Lakes in object stores have none."""

    on: bool = True
    free_share: float = 0.05
    """Less than this share is free."""


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules; each name is that of its table in a rules file."""

    silent: SilentRule = SilentRule()
    dropped: DroppedRule = DroppedRule()
    failures: FailuresRule = FailuresRule()
    plain_pages: PlainPagesRule = PlainPagesRule()
    text_length: TextLengthRule = TextLengthRule()
    pending: PendingRule = PendingRule()
    last_run: LastRunRule = LastRunRule()
    disk: DiskRule = DiskRule()

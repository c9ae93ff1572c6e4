"""Whether a feed has fallen silent, or brings less than it did, by its own rhythm. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import Final

from transforms.health.finding import Finding
from transforms.health.rules import DroppedRule, SilentRule

WEEKS: Final = 4
"""The usual week is the median of so many weeks at most, before the last 7 days."""

_OVERDUE_H: Final = 24
"""A feed that was due so long ago and was not asked is no longer in the list: that is no silence."""


@dataclass(frozen=True, slots=True)
class Source:
    """A feed's polls within 35 days. Its first poll in that time is only a beginning: what it brought is left out.

    `silence_h` is the time from the last poll with news to the last that was answered or failed, `usual_silence_h` the
    second longest between two polls with news, None if there are fewer than three; `news_polls` their number;
    `overdue_h` the time since the feed was due, None for a retired one. `recent` are the new entries of the last 7
    days, `weeks` those of the whole weeks before, the latest first, as far back as the feed was polled. `outcome` is
    that of the last poll.
    """

    feed_url: str
    outcome: str
    silence_h: float | None
    usual_silence_h: float | None
    overdue_h: float | None
    news_polls: int
    recent: int
    weeks: tuple[int, ...]

    @property
    def usual_week(self) -> float | None:
        """The median of the new entries of the weeks before the last 7 days; None without any."""
        return median(self.weeks[:WEEKS]) if self.weeks else None


def is_asked(source: Source) -> bool:
    """Whether the feed is still asked. A retired one has no next poll, and one that left the list is overdue."""
    return source.overdue_h is not None and source.overdue_h <= _OVERDUE_H


def silent(source: Source, rule: SilentRule) -> Finding | None:
    """The finding that a feed brings nothing for longer than it usually does; None if it does not."""
    if not rule.on or source.silence_h is None or source.usual_silence_h is None:
        return None
    if source.news_polls < rule.least_news or not is_asked(source):
        return None
    limit_h = max(rule.least_s / 3_600, rule.factor * source.usual_silence_h)
    if source.silence_h <= limit_h:
        return None
    because = "; its last poll failed" if source.outcome == "failed" else ""
    message = f"no news for {_span(source.silence_h)}, at most {_span(source.usual_silence_h)} are usual{because}"
    return Finding("silent", source.feed_url, message, source.silence_h, limit_h)


def dropped(source: Source, rule: DroppedRule) -> Finding | None:
    """The finding that a feed brings fewer entries than it usually does; None if it does not."""
    usual = source.usual_week
    if not rule.on or usual is None or usual < rule.least or not is_asked(source):
        return None
    if source.recent >= rule.share * usual:
        return None
    message = f"{source.recent} new entries in 7 days, {usual:g} are usual"
    return Finding("dropped", source.feed_url, message, source.recent, rule.share * usual)


def _span(hours: float) -> str:
    return f"{hours / 24:.1f} days" if hours >= 48 else f"{hours:.1f} hours"

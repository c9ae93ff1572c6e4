"""Whether the runs of a lake go as they usually do: failures, entries left over, the time since the last. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from transforms.common.clock import SECOND_US
from transforms.health.finding import Finding
from transforms.health.rules import FailuresRule, LastRunRule, PendingRule


@dataclass(frozen=True, slots=True)
class FailureDays:
    """The failures of one stage and reason in the last 24 hours, and in each of the earlier days that had runs."""

    name: str
    recent: int
    earlier: tuple[int, ...]


def failures_jumped(days: FailureDays, rule: FailuresRule) -> Finding | None:
    """The finding that there are more failures of this kind than usual; None if there are not."""
    usual = _usual(days.earlier, rule.least_days) if rule.on else None
    if usual is None or days.recent < rule.least or days.recent <= rule.factor * usual:
        return None
    message = f"{days.recent} failures in 24 hours, {usual:g} are usual"
    return Finding("failures", days.name, message, days.recent, max(rule.factor * usual, rule.least))


def pending_grew(newest: int, earlier: Sequence[int], rule: PendingRule) -> Finding | None:
    """The finding that the newest run has left over more entries than the earlier runs; None if it has not."""
    usual = _usual(earlier, rule.least_runs) if rule.on else None
    if usual is None or newest < rule.least or newest <= rule.factor * usual:
        return None
    message = f"{newest} entries are left for the next run, {usual:g} are usual"
    return Finding("pending", "", message, newest, max(rule.factor * usual, rule.least))


def _usual(earlier: Sequence[int], least: int) -> float | None:
    """The median of the numbers before; None of fewer than `least`, or of none: nothing is usual yet."""
    return median(earlier) if earlier and len(earlier) >= least else None


def run_too_old(finished_at_us: int, usual_gap_s: float, rule: LastRunRule, now_us: int) -> Finding | None:
    """The finding that the newest run ended too long ago; None if it did not.

    `usual_gap_s` is the usual time from one run to the next, 0 if it is unknown.
    """
    if not rule.on:
        return None
    age_s = (now_us - finished_at_us) / SECOND_US
    if rule.age_s is not None:
        limit_s = rule.age_s
    elif usual_gap_s:
        limit_s = max(rule.least_s, rule.factor * usual_gap_s)
    else:
        limit_s = rule.without_rhythm_s
    if age_s <= limit_s:
        return None
    message = f"the newest run ended {age_s / 3_600:.1f} hours ago, at most {limit_s / 3_600:.1f} are allowed"
    return Finding("last_run", "", message, round(age_s), round(limit_s))

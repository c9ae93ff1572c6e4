"""Settings of polling: how often feeds are polled, and how many at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace

from transforms.common.chance import chance_of
from transforms.common.clock import DAY_S

GENTLE_S = 3_600
"""The least time between two polls of a feed that is polled gently, where neither it nor its server asks for more."""


@dataclass(frozen=True, slots=True)
class PollSettings:
    """Settings of polling.

    After a success a feed's interval is the longest of `min_interval_s`, what the server (Cache-Control, Expires) and
    the feed (ttl, sy:updatePeriod) ask for, and the time between the feed's news divided by `polls_per_news`; at most
    `max_interval_s`. A `min_interval_s` of 0 means that the user sets the pace: every feed is polled in every run, as
    with `force`, except during pauses that servers asked for.

    After a first failure a feed is polled in the next run; after the n-th in a row n - 1 times `error_step_s` later, at
    most `max_interval_s`. After an answer that asks for patience without a time (429, 503) the wait is at least
    `rate_limited_s`, plus up to half of it. Each interval is lengthened by a share of at most `jitter`, fixed for each
    feed, so that feeds which began together drift apart. If runs come every `run_gap_s` (0: unknown), a feed is polled
    in the run nearest to its time, and jitter never delays it by a run.

    A feed that has answered 304 at least `probe_after` times in a row, for one to two days (fixed for each feed), is
    read once without conditions. A feed moves after `move_after` permanent redirects in a row to one address.

    With `gently`, a feed that is not said to want more, by a freshness of its answers or by itself, is asked at most
    once in GENTLE_S, also after a failure; it is never asked while its answer is fresh, and never without the
    validators that are known.

    `concurrency` bounds the polls under way, and so the bodies in memory. A run begins with `first_polls` at a time and
    allows one more for each that ends. So a thousand feeds that are due at once are no burst, and no time is lost if
    answers come fast.
    """

    min_interval_s: int = 900
    max_interval_s: int = DAY_S
    error_step_s: int = 3_600
    rate_limited_s: int = 4 * 3_600
    jitter: float = 0.1
    concurrency: int = 256
    first_polls: int = 32
    polls_per_news: int = 8
    probe_after: int = 8
    move_after: int = 3
    run_gap_s: float = 0.0
    force: bool = False
    gently: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.min_interval_s <= self.max_interval_s <= DAY_S:
            raise ValueError(
                f"poll intervals of {self.min_interval_s} to {self.max_interval_s} s: "
                f"the first must not pass the second, and neither a day ({DAY_S} s)"
            )
        if not 0 <= self.jitter <= 0.1:
            raise ValueError(f"jitter of {self.jitter}: give a share of the interval between 0 and 0.1")
        if min(self.concurrency, self.first_polls) < 1:
            raise ValueError(f"{self.concurrency} polls at a time, {self.first_polls} at first: give at least 1")
        if min(self.polls_per_news, self.probe_after, self.move_after) < 1:
            raise ValueError("polls_per_news, probe_after and move_after count polls: give at least 1")

    def for_feed(self, interval_s: int | None, gently: bool | None = None) -> PollSettings:
        """The settings of a feed for which the user chose another least interval, or to be gentle or not; None if
        nothing was chosen.
        """
        chosen_s = self.min_interval_s if interval_s is None else min(interval_s, self.max_interval_s)
        is_gentle = self.gently if gently is None else gently
        if (chosen_s, is_gentle) == (self.min_interval_s, self.gently):
            return self
        return replace(self, min_interval_s=chosen_s, gently=is_gentle)

    @property
    def asks_all(self) -> bool:
        """Whether every feed is due in every run, except during pauses that servers asked for."""
        return self.force or self.min_interval_s == 0


def jitter_of(feed_url: str) -> float:
    """A feed's own number in [0, 1): the same in every run and process."""
    return chance_of(feed_url)

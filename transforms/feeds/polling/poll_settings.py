"""How often feeds are polled, and how many at a time."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.text.chance import chance_of
from transforms.text.clock import DAY_S


@dataclass(frozen=True, slots=True)
class PollSettings:
    """How often feeds are polled.

    The interval after a success is the longest of `min_interval_s`, what the server (Cache-Control, Expires) and the
    feed (ttl, sy:updatePeriod) ask for, and the time between the feed's news divided by `polls_per_news`; at most
    `max_interval_s`. A `min_interval_s` of 0 means that the user sets the pace: then no interval of ours is added, and
    every feed is polled in every run, as with `force`, but for pauses that servers asked for.

    After a first failure a feed is polled in the next run, after the n-th in a row n - 1 times `error_step_s` later, at
    most `max_interval_s`; after an answer that asks for patience without saying how much (429, 503) at least
    `rate_limited_s`, and up to half as much again. A part of the interval, at most `jitter` of it and the same for a
    feed every time, is added, so that feeds which began together drift apart. Where runs are known to come every
    `run_gap_s`, a feed is polled in the run that is nearest to its time, and jitter never adds a run.

    A feed that answered 304 `probe_after` times in a row or more, and for a day or two (its own share of a day), is
    read once without conditions. Permanent redirects move a feed after `move_after` identical answers.

    `concurrency` bounds the polls under way, and so the bodies in memory. A run begins with `first_polls` of them and
    takes one more for each that ends: a thousand feeds that are due at once, all new or after a long rest, are no
    burst, and no time is lost where answers come fast.
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

    @property
    def asks_all(self) -> bool:
        """Whether our own pace and waits are set aside."""
        return self.force or self.min_interval_s == 0


def jitter_of(feed_url: str) -> float:
    """A feed's own number in [0, 1): the same in every run and process."""
    return chance_of(feed_url)

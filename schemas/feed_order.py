"""An operator's standing order for a feed: not to ask it for a while, never again, or at the next run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Order(StrEnum):
    """What an operator orders. FORCE: ask at the next run, whatever the schedule says; RETIRE: never ask again."""

    PAUSE = "pause"
    RESUME = "resume"
    RETIRE = "retire"
    REVIVE = "revive"
    FORCE = "force"


class Hold(StrEnum):
    """Why a feed is not asked."""

    PAUSED = "paused"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class FeedOrder:
    """The last order for a feed, and what follows from it and those before."""

    feed_url: str
    """The feed, as the feed list names it."""
    last: Order
    """The last order."""
    ordered_at_us: int
    """When it was given."""
    reason: str | None = None
    """Why, in the words of who gave it."""
    hold: Hold | None = None
    """Why the feed is not asked; None if it is."""
    until_us: int | None = None
    """The end of a pause; None for one without end."""
    asked: int | None = None
    """The number of the last order by which the feed is to be asked once: it counts until a cursor says `obeyed`."""

    def hold_at(self, now_us: int) -> Hold | None:
        """The hold that stands at an instant: a pause may be over."""
        is_over = self.hold is Hold.PAUSED and self.until_us is not None and now_us >= self.until_us
        return None if is_over else self.hold

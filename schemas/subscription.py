"""A stream's subscription to news of a feed, at the hub that the feed names (WebSub)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SubscriptionState(StrEnum):
    """ASKED: the hub is asked, or soon will be, and has not asked back; ACTIVE: it has; LEAVING: it is being ended."""

    ASKED = "asked"
    ACTIVE = "active"
    LEAVING = "leaving"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription as the lake keeps it, without its callback and secret, which follow from the stream's key."""

    feed_url: str
    """The feed, as the feed list names it."""
    hub_url: str
    """The hub that is asked."""
    topic_url: str
    """The address by which the hub knows the feed."""
    key_id: str
    """Which key its callback and secret follow from."""
    next_us: int
    """When something is to be done next: to ask, to ask again, to renew, to end."""
    state: SubscriptionState = SubscriptionState.ASKED
    asked_at_us: int | None = None
    """The last request to the hub; None if there was none yet."""
    is_pending: bool = False
    """The hub has taken that request and is still to ask back."""
    lease_until_us: int | None = None
    """When the hub ends it unless it is renewed."""
    failures: int = 0
    """Failures in a row."""

    @property
    def urls(self) -> tuple[str, str, str]:
        """What tells it from all others of its key: feed, hub and topic."""
        return self.feed_url, self.hub_url, self.topic_url

    def is_told(self, now_us: int) -> bool:
        """Whether the hub tells of news at this instant: it has asked back, and its lease lasts."""
        return self.state is SubscriptionState.ACTIVE and (self.lease_until_us or 0) > now_us

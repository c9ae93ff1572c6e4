"""Decides what becomes of subscriptions: when a hub is asked, what it may ask back, when to try again. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from schemas.subscription import Subscription, SubscriptionState
from transforms.common.chance import chance_of
from transforms.common.clock import DAY_S, SECOND_US
from transforms.feeds.push.wanted import Wanted

LEASE_S = 10 * DAY_S
"""The lease that hubs are asked for. They decide."""

_LONGEST_LEASE_S = 30 * DAY_S
_SOONEST_RENEWAL_S = 600
_PATIENCE_S = 600
"""How long a hub may take to ask back, before that counts as a failure; what it asks later is answered too."""
_STEP_S, _LONGEST_PAUSE_S = 300, DAY_S
_MOST_GOODBYES = 3


def reconciled(known: Iterable[Subscription], wanted: Wanted, key_id: str, now_us: int) -> list[Subscription]:
    """The subscriptions after a look at which feeds are to be subscribed to; one that is no longer wanted is ended.

    Those of another key are forgotten: their callbacks are not known any more.
    """
    left = dict(wanted)
    after = []
    for one in known:
        if one.key_id != key_id:
            continue
        if left.get(one.feed_url) == (one.hub_url, one.topic_url):
            del left[one.feed_url]
            is_back = one.state is SubscriptionState.LEAVING
            after.append(_anew(one, now_us) if is_back else one)
        elif one.state is SubscriptionState.LEAVING:
            after.append(one)
        elif one.asked_at_us is not None:
            after.append(replace(one, state=SubscriptionState.LEAVING, next_us=now_us, is_pending=False, failures=0))
    after += [Subscription(feed, hub, topic, key_id, now_us) for feed, (hub, topic) in left.items()]
    return after


def _anew(one: Subscription, now_us: int) -> Subscription:
    return Subscription(one.feed_url, one.hub_url, one.topic_url, one.key_id, now_us)


def begun(one: Subscription, now_us: int) -> Subscription | None:
    """The subscription as its hub is asked now, which may ask back before it answers; None if it is over instead."""
    if one.state is SubscriptionState.LEAVING:
        is_over = one.lease_until_us is not None and one.lease_until_us <= now_us
        if is_over or one.failures >= _MOST_GOODBYES:
            return None
    return replace(one, asked_at_us=now_us, is_pending=True, next_us=now_us + _PATIENCE_S * SECOND_US)


def is_to_be_asked(one: Subscription, now_us: int) -> bool:
    """Whether the hub is to be asked now; False also where a hub that has not asked back is given up first."""
    return _is_due(one, now_us) and not one.is_pending


def given_up(one: Subscription, now_us: int) -> Subscription:
    """A subscription of which the hub has not asked back in time is a failure; any other is as it was."""
    return failed(one, now_us) if one.is_pending and _is_due(one, now_us) else one


def _is_due(one: Subscription, now_us: int) -> bool:
    # No wait is so long: the clock was wrong then, or is now.
    return one.next_us <= now_us or one.next_us - now_us > 2 * _LONGEST_LEASE_S * SECOND_US


def failed(one: Subscription, now_us: int, retry_after_s: float | None = None) -> Subscription:
    """The subscription after its hub did not take it: it is asked again after 5 minutes, then twice as long each time,
    at most a day, and never before the time that it asked for.
    """
    failures = one.failures + 1
    pause_s = min(_STEP_S * 2 ** min(failures - 1, 16), _LONGEST_PAUSE_S) * (1 + 0.2 * chance_of(one.feed_url))
    pause_s = max(pause_s, min(retry_after_s or 0.0, _LONGEST_PAUSE_S))
    return replace(one, failures=failures, is_pending=False, next_us=now_us + round(pause_s * SECOND_US))


def put_off(one: Subscription, until_us: int) -> Subscription:
    """The subscription, of which the hub is not asked before `until_us`: it did not answer for another one."""
    return replace(one, next_us=max(one.next_us, until_us))


def answered(
    one: Subscription, mode: str, topic: str, lease: str | None, now_us: int
) -> tuple[bool, Subscription | None]:
    """Whether we did want what a hub asks back, and the subscription afterwards, None if it is over.

    A hub may be late, and may ask twice; but not without having been asked, within the last day, nor about another
    topic. It is renewed when 60 to 90 % of its lease are over, spread by feed, and not before ten minutes. A lease that
    cannot be read, or is longer than 30 days, counts as 30 days.
    """
    was_asked = one.asked_at_us is not None and now_us - one.asked_at_us <= DAY_S * SECOND_US
    if topic != one.topic_url:
        return False, one
    is_leaving = one.state is SubscriptionState.LEAVING
    match mode:
        case "subscribe" if was_asked and not is_leaving:
            return True, _verified(one, lease, now_us)
        case "unsubscribe" if was_asked and is_leaving:
            return True, None
        case "denied" if is_leaving:
            return True, None
        case "denied":
            ended = failed(one, now_us, retry_after_s=_LONGEST_PAUSE_S)
            return True, replace(ended, state=SubscriptionState.ASKED, lease_until_us=None)
    return False, one


def _verified(one: Subscription, lease: str | None, now_us: int) -> Subscription:
    lease_s = _LONGEST_LEASE_S
    if lease is not None and lease.isascii() and lease.isdigit() and len(lease) < 10:
        lease_s = min(int(lease), _LONGEST_LEASE_S)
    renewal_s = max(lease_s * (0.6 + 0.3 * chance_of(one.feed_url)), _SOONEST_RENEWAL_S)
    return replace(
        one,
        state=SubscriptionState.ACTIVE,
        is_pending=False,
        failures=0,
        lease_until_us=now_us + lease_s * SECOND_US,
        next_us=now_us + round(renewal_s * SECOND_US),
    )

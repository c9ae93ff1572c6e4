"""The subscriptions of one key, each under the last part of its callback's address, and what becomes of them.

Nothing here asks a hub or writes a file: whoever holds the book does.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from schemas.subscription import Subscription, SubscriptionState
from transforms.feeds.push.ask_hub import HubAnswer, may_know
from transforms.feeds.push.keys import PushKey
from transforms.feeds.push.subscriptions import (
    answered,
    begun,
    failed,
    given_up,
    is_to_be_asked,
    put_off,
    reconciled,
)
from transforms.feeds.push.wanted import Wanted
from transforms.web.forgotten import Forgotten
from transforms.web.urls import host_of


class AskedBack(NamedTuple):
    """A subscription of which a hub has asked back: whether it may do so, and what became of it, None if it is over."""

    is_right: bool
    before: Subscription
    after: Subscription | None


class SubscriptionBook:
    """The subscriptions of a stream. `is_changed` is set by each change, for whoever keeps them.

    Those of another key, and of hubs that may not know a secret, are left out: nobody would ask for them any more.
    """

    def __init__(self, key: PushKey, kept: Iterable[Subscription]) -> None:
        self._key = key
        self._by_token: dict[str, Subscription] = {}
        self._keep(one for one in kept if one.key_id == key.key_id and may_know(one.hub_url))
        self.is_changed = False

    @property
    def all(self) -> list[Subscription]:
        """All of them; another thread may ask."""
        return list(self._by_token.values())

    def states(self, now_us: int) -> Mapping[SubscriptionState, int]:
        """How many there are in each state; one whose lease has run out is asked for again."""
        lapsed = {SubscriptionState.ACTIVE: SubscriptionState.ASKED}
        found = Counter(one.state if one.is_told(now_us) else lapsed.get(one.state, one.state) for one in self.all)
        return {state: found[state] for state in SubscriptionState}

    def get(self, token: str) -> Subscription | None:
        """The subscription of a callback; None if there is none."""
        return self._by_token.get(token)

    def secret_of(self, token: str) -> str | None:
        """The secret with which pushes to a callback are signed; None if none is expected."""
        one = self._by_token.get(token)
        if one is None or one.state is SubscriptionState.LEAVING or one.asked_at_us is None:
            return None
        return self._key.secret_of(one)

    def is_over(self, token: str) -> bool:
        """Whether the subscription of a callback is being ended."""
        one = self._by_token.get(token)
        return one is not None and one.state is SubscriptionState.LEAVING

    def asked_back(self, token: str, mode: str, topic: str, lease: str | None, now_us: int) -> AskedBack | None:
        """Take what a hub asks back (see `answered`); None for a callback that is not known."""
        one = self._by_token.get(token)
        if one is None:
            return None
        is_right, after = answered(one, mode, topic, lease, now_us)
        if is_right:
            self._put(token, after)
        return AskedBack(is_right, one, after)

    def give_up(self, now_us: int) -> list[Subscription]:
        """Give up waiting for hubs that have not asked back in time; returns these subscriptions."""
        in_vain = []
        for token, one in list(self._by_token.items()):
            after = given_up(one, now_us)
            if after is not one:
                self._put(token, after)
                in_vain.append(after)
        return in_vain

    def due(self, now_us: int) -> dict[str, list[str]]:
        """The callbacks of subscriptions of which the hub is to be asked now, by the hub's host."""
        found = defaultdict(list)
        for token, one in self._by_token.items():
            if is_to_be_asked(one, now_us):
                found[host_of(one.hub_url)].append(token)
        return found

    def begin(self, token: str, now_us: int) -> Subscription | None:
        """Begin to ask a hub; returns the subscription as it is asked for, None if there is nothing to ask any more."""
        one = self._by_token.get(token)
        if one is None or not is_to_be_asked(one, now_us):
            return None
        asked = begun(one, now_us)
        self._put(token, asked)
        return asked

    def refused(self, token: str, asked: Subscription, answer: HubAnswer, now_us: int) -> Subscription | None:
        """Note that a hub did not take the request for `asked`; returns the subscription that has failed now.

        None if that is of no account: the hub has asked back meanwhile, or the feed is no longer wanted.
        """
        now = self._by_token.get(token)
        if now is None or now.asked_at_us != asked.asked_at_us or not now.is_pending:
            return None
        after = failed(now, now_us, answer.retry_after_s)
        self._put(token, after)
        return after

    def put_off(self, tokens: Iterable[str], like: str) -> None:
        """Let subscriptions wait for as long as that of the callback `like`, whose hub did not answer."""
        first = self._by_token.get(like)
        for token in tokens:
            if first is not None and (one := self._by_token.get(token)) is not None:
                self._put(token, put_off(one, first.next_us))

    def reconcile(self, wanted: Wanted, forgotten: Forgotten, now_us: int) -> None:
        """Begin what is wanted and end what is not; of what is forgotten no hub is told anything any more."""
        known = self.all
        left = [one for one in known if not forgotten.holds_any(one.urls)]
        after = reconciled(left, wanted, self._key.key_id, now_us)
        if after != known:
            self._keep(after)
            self.is_changed = True

    def _keep(self, subscriptions: Iterable[Subscription]) -> None:
        self._by_token = {self._key.token_of(one): one for one in subscriptions}

    def _put(self, token: str, one: Subscription | None) -> None:
        if one is None:
            self._by_token.pop(token, None)
        else:
            self._by_token[token] = one
        self.is_changed = True

"""Asks a hub to begin, renew or end a subscription."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlencode

from schemas.subscription import Subscription, SubscriptionState
from transforms.feeds.push.subscriptions import LEASE_S
from transforms.web.errors import FetchError
from transforms.web.http.client import HttpClient
from transforms.web.settings import Limits
from transforms.web.urls import BadUrl, host_of, is_loopback, name_of, request_url, resolve, scheme_of

_LIMITS = Limits(total_s=30.0, wire_bytes=64 * 1024, decoded_bytes=64 * 1024, cut=True)
_REDIRECTS = frozenset({307, 308})
_MOST_REDIRECTS = 3


class HubAnswer(NamedTuple):
    """What came of a request: whether the hub took it, else why not; and whether it answered at all."""

    is_taken: bool
    why: str = ""
    retry_after_s: float | None = None
    has_answered: bool = True


def may_know(hub_url: str) -> bool:
    """Whether a hub may be told a secret: by https, or on this machine (WebSub, 5.1)."""
    try:
        host = name_of(host_of(hub_url))
    except BadUrl:
        return False
    return scheme_of(request_url(hub_url)) == "https" or is_loopback(host)


async def ask_hub(client: HttpClient, one: Subscription, callback_url: str, secret: str) -> HubAnswer:
    """The hub's answer to a request for a subscription's present state. Temporary and permanent redirects (307, 308)
    are followed, each to a place that may know the secret, and the address guard looks at each.
    """
    form = {"hub.callback": callback_url, "hub.topic": one.topic_url}
    if one.state is SubscriptionState.LEAVING:
        form |= {"hub.mode": "unsubscribe"}
    else:
        form |= {"hub.mode": "subscribe", "hub.secret": secret, "hub.lease_seconds": str(LEASE_S)}
    url, body = one.hub_url, urlencode(form).encode()
    for _ in range(_MOST_REDIRECTS + 1):
        if not may_know(url):
            return HubAnswer(False, "it leads to where a secret would travel in the clear")
        try:
            response = await client.post(url, body, "application/x-www-form-urlencoded", _LIMITS)
        except FetchError as error:
            return HubAnswer(False, error.message, error.retry_after_s, has_answered=False)
        if response.is_success:
            return HubAnswer(True)
        if response.status not in _REDIRECTS or not response.headers.get("location"):
            return HubAnswer(False, f"it answered {response.status}", response.retry_after_s)
        try:
            url = request_url(resolve(url, response.headers["location"]))
        except BadUrl:
            return HubAnswer(False, "it redirects to what is no address")
    return HubAnswer(False, f"more than {_MOST_REDIRECTS} redirects")

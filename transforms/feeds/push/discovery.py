"""Finds the hub of a feed and the topic by which that knows it (WebSub, section 4). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from transforms.feeds.parsing.parsed import ParsedFeed
from transforms.feeds.push.ask_hub import may_know
from transforms.web.http.response import Response
from transforms.web.urls import BadUrl, request_url, resolve, scheme_of

_MOST_LINKS = 64
_MOST_CHARS = 2_048
_TARGET = re.compile(r"\s*+<([^<>]*+)>")
_PARAMETER = re.compile(r"\s*+;\s*+([\w!#$&+.^`|~*-]++)?+(?:\s*+=\s*+(?:\"((?:[^\"\\]|\\.)*+)\"|([^\s;,\"]*+)))?+")


class Hub(NamedTuple):
    """A hub, and the address that it knows a feed by."""

    hub_url: str
    topic_url: str


def hub_of(response: Response, parsed: ParsedFeed) -> Hub | None:
    """The first usable hub of a feed that was just read; None if it names none.

    Link headers count before the links in the feed itself, and hubs that may be told a secret (`may_know`) before
    others. Without a link to itself a feed is known by the address that answered; both must be named in the same place,
    since the one in the feed may be a copy's.
    """
    links = list(links_of(response.headers.getall("link", ())))
    hubs = [target for target, relations in links if "hub" in relations]
    if hubs:
        topic = next((target for target, relations in links if "self" in relations), None)
        return _usable(response.final_url, hubs, topic)
    return _usable(response.final_url, parsed.hubs, parsed.self_url)


def links_of(values: Iterable[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """The targets of Link headers as written, each with its relation types in lower case (RFC 8288, section 3)."""
    left = _MOST_LINKS
    for value in values:
        place = 0
        while left and (target := _TARGET.match(value, place)) is not None:
            left -= 1
            place, relations = target.end(), None
            while (parameter := _PARAMETER.match(value, place)) is not None:
                place = parameter.end()
                if (parameter[1] or "").lower() == "rel" and relations is None:  # further ones are ignored (3.3)
                    relations = parameter[2] if parameter[2] is not None else parameter[3]
            yield target[1].strip(), frozenset((relations or "").lower().split())
            comma = value.find(",", place)
            if comma < 0:
                break
            place = comma + 1


def _usable(base_url: str, hubs: Iterable[str], topic: str | None) -> Hub | None:
    try:
        topic_url = resolve(base_url, topic) if topic else base_url
        if len(topic_url) > _MOST_CHARS or scheme_of(topic_url) not in ("http", "https"):
            return None
    except BadUrl:
        return None
    found = []
    for hub in hubs:
        try:
            found.append(request_url(resolve(base_url, hub)))
        except BadUrl:
            continue
    usable = sorted((url for url in found if len(url) <= _MOST_CHARS), key=may_know, reverse=True)
    return Hub(usable[0], topic_url) if usable else None

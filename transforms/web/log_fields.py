"""What log records are about: the feed and the address at hand, for whoever formats the records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from types import MappingProxyType
from typing import Final

from transforms.web.urls import BadUrl, host_of

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_ABOUT: Final = ContextVar("about", default=_NOTHING)


@contextmanager
def about(*, url: str, feed: str | None = None) -> Iterator[None]:
    """In the block, and in no other task or thread, records are about an address, and the feed that listed it."""
    token = _ABOUT.set(log_fields(url, feed))
    try:
        yield
    finally:
        _ABOUT.reset(token)


def fields_at_hand() -> Mapping[str, str]:
    """The fields `url`, `host` and `feed`, as far as they are known here."""
    return _ABOUT.get()


def log_fields(url: str, feed: str | None = None) -> dict[str, str]:
    """The fields of a record about an address: without `host` if it has none, and without a password in it."""
    fields = {"url": without_user(url)}
    with suppress(BadUrl):
        fields["host"] = host_of(fields["url"])
    return fields | ({"feed": without_user(feed)} if feed else {})


def without_user(url: str) -> str:
    """The address without a user's name and password."""
    scheme, slashes, rest = url.partition("//")
    if not slashes:
        return url
    ends = min((rest.index(mark) for mark in "/?#\\" if mark in rest), default=len(rest))
    return scheme + slashes + rest[:ends].rpartition("@")[2] + rest[ends:]

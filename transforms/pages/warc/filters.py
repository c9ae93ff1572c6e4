"""Which records of an archive are wanted, told before their content is decoded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from transforms.web.urls import BadUrl, host_of, name_of, registrable_domain

HEAD_BYTES: Final = 1024
"""So much of a page is looked at for the language that its ``<html>`` states."""

_LANG: Final = re.compile(rb"<html\b[^<>]{0,900}?\slang\s{0,9}=\s{0,9}[\"']?([A-Za-z]{2,8})", re.I)
_WHOLE: Final = 1 << 64


@dataclass(frozen=True)
class Filters:
    """The user's choice. Empty or None: no filter of that kind. Can be pickled.

    `hosts` are hosts, or registrable domains with all their hosts. Captures count from `since_us` to `until_us`, of
    which the first is included. `languages` are primary subtags (``de``); a page that states no language passes.
    `sample` is the share of pages to keep: by their keys, so that a page is in each larger sample too.
    """

    hosts: tuple[str, ...] = ()
    since_us: int | None = None
    until_us: int | None = None
    languages: tuple[str, ...] = ()
    sample: float | None = None

    def by_header(self, url: str, url_key: str, date_us: int) -> str | None:
        """Which filter leaves a record out by its address and date: ``hosts``, ``dates`` or ``sample``; None if none
        does."""
        if self.hosts and not self._is_of_hosts(url):
            return "hosts"
        if (self.since_us or 0) > date_us or (self.until_us is not None and date_us >= self.until_us):
            return "dates"
        if self.sample is not None and int(url_key[:16], 16) >= self.sample * _WHOLE:
            return "sample"
        return None

    def by_language(self, stated: str | None, head: bytes) -> str | None:
        """``languages`` if a page says that it is in none of the wanted languages; None otherwise.

        `stated` is its Content-Language header, in which one of several is enough; where there is none, the ``lang`` of
        ``<html>`` in the first `HEAD_BYTES` of the page counts.
        """
        if not self.languages:
            return None
        said = [one.strip().lower().partition("-")[0] for one in (stated or "").split(",") if one.strip()]
        if not said and (found := _LANG.search(head[:HEAD_BYTES])) is not None:
            said = [found[1].decode("ascii").lower()]
        return "languages" if said and not set(said) & self._languages else None

    @cached_property
    def _languages(self) -> frozenset[str]:
        return frozenset(one.lower().partition("-")[0] for one in self.languages)

    @cached_property
    def _hosts(self) -> frozenset[str]:
        return frozenset(one.lower() for one in self.hosts)

    def _is_of_hosts(self, url: str) -> bool:
        try:
            return name_of(host_of(url)) in self._hosts or registrable_domain(url) in self._hosts
        except BadUrl:
            return False

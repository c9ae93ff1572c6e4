"""Addresses and domains that the lake has forgotten, and that are therefore never asked for again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from schemas.run import Run
from transforms.web.urls import BadUrl, host_of, name_of, url_key


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Forgotten addresses by `url_key`, and forgotten domains, each of which stands for all hosts below it.

    `hosts` are those of all the addresses, where they are known (else None): then the addresses of other hosts need not
    be brought into their normal spelling, which takes 20 µs each.
    """

    keys: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    hosts: frozenset[str] | None = None

    def __bool__(self) -> bool:
        return bool(self.keys or self.domains)

    def holds(self, url: str) -> bool:
        """Whether an address is forgotten, by itself or by its domain; False for what is no address."""
        return self.holds_domain_of(url) or self.holds_key(url)

    def holds_any(self, urls: Iterable[str]) -> bool:
        """Whether any of these addresses is forgotten."""
        return any(map(self.holds, urls))

    def holds_key(self, url: str) -> bool:
        """Whether an address is forgotten by itself."""
        if not self.keys or (self.hosts is not None and _plain_host(url) not in (None, *self.hosts)):
            return False
        try:
            return url_key(url) in self.keys
        except BadUrl:
            return False

    def holds_domain_of(self, url: str) -> bool:
        """Whether an address is forgotten by its domain."""
        if not self.domains:
            return False
        try:
            return self.holds_host(_plain_host(url) or host_of(url))
        except BadUrl:
            return False

    def holds_host(self, host: str) -> bool:
        """Whether a host, as `host_of` returns it, is a forgotten domain or lies below one."""
        name = name_of(host)
        while name and self.domains:
            if name in self.domains:
                return True
            name = name.partition(".")[2]
        return False

    def names_it(self, text: str) -> bool:
        """Whether a sentence, such as a failure's message, contains a forgotten address or host."""
        words = (word.strip(".,:;'\"()<>") for word in text.split())
        return any(self.holds(word) if "://" in word else self.holds_host(word.lower()) for word in words)


_PLAIN = re.compile(r"https?://((?:[a-z0-9-]++\.)++[a-z][a-z0-9-]*+)(?::[0-9]++)?+(?=[/?#]|$)", re.ASCII)


def _plain_host(url: str) -> str | None:
    """The host, without its port, of an address that is spelled as most are; None where only a parser can tell."""
    match = _PLAIN.match(url)
    return match[1] if match else None


NOTHING_FORGOTTEN: Final = Forgotten()

ForgottenLookup = Callable[[Run], Forgotten]
"""What a run's lake has forgotten. Can be pickled."""


def nothing_forgotten(_: Run) -> Forgotten:
    """The look-up of a lake that has forgotten nothing."""
    return NOTHING_FORGOTTEN

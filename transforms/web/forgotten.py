"""Addresses and domains that the lake has forgotten, and that are therefore never asked for again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from schemas.run import Run
from transforms.web.urls import BadUrl, host_of, name_of, url_key


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Forgotten addresses by `url_key`, and forgotten domains, each of which stands for all hosts below it."""

    keys: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.keys or self.domains)

    def holds(self, url: str) -> bool:
        """Whether an address is forgotten, by itself or by its domain; False for what is no address."""
        try:
            return self.holds_domain_of(url) or (bool(self.keys) and url_key(url) in self.keys)
        except BadUrl:
            return False

    def holds_key(self, url: str) -> bool:
        """Whether an address is forgotten by itself."""
        try:
            return bool(self.keys) and url_key(url) in self.keys
        except BadUrl:
            return False

    def holds_domain_of(self, url: str) -> bool:
        """Whether an address is forgotten by its domain."""
        try:
            return bool(self.domains) and self.holds_host(host_of(url))
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


NOTHING_FORGOTTEN: Final = Forgotten()

ForgottenLookup = Callable[[Run], Forgotten]
"""What a run's lake has forgotten. Can be pickled."""


def nothing_forgotten(_: Run) -> Forgotten:
    """The look-up of a lake that has forgotten nothing."""
    return NOTHING_FORGOTTEN

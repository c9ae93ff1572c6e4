"""Settings of HTTP requests: our name, time limits, size limits, delays and retries."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata

from transforms.web.chosen.host_settings import NO_HOSTS_CHOSEN, HostChoices

MIB = 1 << 20
PRODUCT = "newsbeam"
"""Our product token, by which robots.txt files name us; also the first word of the User-Agent header."""

_HEADER_SAFE = re.compile(r"[\x21-\x27\x2a-\x7e]*")


@dataclass(frozen=True, slots=True)
class Limits:
    """Time and size limits of one request; each hop of a redirect is a request of its own.

    `connect_s` limits name resolution, and again TCP with TLS; `header_s` everything up to the answer's head; `idle_s`
    the pause between two pieces of the body; `total_s` the whole request, so that a slowly dripping server is cut off.
    `wire_bytes` is the size of the body as sent, `decoded_bytes` after content decoding. With `cut`, a body is cut at
    these sizes instead of refused.
    """

    connect_s: float = 10.0
    header_s: float = 30.0
    idle_s: float = 20.0
    total_s: float = 60.0
    wire_bytes: int = 32 * MIB
    decoded_bytes: int = 32 * MIB
    cut: bool = False


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """Settings of all requests of a run. Can be pickled.

    `contact` (a URL or mail address) is named in the User-Agent header. `host_delay_s` is the least pause between the
    end of one request to a host and the start of the next; a longer Crawl-delay than `max_crawl_delay_s` is cut to it.
    The pause is also at least `answer_share` times the host's mean answer time: with 0.5, we keep a host busy for at
    most two thirds of the time. A host that asks for more than `patience_s` of rest is left for a later run. The first
    retry is made after `retry_base_s`, each further one after twice as long, each time up to half longer or shorter.
    `hosts` are the settings of single hosts: another pause, credentials, a proxy.
    """

    contact: str = ""
    limits: Limits = field(default_factory=Limits)
    max_redirects: int = 5
    host_delay_s: float = 1.0
    max_crawl_delay_s: float = 60.0
    answer_share: float = 0.5
    patience_s: float = 120.0
    max_connections: int = 64
    retries: int = 2
    retry_base_s: float = 1.0
    hosts: HostChoices = NO_HOSTS_CHOSEN

    def __post_init__(self) -> None:
        if not _HEADER_SAFE.fullmatch(self.contact):
            raise ValueError(
                f"contact {self.contact!r} cannot stand in a User-Agent header: "
                "give a URL or a mail address without spaces, brackets or letters beyond ASCII"
            )

    def delay_of(self, host: str) -> float:
        """The least pause between two requests to a host, as `host_of` returns it, in seconds."""
        chosen = self.hosts.of(host).delay_s if self.hosts.hosts else None
        return self.host_delay_s if chosen is None else chosen

    @property
    def user_agent(self) -> str:
        """``newsbeam/<version> (+<contact>)``."""
        product = f"{PRODUCT}/{_version()}"
        return f"{product} (+{self.contact})" if self.contact else product


@cache
def _version() -> str:
    try:
        return metadata.version(PRODUCT)
    except metadata.PackageNotFoundError:  # run from a source tree that was never installed
        return "0"

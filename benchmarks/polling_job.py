"""The job of a poller in the polling benchmark. Imports little, because every process imports this file."""

from __future__ import annotations

from dataclasses import dataclass

ROLES = ("bare aiohttp loop", "  and feedparser", "poll_feeds", "PollFeeds in Beam")
OLD = '"old"'


@dataclass(frozen=True)
class Job:
    """What a poller has to do."""

    role: str
    port: int
    feeds: int
    hosts: int
    rounds: int
    host_delay_s: float = 0.0
    is_first: bool = False

    @property
    def urls(self) -> list[str]:
        """The addresses of the feeds."""
        names = hosts_of(self.hosts)
        return [f"http://{names[n % self.hosts]}:{self.port}/feed/{n}" for n in range(self.feeds)]


def hosts_of(count: int) -> list[str]:
    """So many loopback addresses, 50 in a network."""
    return [f"127.0.{1 + n // 50}.{1 + n % 50}" for n in range(count)]

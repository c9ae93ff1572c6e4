"""What the user chose for hosts: found by the host of a request."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace

from schemas.credentials import Credentials
from transforms.web.chosen.tables import Tables


@dataclass(frozen=True, slots=True)
class HostSettings:
    """The settings of requests to one host, or of one table of the settings file; None where nothing is said.

    `delay_s` takes the place of the run's pause between two requests, `proxy` is the address of an HTTP proxy without
    credentials. `credentials` are sent by https alone, unless `plain_http`.
    """

    delay_s: float | None = None
    credentials: Credentials | None = None
    plain_http: bool | None = None
    proxy: str | None = None
    proxy_credentials: Credentials | None = None

    def over(self, below: HostSettings) -> HostSettings:
        """These settings, and those of `below` where these say nothing."""
        said = {one.name: value for one in fields(self) if (value := getattr(self, one.name)) is not None}
        return replace(below, **said)


@dataclass(frozen=True, slots=True)
class HostChoices:
    """The tables of the settings file that speak of requests to hosts, in the file's order. Can be pickled."""

    hosts: tuple[tuple[str, HostSettings], ...] = ()
    _by_host: Tables[HostSettings] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_host", Tables(self.hosts))

    def of(self, host: str) -> HostSettings:
        """The settings of a host as `host_of` returns it: its own table counts before patterns, longer patterns before
        shorter ones."""
        chosen = HostSettings()
        for _, settings in self.tables_of(host):
            chosen = settings.over(chosen)
        return chosen

    def tables_of(self, host: str) -> list[tuple[str, HostSettings]]:
        """The tables that fit a host, each with its name, the most particular last."""
        return self._by_host.fitting(host)

    @property
    def credentials(self) -> tuple[Credentials, ...]:
        """All credentials that requests may need."""
        pairs = ((one.credentials, one.proxy_credentials) for _, one in self.hosts)
        return tuple(one for pair in pairs for one in pair if one is not None)


NO_HOSTS_CHOSEN = HostChoices()

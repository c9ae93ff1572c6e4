"""Which requests go through a proxy, and what the address guard can still know of them."""

from __future__ import annotations

import asyncio
from ipaddress import ip_address
from typing import Any, Final, NamedTuple

import aiohttp
from aiohttp.abc import AbstractResolver

from schemas.failure import Reason
from transforms.web.chosen.host_settings import HostChoices
from transforms.web.chosen.secrets import header_of
from transforms.web.errors import FetchError, Phase
from transforms.web.http.guard import AddressGuard, AddressRefused
from transforms.web.urls import host_of, name_of, scheme_of

_WANTS_CREDENTIALS: Final = 407
_LOOK_UP_S: Final = 5.0
"""How long our own look-up of a proxied host may take: the proxy makes one of its own."""


class Route(NamedTuple):
    """The way of a request: directly, or through a proxy, which gets `shown`; of a tunnel (https) only the proxy may
    see it, else it travels with the request."""

    proxy: str | None = None
    shown: tuple[tuple[str, str], ...] = ()
    is_tunnel: bool = False

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Headers to add to the request itself."""
        return () if self.is_tunnel else self.shown

    @property
    def options(self) -> dict[str, Any]:
        """What aiohttp is to be told besides."""
        if self.proxy is None:
            return {}
        return {"proxy": self.proxy} | ({"proxy_headers": dict(self.shown)} if self.is_tunnel else {})

    def check(self, status: int) -> None:
        """Raise FetchError for a status that only a proxy gives: it is not the host's answer."""
        if self.proxy is not None and status == _WANTS_CREDENTIALS:
            raise _failure(f"the proxy answered {status}: it asks for credentials")


DIRECT: Final = Route()


def proxy_failure(error: aiohttp.ClientHttpProxyError | aiohttp.ClientProxyConnectionError) -> FetchError:
    """What a request that ended at its proxy failed by: it may pass, and says nothing of the host."""
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return _failure(f"the proxy answered {error.status}")
    refused = isinstance(error.os_error, AddressRefused)
    return _failure(f"no connection to the proxy: {error.os_error if refused else error.os_error.strerror}")


def _failure(message: str) -> FetchError:
    return FetchError(Reason.UNREACHABLE, message, phase=Phase.CONNECT)


class Proxies:
    """The proxies that the settings name for hosts.

    A proxy looks names up itself, so the guard cannot check the address that is connected to. It checks the proxy's own
    address, at the connection; a literal address in the URL; and every address that our own resolver knows of the host.
    A name that only the proxy can resolve is left to it: that is what the user has asked for, for this host.
    """

    def __init__(self, hosts: HostChoices, guard: AddressGuard, resolver: AbstractResolver) -> None:
        self._hosts = hosts
        self._guard = guard
        self._resolver = resolver
        self._refusals: dict[str, str | None] = {}

    async def route_of(self, url: str) -> Route:
        """The way of a request. Raises FetchError if the guard refuses the host behind the proxy."""
        if not self._hosts.hosts:
            return DIRECT
        host = host_of(url)
        chosen = self._hosts.of(host)
        if not chosen.proxy:
            return DIRECT
        name = name_of(host)
        if name not in self._refusals:
            self._refusals[name] = await self._refused(name)
        refused = self._refusals[name]
        if refused is not None:
            raise FetchError(
                Reason.ADDRESS_REFUSED, f"{name} is at {refused}: {AddressRefused(refused)}; a proxy changes nothing"
            )
        if chosen.proxy_credentials is None:
            return Route(chosen.proxy)
        _, value = header_of(chosen.proxy_credentials)
        return Route(chosen.proxy, (("Proxy-Authorization", value),), is_tunnel=scheme_of(url) == "https")

    async def _refused(self, name: str) -> str | None:
        """An address of a host that the guard refuses; None where it refuses none of those that we can know."""
        try:
            addresses = [str(ip_address(name.strip("[]")))]
        except ValueError:
            try:
                async with asyncio.timeout(_LOOK_UP_S):
                    addresses = [one["host"] for one in await self._resolver.resolve(name)]
            except (OSError, TimeoutError):
                return None
        for address in addresses:
            try:
                self._guard.check(address)
            except AddressRefused:
                return address
        return None

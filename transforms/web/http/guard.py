"""Decides which addresses may be connected to: global ones, and those in networks that the user allows."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network

_GLOBAL_V6 = IPv6Network("2000::/3")
"""The only IPv6 range that IANA assigns as global unicast."""

_REFUSED = tuple(
    ip_network(text)
    for text in (
        "192.0.0.0/24",  # protocol assignments; ipaddress calls 192.0.0.192 and others global (metadata service)
        "192.88.99.0/24",  # 6to4 relays
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",
        "100.64.0.0/10",  # carrier-grade NAT
        "2001::/23",  # protocol assignments, among them Teredo, which embeds IPv4 addresses
        "2002::/16",  # 6to4 embeds an IPv4 address
        "3fff::/20",  # documentation, newer than Python 3.11's table
    )
)


class AddressRefused(OSError):  # noqa: N818
    """A connection that was refused. An OSError, so that the next address of the same host is tried.

    The text is the same for every address, because aiohappyeyeballs keeps the type of several failures only if their
    texts are equal. `address` is the refused address.
    """

    def __init__(self, address: str) -> None:
        super().__init__("address is not a global one, and --allow_networks does not name it")
        self.address = address


@dataclass(frozen=True, slots=True)
class AddressGuard:
    """Refuses every address that is not global, except those in the networks of `allow` (CIDR). Can be pickled.

    An IPv4-mapped address is judged by its IPv4 address. 64:ff9b::/96 and other translation prefixes are refused
    whole. Raises ValueError if a network cannot be read.
    """

    allow: tuple[str, ...] = ()
    _networks: tuple[Network, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_networks", tuple(_network(text) for text in self.allow))

    def check(self, address: str) -> None:
        """Raise AddressRefused unless `address` (a literal, with or without an IPv6 zone) may be connected to."""
        try:
            ip = ip_address(address.partition("%")[0].strip("[]"))
        except ValueError:
            raise AddressRefused(address) from None
        if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        if not _is_global(ip) and not any(ip in network for network in self._networks):
            raise AddressRefused(address)


def _is_global(ip: IPv4Address | IPv6Address) -> bool:
    if isinstance(ip, IPv6Address) and ip not in _GLOBAL_V6:
        return False
    return ip.is_global and not any(ip in network for network in _REFUSED)


def _network(text: str) -> Network:
    try:
        return ip_network(text.strip())
    except ValueError as error:
        raise ValueError(
            f"allow_networks: {text!r} is not a network ({error}); write it as CIDR, such as 127.0.0.0/8 or ::1/128"
        ) from error

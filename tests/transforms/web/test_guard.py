from __future__ import annotations

import pickle

import pytest

from transforms.web.http.guard import AddressGuard, AddressRefused

REFUSED = [
    "127.0.0.1",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.0.1",
    "169.254.1.1",
    "100.64.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "198.51.100.7",
    "192.88.99.1",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "2001::1",
    "2001:db8::1",
    "2002:808:808::1",
    "3fff::1",
    "fc00::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "not an address",
]


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_that_is_not_global_is_refused(address: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        AddressGuard().check(address)
    assert refused.value.address == address


@pytest.mark.parametrize("address", ["8.8.8.8", "::ffff:8.8.8.8", "2606:4700::1111", "[2606:4700::1111]"])
def test_a_global_address_is_let_through(address: str) -> None:
    AddressGuard().check(address)


def test_networks_can_be_opened_and_only_those() -> None:
    guard = AddressGuard(("127.0.0.0/8", "::1/128"))
    for address in ("127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"):
        guard.check(address)
    with pytest.raises(AddressRefused):
        guard.check("10.0.0.1")


@pytest.mark.parametrize("text", ["10.0.0.1/8", "localhost", "10.0.0.0/33", ""])
def test_a_network_that_cannot_be_read_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(ValueError, match="write it as CIDR"):
        AddressGuard((text,))


def test_a_guard_pickles_with_what_it_opens() -> None:
    guard = pickle.loads(pickle.dumps(AddressGuard(("127.0.0.0/8",))))
    guard.check("127.0.0.1")
    assert guard == AddressGuard(("127.0.0.0/8",))

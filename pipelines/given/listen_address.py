"""The address on which a command listens, as an option's type."""

from __future__ import annotations

import argparse
import ipaddress
import re
from typing import Final, NamedTuple

LOOPBACK: Final = "127.0.0.1"

_ADDRESS: Final = re.compile(r"(?:(?P<host>\[[0-9A-Fa-f:.]+\]|[^:\[\]\s]*):)?(?P<port>\d{1,5})", re.ASCII)


class ListenAddress(NamedTuple):
    """A host and a port to listen on; port 0: any that is free."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def listen_address(text: str) -> ListenAddress:
    """An option's type: ``127.0.0.1:8765``, ``[::1]:8765``, or a port alone, which is on loopback."""
    read = _ADDRESS.fullmatch(text.strip())
    if read is None or int(read["port"]) > 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is no address: give HOST:PORT or PORT")
    host = (read["host"] or LOOPBACK).strip("[]")
    if ":" in host:
        try:
            ipaddress.IPv6Address(host)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is no address: {host} is no IPv6 address") from None
    return ListenAddress(host, int(read["port"]))


def why_not_listening(error: OSError | UnicodeError) -> str:
    """Why nobody can listen on an address: it is taken, or its host (UnicodeError) can be no name."""
    return str(getattr(error, "strerror", None) or error)

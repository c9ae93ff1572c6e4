"""Which addresses processes listen on, as the kernel tells."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_LISTEN = "0A"


def listening(pids: Iterable[int]) -> set[str]:
    """The addresses (without ports) of all sockets on which one of the processes takes connections."""
    ours = {socket for pid in pids for socket in _sockets(pid)}
    return {address for socket, address in _listeners() if socket in ours}


def _sockets(pid: int) -> set[str]:
    found = set()
    with suppress(FileNotFoundError, ProcessLookupError):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(FileNotFoundError):
                found.add(os.readlink(link).removeprefix("socket:[").removesuffix("]"))
    return found


def _listeners() -> Iterable[tuple[str, str]]:
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            _, local, _, state, *rest = line.split()
            if state == _LISTEN:
                yield rest[5], _address(local.partition(":")[0])


def _address(words: str) -> str:
    """An address from the kernel's form: words of 32 bits, each with its bytes in the machine's order."""
    raw = b"".join(bytes.fromhex(words[at : at + 8])[::-1] for at in range(0, len(words), 8))
    address = ipaddress.ip_address(raw)
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)

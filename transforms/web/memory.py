"""What of a host outlives the run that met it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from schemas.host import HostMemory
from schemas.run import Run

HostLookup = Callable[[Run, Sequence[str]], Iterable[HostMemory]]
"""A run and hosts to what earlier runs remember of them; unknown hosts are left out. Pickles, and reads the lake."""


def unknown_hosts(_: Run, __: Sequence[str]) -> Iterable[HostMemory]:
    """The look-up of a first run: nothing is remembered."""
    return ()


def for_next_run(memory: HostMemory) -> HostMemory:
    """The memory as the next run should have it.

    A host that took no connections, or had no robots.txt to give, may be well again by then and is asked anew; rules
    that were read, and a rest that the host asked for, still hold.
    """
    if memory.is_dead:
        memory = replace(memory, is_dead=False, rest_until_us=None)
    memory = replace(memory, dead_schemes=())
    if memory.robots_status is None or memory.robots_status >= 500:
        memory = replace(memory, robots_status=None, robots_body=None, robots_fetched_at_us=None)
    return memory

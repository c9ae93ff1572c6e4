"""Decides what one run passes to the next about a host."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from schemas.host import HostMemory
from schemas.run import Run

HostLookup = Callable[[Run, Sequence[str]], Iterable[HostMemory]]
"""Takes a run and hosts, returns what earlier runs remember of them; leaves unknown hosts out. Can be pickled."""


def unknown_hosts(_: Run, __: Sequence[str]) -> Iterable[HostMemory]:
    """The look-up of a first run: nothing is remembered."""
    return ()


def for_next_run(memory: HostMemory) -> HostMemory:
    """The memory of a host that the next run gets.

    A host that took no connections, or whose robots.txt could not be had, may be well again and is asked again. Rules
    that were read, and a rest that the host asked for, are kept.
    """
    if memory.is_dead:
        memory = replace(memory, is_dead=False, rest_until_us=None)
    memory = replace(memory, dead_schemes=())
    if memory.robots_status is None or memory.robots_status >= 500:
        memory = replace(memory, robots_status=None, robots_body=None, robots_fetched_at_us=None)
    return memory

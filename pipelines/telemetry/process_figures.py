"""What the command and its workers cost, as the operating system counts it."""

from __future__ import annotations

import os
import platform
import resource
from collections import defaultdict
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final, NamedTuple

from pipelines.telemetry.totals import Totals

_KIB: Final = 1024
"""Linux gives peak memory in these."""
_PROCESSES: Final = Path("/proc")


class _Process(NamedTuple):
    """A process, its parent, and its processor time in ticks with that of its children that have ended."""

    number: int
    parent: int
    ticks: int


def take_figures(totals: Totals) -> None:
    """Set the metrics of this process and of those that it has started to what they are now."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    cpu_s = {"command": own.ru_utime + own.ru_stime, "workers": _workers_s(_processes(), os.getpid())}
    totals.set("newsbeam_process_cpu_seconds", [((process,), taken_s) for process, taken_s in cpu_s.items()])
    totals.set("newsbeam_process_peak_memory_bytes", [((), own.ru_maxrss * _KIB)])
    totals.set("newsbeam_build_info", [(_versions(), 1)])


def _workers_s(processes: list[_Process], mine: int) -> float:
    """The processor time of all processes below mine: those that live, and those that these have waited for."""
    below: defaultdict[int, list[_Process]] = defaultdict(list)
    for process in processes:
        below[process.parent].append(process)
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    ticks, parents = 0, [mine]
    while parents:
        children = below.pop(parents.pop(), [])
        ticks += sum(child.ticks for child in children)
        parents += [child.number for child in children]
    return ended.ru_utime + ended.ru_stime + ticks / os.sysconf("SC_CLK_TCK")


def _processes() -> list[_Process]:
    """The processes that this user may see."""
    found = []
    for folder in _PROCESSES.glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text("utf-8", "replace")
        except OSError:  # it has ended
            continue
        # The name, in brackets, may hold anything. Behind it the parent is field 2, the times are fields 12 to 15.
        fields = stat.rpartition(")")[2].split()
        found.append(_Process(int(folder.name), int(fields[1]), sum(map(int, fields[11:15]))))
    return found


@cache
def _versions() -> tuple[str, str, str]:
    return metadata.version("newsbeam"), metadata.version("apache-beam"), platform.python_version()

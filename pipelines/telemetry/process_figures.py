"""What the command and its workers cost, as the operating system counts it."""

from __future__ import annotations

import platform
import resource
from functools import cache
from importlib import metadata

from pipelines.telemetry.totals import Totals

_WHO = (("command", resource.RUSAGE_SELF), ("workers", resource.RUSAGE_CHILDREN))
_KIB = 1024
"""Linux gives peak memory in these."""


def take_figures(totals: Totals) -> None:
    """Set the metrics of this process, and of those of its own that have ended, to what they are now."""
    usage = {who: resource.getrusage(whose) for who, whose in _WHO}
    totals.set("newsbeam_process_cpu_seconds", [((who,), of.ru_utime + of.ru_stime) for who, of in usage.items()])
    totals.set("newsbeam_process_peak_memory_bytes", [((who,), of.ru_maxrss * _KIB) for who, of in usage.items()])
    totals.set("newsbeam_build_info", [(_versions(), 1)])


@cache
def _versions() -> tuple[str, str, str]:
    return metadata.version("newsbeam"), metadata.version("apache-beam"), platform.python_version()

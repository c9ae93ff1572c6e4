"""Measures a command with all processes that it starts: wall time, processor time and peak memory."""

from __future__ import annotations

import compileall
import contextlib
import ctypes
import os
import resource
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h


_PACKAGES = ("newsbeam", "pipelines", "transforms", "schemas")


@dataclass(frozen=True, slots=True)
class Measured:
    """The output of a command, its wall and processor seconds, and the peak memory of all its processes.

    `peak_bytes` is the proportional set size summed over the process tree, sampled five times a second, or less
    often where a sample takes long.
    """

    output: str
    wall_s: float
    cpu_s: float
    peak_bytes: int


def measured(command: Sequence[str]) -> Measured:
    """Run a command until it and all its processes have ended. Raises CalledProcessError if it fails. Linux only."""
    # Processes that outlive their parent, such as a fork server, become our children, so that their time counts too.
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    sampler = _PeakSampler(process.pid)
    output, errors = process.communicate()
    wall_s = time.monotonic() - started
    sampler.stop()
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, list(command), output, errors[-4000:])
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(output, wall_s, cpu_s, sampler.peak_bytes)


def compile_sources() -> None:
    """Compile newsbeam's modules, as an installation does, so that no start that is measured has to."""
    for package in _PACKAGES:
        compileall.compile_dir(Path(__file__).parents[1] / package, quiet=2)


def tree_cpu_s(pid: int) -> float:
    """The processor seconds so far of a running process, of its children, and of those that have ended."""
    ticks = 0
    for one in _tree(pid):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))  # utime stime cutime cstime, proc(5)
    return ticks / os.sysconf("SC_CLK_TCK")


def tree_memory_bytes(pid: int) -> int:
    """The memory of a running process and its children now: the proportional set size of each."""
    return sum(map(_pss_bytes, _tree(pid)))


def own_peak_mib() -> float:
    """The peak resident memory of this process. Unlike `ru_maxrss`, it does not begin with its parent's."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


_SAMPLED_EVERY_S = 0.2
_MOST_OF_A_CORE = 0.02
"""A look at large processes takes milliseconds, in which they wait: it is taken so seldom that it costs no more."""


class _PeakSampler:
    def __init__(self, pid: int) -> None:
        self.peak_bytes = 0
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def _sample(self) -> None:
        wait_s = _SAMPLED_EVERY_S
        while not self._ended.wait(wait_s):
            began_s = time.monotonic()
            self.peak_bytes = max(self.peak_bytes, tree_memory_bytes(self._pid))
            wait_s = max(_SAMPLED_EVERY_S, (time.monotonic() - began_s) / _MOST_OF_A_CORE)


def _tree(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                found.extend(map(int, task.read_text().split()))
    return found


def _pss_bytes(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0

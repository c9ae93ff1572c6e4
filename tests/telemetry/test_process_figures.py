"""What a command costs, with the processes that it has started."""

from __future__ import annotations

import os
import resource
import subprocess
import sys

from pipelines.telemetry.names import BY_NAME
from pipelines.telemetry.process_figures import take_figures
from pipelines.telemetry.totals import Totals

_BUSY = "import time\nwhile time.process_time() < 0.3: pass\n"
_WITH_A_CHILD = f"""
import subprocess, sys
subprocess.run([sys.executable, '-c', {_BUSY!r}])
print('ready', flush=True)
sys.stdin.read()
"""


def workers_s() -> float:
    totals = Totals()
    take_figures(totals)
    return dict(totals.samples(BY_NAME["newsbeam_process_cpu_seconds"]))[("workers",)]


def test_the_processor_time_of_workers_counts_whether_they_live_or_a_living_one_has_waited_for_them() -> None:
    before_s = workers_s()
    command = [sys.executable, "-c", _WITH_A_CHILD]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"ready\n"
        assert workers_s() - before_s >= 0.25
        assert worker.stdin is not None
        worker.stdin.close()
        worker.wait()
    assert workers_s() - before_s >= 0.25, "nor is it lost at its end"


def test_the_command_s_own_figures_are_the_operating_system_s() -> None:
    totals, before = Totals(), resource.getrusage(resource.RUSAGE_SELF)
    take_figures(totals)
    after = resource.getrusage(resource.RUSAGE_SELF)
    ((_, peak_bytes),) = totals.samples(BY_NAME["newsbeam_process_peak_memory_bytes"])
    assert before.ru_maxrss * 1024 <= peak_bytes <= after.ru_maxrss * 1024
    own_s = dict(totals.samples(BY_NAME["newsbeam_process_cpu_seconds"]))[("command",)]
    times = os.times()
    assert 0 < own_s <= times.user + times.system + 0.1

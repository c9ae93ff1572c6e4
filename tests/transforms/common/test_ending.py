"""The end of a process waits for calls of Arrow's threads."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import threading, time
from transforms.common.ending import called_by_arrow

@called_by_arrow
def slow():
    time.sleep(0.4)
    print("read", flush=True)

def twice():
    slow()
    time.sleep(0.02)
    slow()

if {calls}:
    threading.Thread(target=twice, daemon=True).start()
    time.sleep(0.1)
"""


def printed(calls: bool) -> str:
    command = [sys.executable, "-c", PROGRAM.format(calls=calls)]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout


def test_a_process_ends_after_the_calls_that_are_under_way_and_those_that_follow_at_once() -> None:
    assert printed(calls=True) == "read\nread\n"
    assert printed(calls=False) == ""

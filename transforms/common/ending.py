"""Lets Arrow's threads come back from our code before the interpreter ends.

A thread of Arrow's that calls Python while the interpreter ends is killed by it, or aborts the process; and Arrow waits
for its threads at the end of the process, for a killed one without end. Such calls are left where a scan is given up
before its end, as by `Dataset.head`: Arrow reads ahead.
"""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")

_STILL_S: Final = 0.1
"""So long without a call from Arrow means that none will come: between two calls of a scan lie microseconds."""
_STEP_S: Final = 0.01


class _Calls:
    """How many calls were begun, and how many of these have ended."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.begun = self.ended = 0

    def begin(self) -> None:
        with self._lock:
            if not self.begun:
                atexit.register(self.await_end)
            self.begun += 1

    def end(self) -> None:
        with self._lock:
            self.ended += 1

    def await_end(self) -> None:
        """Return once there has been no call for a while."""
        known, since_s = -1, time.monotonic()
        while time.monotonic() - since_s < _STILL_S:
            if self.begun != known or self.ended != self.begun:
                known, since_s = self.begun, time.monotonic()
            time.sleep(_STEP_S)


_CALLS: Final = _Calls()


def called_by_arrow(function: Callable[Given, Result]) -> Callable[Given, Result]:
    """Marks a function that Arrow's threads call: the interpreter ends after it has returned to them."""

    @wraps(function)
    def counted(*args: Given.args, **named: Given.kwargs) -> Result:
        _CALLS.begin()
        try:
            return function(*args, **named)
        finally:
            _CALLS.end()

    return counted

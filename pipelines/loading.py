"""Loads what a run needs: its many modules are no garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Leave the many objects that imports make out of the search for cyclic garbage, now and later: it would cost a
    tenth of a run's start."""
    gc.disable()
    try:
        yield
    finally:
        if not gc.get_freeze_count():
            gc.freeze()
        gc.enable()

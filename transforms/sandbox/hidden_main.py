"""Starts processes by multiprocessing without running the user's script in them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def hidden_main() -> Iterator[None]:
    """Hide in the block where the main module came from, so that a new process does not run the user's script once
    more.

    multiprocessing would do so, since a function to call may stand there; ours never do. Without this, a script that
    starts a run at its top level, and not below ``if __name__ == "__main__"``, would start it in each process again.
    """
    main = vars(sys.modules["__main__"])
    hidden: dict[str, Any] = {name: main[name] for name in ("__file__", "__spec__") if name in main}
    main.update({"__file__": None, "__spec__": None})
    try:
        yield
    finally:
        del main["__file__"], main["__spec__"]
        main.update(hidden)

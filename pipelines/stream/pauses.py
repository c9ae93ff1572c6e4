"""How long a stream waits after a tick."""

from __future__ import annotations

from typing import Final

_LONGEST_PAUSE_S: Final = 1800.0


def pause_s(tick_s: float, took_s: float, failures: int) -> float:
    """The seconds to wait after a tick: the rest of the tick or, after `failures` in a row, longer each time."""
    if not failures:
        return max(0.0, tick_s - took_s)
    return max(tick_s, min(tick_s * 2.0 ** min(failures - 1, 32), _LONGEST_PAUSE_S))

"""The code points of a text as an array, and tables that give the kind of each: for counts without a loop in Python."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

CodePoints = NDArray[np.uint32]
Kinds = NDArray[np.uint8]

TABLE_SIZE: Final = 0x33480
"""The length of a table of kinds: all letters and figures known to Unicode lie below."""


def code_points(text: str) -> CodePoints:
    """The code points of a text; lone surrogates too."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def kinds_of(codes: CodePoints, table: Kinds) -> Kinds:
    """The kind of each code point by a table of TABLE_SIZE; a code point above has the kind of the table's last."""
    return table.take(codes, mode="clip")

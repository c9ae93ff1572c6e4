"""Values that know their size in memory."""

from __future__ import annotations

from typing import Protocol, TypeVar


class Sized(Protocol):
    """A value with a size in bytes, like an Arrow table or a NumPy array."""

    @property
    def nbytes(self) -> int: ...


SizedValue = TypeVar("SizedValue", bound=Sized)

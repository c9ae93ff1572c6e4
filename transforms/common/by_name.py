"""Names a function without importing its module."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True, slots=True)
class ByName:
    """Calls the function `name` of `module`, which is imported at the first call.

    For what runs in worker processes only: the process that names it never loads the parsers, which cost it a third of
    a second and 20 MB. Pickles.
    """

    module: str
    name: str

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The function's result."""
        return getattr(import_module(self.module), self.name)(*args, **kwargs)

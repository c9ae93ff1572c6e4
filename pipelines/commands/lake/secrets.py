"""Keeps what a catalog's configuration holds of secrets out of messages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_IN_URL = re.compile(r"://[^/\s@]*@")
_SECRET_NAME = re.compile(r"secret|token|credential|password|key|user|sas", re.I)


class Secrets:
    """What must not be shown of a catalog's configuration."""

    def __init__(self, configured: Mapping[str, Any]) -> None:
        self._values = sorted({value for name, value in _flat(configured) if _SECRET_NAME.search(name)}, key=len)

    def without(self, text: str) -> str:
        """The first line of a text, with secrets replaced by an ellipsis."""
        line = _IN_URL.sub("://…@", next(iter(text.strip().splitlines()), ""))
        for value in reversed(self._values):
            line = line.replace(value, "…")
        return line


def _flat(configured: Mapping[str, Any], below: str = "") -> Iterator[tuple[str, str]]:
    for name, value in configured.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{below}{name}.")
        elif str(value):
            yield f"{below}{name}", str(value)

"""Mistakes in a settings file: all that it has, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines.checks import UsageError, nearest
from pipelines.printable import masked

_MOST_TOLD = 5
_USER_OF_HOST = re.compile(r"^[^/]*@")


class BadValue(ValueError):  # noqa: N818
    """A value that cannot be; the message names the remedy, and no value that may be a secret."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake: its line, None where that is not known; its key, written as in the file; and what is wrong."""

    line: int | None
    key: str
    message: str

    def __str__(self) -> str:
        return ", ".join(filter(None, (f"line {self.line}" if self.line else "", self.key))) + f": {self.message}"


class ConfigError(UsageError):
    """A settings file with mistakes; the text has them all, or the first few, on one line."""

    def __init__(self, name: str, mistakes: Sequence[Mistake]) -> None:
        told = "; ".join(map(str, mistakes[:_MOST_TOLD]))
        more = len(mistakes) - _MOST_TOLD
        rest = f"; and {more} more, which newsbeam config check tells" if more > 0 else ""
        super().__init__(f"the settings file {name}, {told}{rest}")
        self.mistakes = tuple(mistakes)


def no_such_key(key: str, known: Iterable[str], else_said: str = "") -> str:
    """The message for an unknown key, with the nearest that is known."""
    near = nearest(key, known)
    return "there is no such key" + (f"; did you mean {near}?" if near else else_said)


def shown_key(path: Iterable[str]) -> str:
    """A key as it is written in the file: ``feed."https://example.org/rss".interval``; without user and password."""
    path = [_USER_OF_HOST.sub("***@", masked(part)) for part in path]
    return ".".join(part if part.replace("_", "").replace("-", "").isalnum() else f'"{part}"' for part in path)

"""Checks of the types of what a caller gives. A value of another type is told in one line, before anything is done."""

from __future__ import annotations

import os
from numbers import Real
from typing import Any

from newsbeam.errors import UsageError

NUMBER = (Real, "a number")
FLAG = (bool, "True or False")
TEXT = (str, "a str")


def check(name: str, value: Any, types: type | tuple[type, ...], what: str) -> None:
    """Raise UsageError unless a value is of one of the types; `what` are these in words. A bool is no number."""
    if not isinstance(value, types) or (isinstance(value, bool) and types is not bool):
        raise UsageError(f"{name}: give {what}, not {type(value).__name__}")


def path(name: str, value: Any) -> str:
    """A path or URI as text. Raises UsageError."""
    check(name, value, (str, os.PathLike), "a str or a path")
    text = os.fspath(value)
    check(name, text, str, "a path of str")
    if "\0" in text:
        raise UsageError(f"{name}: {text!r} is no path: there is a zero byte in it")
    return str(text)

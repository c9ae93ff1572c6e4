"""Where the keys of a TOML file stand. The parser of the standard library does not tell."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

Key = tuple[str, ...]


def lines_of(text: str) -> dict[Key, int]:
    """The line of each table's header and of each key, counted from 1; of a key that stands twice the first.

    Lines are read one by one, so what looks like a key within a text of several lines is taken for one: that is a name
    too many, which nobody asks for.
    """
    found: dict[Key, int] = {}
    table: Key = ()
    for number, line in enumerate(text.split("\n"), 1):
        words = line.strip()
        if words.startswith("["):
            header = _parsed(words)
            if header is not None:
                table = _path(header)
                found.setdefault(table, number)
        elif "=" in words and not words.startswith("#"):
            for key in _keys(words):
                for length in range(len(table) + 1, len(table + key) + 1):
                    found.setdefault((table + key)[:length], number)
    return found


def _keys(words: str) -> Iterator[Key]:
    whole = _parsed(words)
    if whole is None:  # the value goes on in the next lines
        whole = next(
            (one for at, letter in enumerate(words) if letter == "=" and (one := _parsed(f"{words[:at]}=0"))), None
        )
    if whole is not None:
        yield from _below(whole)


def _below(values: dict[str, Any]) -> Iterator[Key]:
    for name, value in values.items():
        yield (name,)
        if isinstance(value, dict):
            yield from ((name, *rest) for rest in _below(value))


def _path(values: Any) -> Key:
    """The one path of a header."""
    path: list[str] = []
    while values:
        if isinstance(values, list):
            values = values[0]
            continue
        name, values = next(iter(values.items()))
        path.append(name)
    return tuple(path)


def _parsed(line: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return None

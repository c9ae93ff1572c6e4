"""Tables that are found by a name or by a pattern of names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from transforms.web.chosen.patterns import matches

T = TypeVar("T")


class Tables(Generic[T]):
    """Tables by name or pattern. A look-up costs a step for each pattern, and none for the other names."""

    def __init__(self, tables: Iterable[tuple[str, T]]) -> None:
        self._named: dict[str, list[tuple[str, T]]] = {}
        self._patterns: list[tuple[str, T]] = []
        for name, table in tables:
            alike = self._patterns if "*" in name else self._named.setdefault(name, [])
            alike.append((name, table))
        self._patterns.sort(key=lambda one: len(one[0].replace("*", "")))

    def fitting(self, name: str) -> list[tuple[str, T]]:
        """The tables that fit a name, each with its own name, the most particular last: shorter patterns, longer ones,
        the name itself; of equal ones the later is last."""
        return [one for one in self._patterns if matches(one[0], name)] + self._named.get(name, [])

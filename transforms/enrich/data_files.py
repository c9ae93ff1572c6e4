"""Reads the data files of this package. The head of each file states its licence and how to rebuild it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from typing import Any


def read_json(name: str) -> dict[str, Any]:
    """A JSON file below this package, such as ``places/name_rules.json``."""
    data: dict[str, Any] = json.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))
    return data


def read_lines(name: str) -> list[str]:
    """The lines of a text file below this package, without the ``#`` lines at its head."""
    return list(_lines(name))


def read_rows(name: str) -> list[list[str]]:
    """The rows of a CSV file below this package, without the ``#`` lines at its head."""
    return list(iterate_rows(name))


def iterate_rows(name: str) -> Iterator[list[str]]:
    """The rows of `read_rows` one by one, for a file of many rows."""
    return csv.reader(_lines(name))


def _lines(name: str) -> Iterator[str]:
    with resources.files(__package__).joinpath(name).open(encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                yield line.rstrip("\n")


@lru_cache(maxsize=1)
def name_rules() -> dict[str, Any]:
    """The content of ``name_rules.json``, read once in a process. Do not change it."""
    return read_json("places/name_rules.json")

"""Reads the thresholds of ``newsbeam check`` and ``report --html`` from a TOML file, a table for each rule."""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any, Final

from pipelines.checks import UsageError, nearest, read_input
from pipelines.given.times import span_s
from transforms.health.rules import Rules

_SPAN: Final = "_s"
_LARGEST: Final = 1e12


def read_rules(file: str | None) -> Rules:
    """The rules of a file, and the defaults of what it does not name. Raises UsageError that names the place."""
    if file is None:
        return Rules()
    try:
        given = tomllib.loads(read_input(file, "the rules file").decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"the rules file {file} is no TOML: {error}") from None
    rules = Rules()
    known = [field.name for field in fields(rules)]
    for name, values in given.items():
        if name not in known:
            raise UsageError(f"the rules file {file} has no rule to call {name!r}{_meant(name, known)}")
        if not isinstance(values, dict):
            raise UsageError(f"the rules file {file}: {name} is a table: write [{name}], and below it on = false or …")
        changed = dict(_read(file, rules, name, *one) for one in values.items())
        rules = replace(rules, **{name: replace(getattr(rules, name), **changed)})
    return rules


def key_of(field: str) -> str:
    """The key of a rule's field in the file: a length of time has its unit in its value (``least = "12h"``)."""
    return field.removesuffix(_SPAN)


def _read(file: str, rules: Rules, name: str, key: str, value: Any) -> tuple[str, Any]:
    """The field that a key of a rule names, and its value."""
    by_key = {key_of(field.name): field.name for field in fields(getattr(rules, name))}
    if key not in by_key:
        raise UsageError(f"the rules file {file}: [{name}] has no {key!r}{_meant(key, by_key)}")
    field = by_key[key]
    try:
        return field, _value(field, value)
    except ValueError as error:
        raise UsageError(f"the rules file {file}: [{name}] {key} {error}") from None


def _value(field: str, value: Any) -> Any:
    if field == "on":
        if isinstance(value, bool):
            return value
        raise ValueError("is true or false")
    if field.endswith(_SPAN):
        try:
            return span_s("0", "3650d")(value if isinstance(value, str) else "")
        except argparse.ArgumentTypeError:
            raise ValueError('is a length of time: write it like "90s", "15m", "12h" or "7d"') from None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LARGEST:
        raise ValueError("is a number from 0 on")
    if field.endswith("share") and value > 1:
        raise ValueError("is a share: give a number from 0 to 1")
    return value


def _meant(name: str, known: Iterable[str]) -> str:
    known = list(known)
    near = nearest(name, known)
    return f"; did you mean {near}?" if near else f"; there are {', '.join(known)}"

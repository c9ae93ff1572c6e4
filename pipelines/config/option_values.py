"""Values of the commands' options as a settings file or the environment gives them: checked, and as command-line
words."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from pipelines.checks import Bounded, OrNoLimit
from pipelines.config.mistakes import BadValue
from pipelines.given.times import SPAN, Span

Options = Mapping[str, argparse.Action]
"""The options of one command by name, as in ``--host_delay``."""

NOT_IN_FILES: Final = frozenset({"help", "version", "config"})
_TRUE, _FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


def options_of(parser: argparse.ArgumentParser, command: str = "") -> Iterator[tuple[str, dict[str, argparse.Action]]]:
    """Each command (``ingest``, ``feeds status``) with those of its options that a settings file may hold; not
    ``config``, which reads none for itself."""
    inner = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    for action in inner:
        for name, below in action.choices.items():
            if name == "config" and not command:
                continue
            yield from options_of(below, f"{command} {name}".strip())
    if command and not inner:
        named = {one.option_strings[-1].removeprefix("--"): one for one in parser._actions if one.option_strings}
        yield command, {name: one for name, one in named.items() if name not in NOT_IN_FILES}


def is_flag(option: argparse.Action) -> bool:
    """Whether an option takes no value."""
    return option.nargs == 0


def takes_list(option: argparse.Action) -> bool:
    """Whether an option takes several values: given again and again, or with commas between them."""
    return option.nargs == "+" or str(option.metavar or "").endswith(",…")


def words_of(name: str, option: argparse.Action, value: Any) -> list[str]:
    """The words by which a value stands on the command line; none for a flag that is false. Raises BadValue."""
    if is_flag(option):
        if not isinstance(value, bool):
            raise BadValue(f"give true or false, not {_shown(value)}")
        return [f"--{name}"] * value
    if value is True and option.nargs == "?":
        return [f"--{name}"]
    if isinstance(value, list):
        if not takes_list(option):
            raise BadValue("give one value, not a list")
        texts = [_text_of(option, one) for one in value]
        texts = texts if option.nargs == "+" else [",".join(texts)]
    else:
        texts = [_text_of(option, value)]
    for text in texts:
        _check(option, text)
    return [f"--{name}={text}" for text in texts]


def words_of_text(name: str, option: argparse.Action, text: str) -> list[str]:
    """The same of a text of the environment."""
    if not is_flag(option):
        _check(option, text)
        return [f"--{name}={text}"]
    said = text.strip().lower()
    if said not in (*_TRUE, *_FALSE):
        raise BadValue(f"{text!r} is neither true nor false")
    return [f"--{name}"] * (said in _TRUE)


def _text_of(option: argparse.Action, value: Any) -> str:
    """A value as text. Raises BadValue for one of a type that the option does not have."""
    kind, is_number = option.type, isinstance(value, int | float) and not isinstance(value, bool)
    if isinstance(kind, Bounded):
        if not is_number or (kind.is_whole and not isinstance(value, int)):
            raise BadValue(f"give a {'whole ' if kind.is_whole else ''}number, not {_shown(value)}")
        return str(value)
    if isinstance(kind, OrNoLimit):
        if value != kind.word and (not is_number or (kind.number.is_whole and not isinstance(value, int))):
            what = "whole number" if kind.number.is_whole else "number"
            raise BadValue(f"give a {what} or {kind.word!r}, not {_shown(value)}")
        return str(value)
    if isinstance(kind, Span) and is_number:
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if not isinstance(value, str):
        raise BadValue(f"give a text, not {_shown(value)}")
    return value


def _check(option: argparse.Action, text: str) -> None:
    if option.choices is not None and text not in option.choices:
        raise BadValue(f"{text!r} is none of {', '.join(option.choices)}")
    if callable(option.type):
        try:
            option.type(text)
        except argparse.ArgumentTypeError as error:
            raise BadValue(str(error)) from None


def _shown(value: Any) -> str:
    kinds = {bool: "true or false", str: "a text", list: "a list", dict: "a table"}
    return kinds.get(type(value), "a number" if isinstance(value, int | float) else "a time")


def schema_of(option: argparse.Action) -> dict[str, Any]:
    """The JSON schema of an option's value."""
    said = {"description": described(option)}
    if is_flag(option):
        return said | {"type": "boolean"}
    kind = option.type
    if isinstance(kind, Bounded):
        return said | _number(kind)
    if isinstance(kind, OrNoLimit):
        return said | {"anyOf": [_number(kind.number), {"const": kind.word}]}
    if isinstance(kind, Span):
        return said | {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": SPAN_PATTERN}]}
    if option.choices is not None:
        return said | {"enum": list(option.choices)}
    text: dict[str, Any] = {"type": "string"}
    if takes_list(option):
        return said | {"anyOf": [text, {"type": "array", "items": text}]}
    if option.nargs == "?":
        return said | {"anyOf": [text, {"type": "boolean"}]}
    return said | text


SPAN_PATTERN: Final = f"^{SPAN.pattern}$"


def _number(kind: Bounded) -> dict[str, Any]:
    return {"type": "integer" if kind.is_whole else "number", "minimum": kind.least, "maximum": kind.most}


def described(option: argparse.Action) -> str:
    """What an option's help says of it."""
    return " ".join(str(option.help or "").split()).replace("%%", "%")


def united(schemas: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One schema for an option that several commands have, each in its own way."""
    different = [one for at, one in enumerate(schemas) if _kind(one) not in map(_kind, schemas[:at])]
    return different[0] if len(different) == 1 else {"anyOf": different}


def _kind(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in schema.items() if name != "description"}

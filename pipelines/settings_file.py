"""Options from a file: ``--settings FILE``, so that they can change while a stream runs."""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Iterator, Sequence
from typing import Any

from pipelines.checks import UsageError, read_input


def with_settings(arguments: Sequence[str]) -> list[str]:
    """The command line with the options of the file that ``--settings`` names, if one is named, before its own.

    The file is TOML, a line for each option: ``host_delay = 2.5``. What the command line says too counts. Raises
    UsageError if the file cannot be read.
    """
    named = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    named.add_argument("--settings")
    path = named.parse_known_args(list(arguments))[0].settings if "--settings" in " ".join(arguments) else None
    if path is None:
        return list(arguments)
    command, *rest = arguments
    return [command, *_options(path), *rest]


def _options(path: str) -> Iterator[str]:
    try:
        values = tomllib.loads(read_input(path, "the settings file").decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"the settings file {path} is no TOML: {error}") from None
    for name, value in values.items():
        if name == "settings" or isinstance(value, dict):
            raise UsageError(f"the settings file {path} has {name!r}: give options only, as in host_delay = 2.5")
        if value is True:
            yield f"--{name}"
        elif value is not False:
            yield f"--{name}={_text(value)}"


def _text(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)

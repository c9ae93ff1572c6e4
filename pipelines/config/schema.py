"""The JSON schema of settings files, and the tables of docs/settings.md, made from the options and keys themselves.

``python -m pipelines.config.schema`` writes both, as ``make docs`` does.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pipelines.config.keys import FEED_KEYS, HOST_KEYS, OF_FEEDS_AND_HOSTS, Key
from pipelines.config.option_values import Options, described, is_flag, options_of, schema_of, united
from pipelines.config.precedence import TAKE_BEAM_OPTIONS
from pipelines.config.read_config import TABLES
from pipelines.parser import command_parser

_MOST_COMMANDS: Final = 5
_DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
_SCHEMA_FILE: Final = _DOCS / "newsbeam.schema.json"
_PAGE: Final = _DOCS / "settings.md"


def config_schema(commands: Mapping[str, Options]) -> dict[str, Any]:
    """The JSON schema (draft 2020-12) of settings files for these commands."""
    names = sorted({name for options in commands.values() for name in options} - set(TABLES))
    general = {
        name: united([schema_of(options[name]) for options in commands.values() if name in options]) for name in names
    }
    of_commands = {
        command: _object({name: schema_of(option) for name, option in options.items()})
        for command, options in commands.items()
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings of newsbeam",
        "type": "object",
        "properties": general
        | {
            "command": _object(of_commands)
            | {"description": "options of one command, which count before the general ones"},
            "beam": {
                "type": "object",
                "description": f"options of Apache Beam, for {', '.join(TAKE_BEAM_OPTIONS)}",
                "additionalProperties": {"type": ["boolean", "number", "string"]},
            },
            "feed": _tables("a feed, by its address or a pattern of addresses with * in it", FEED_KEYS),
            "host": _tables(
                "a host (example.org, example.org:8080) or a pattern of hosts (*.example.org): requests to it, and the "
                "feeds that lie on it",
                (*HOST_KEYS, *OF_FEEDS_AND_HOSTS),
            ),
        },
        "additionalProperties": False,
    }


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": dict(properties), "additionalProperties": False}


def _tables(what: str, keys: Iterable[Key]) -> dict[str, Any]:
    said = {key.name: {"description": key.meaning} | dict(key.schema) for key in keys}
    return {"type": "object", "description": what, "additionalProperties": _object(said)}


def schema_text(commands: Mapping[str, Options]) -> str:
    """The schema as the file has it."""
    return json.dumps(config_schema(commands), indent=1, ensure_ascii=False) + "\n"


def key_table(keys: Iterable[Key]) -> str:
    """Keys as rows of Markdown."""
    rows = (f"| `{key.name}` | {key.meaning} | `{key.example}` |\n" for key in keys)
    return "| key | meaning | example |\n| --- | --- | --- |\n" + "".join(rows)


def option_table(commands: Mapping[str, Options]) -> str:
    """The options of all commands as rows of Markdown."""
    having: dict[str, list[str]] = {}
    for command, options in commands.items():
        for name in options:
            having.setdefault(name, []).append(command)
    rows = []
    for name, of in sorted(having.items()):
        option = commands[of[0]][name]
        rows.append(f"| `{name}` | {_value_of(option)} | {_cell(described(option))} | {_named(of)} |\n")
    return "| option | value | meaning | commands |\n| --- | --- | --- | --- |\n" + "".join(rows)


def _value_of(option: argparse.Action) -> str:
    if is_flag(option):
        return "`true`"
    metavar = ",".join(option.metavar) if isinstance(option.metavar, tuple) else option.metavar
    values = "|".join(map(str, option.choices)) if option.choices is not None else str(metavar or "TEXT")
    return f"`{_cell(values)}`"


def _named(commands: Sequence[str]) -> str:
    return ", ".join(commands[:_MOST_COMMANDS]) + (", …" if len(commands) > _MOST_COMMANDS else "")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def with_tables(page: str, commands: Mapping[str, Options]) -> str:
    """The page of settings, with the tables below their headings as the code has them. All else stays."""
    tables = {
        "## Keys of feeds": key_table(FEED_KEYS),
        "## Keys of hosts": key_table(HOST_KEYS),
        "## Options": option_table(commands),
    }
    for heading, table in tables.items():
        before, found, below = page.partition(f"\n{heading}\n")
        prose, _, rest = below.partition("\n| ")
        rest = re.sub(r"\A.*\n(?:\|.*\n)*", "", rest)
        page = f"{before}{found}{prose}\n{table}{rest}"
    return page


if __name__ == "__main__":
    known = dict(options_of(command_parser()))
    _SCHEMA_FILE.write_text(schema_text(known), encoding="utf-8")
    _PAGE.write_text(with_tables(_PAGE.read_text(encoding="utf-8"), known), encoding="utf-8")

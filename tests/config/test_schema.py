"""The published schema and the tables of docs/settings.md are those of the code, and the schema says what the reader
does."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

import pytest

from pipelines.config.keys import FEED_KEYS, HOST_KEYS, OF_FEEDS_AND_HOSTS
from pipelines.config.mistakes import ConfigError
from pipelines.config.option_values import options_of
from pipelines.config.read_config import TABLES, read_config
from pipelines.config.schema import _PAGE, _SCHEMA_FILE, config_schema, schema_text, with_tables
from pipelines.parser import command_parser

COMMANDS = dict(options_of(command_parser()))
SCHEMA = config_schema(COMMANDS)
KINDS = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float)}


def fits(value: Any, schema: dict[str, Any]) -> bool:
    """Whether a value fits a schema, of what our schemas are made of."""
    kinds = schema.get("type", [])
    for rule, named in schema.items():
        assert rule in {
            "$schema", "title", "description", "type", "properties", "additionalProperties", "items", "anyOf", "oneOf",
            "enum", "const", "required", "pattern", "minimum", "maximum", "minLength", "maxLength", "maxItems",
        }, (rule, named)  # fmt: skip
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(
        isinstance(value, KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool)) for kind in kinds
    ):
        return False
    if "anyOf" in schema and not any(fits(value, one) for one in schema["anyOf"]):
        return False
    if "oneOf" in schema and sum(fits(value, one) for one in schema["oneOf"]) != 1:
        return False
    if ("enum" in schema and value not in schema["enum"]) or ("const" in schema and value != schema["const"]):
        return False
    if isinstance(value, str):
        if "pattern" in schema and not re.search(schema["pattern"], value):
            return False
        return schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
    if isinstance(value, int | float):
        return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    if isinstance(value, list):
        return len(value) <= schema.get("maxItems", len(value)) and all(
            fits(one, schema.get("items", {})) for one in value
        )
    if any(name not in value for name in schema.get("required", ())):
        return False
    other = schema.get("additionalProperties", True)
    for name, one in value.items():
        inner = schema.get("properties", {}).get(name, other)
        if inner is False or (isinstance(inner, dict) and not fits(one, inner)):
            return False
    return True


def is_read(text: str) -> bool:
    try:
        read_config(text.encode(), "newsbeam.toml", COMMANDS)
    except ConfigError:
        return False
    return True


def test_the_published_schema_is_the_codes() -> None:
    assert _SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(COMMANDS), "`make docs` writes it"
    assert json.loads(schema_text(COMMANDS)) == SCHEMA


def test_the_tables_of_the_page_of_settings_are_the_codes() -> None:
    page = _PAGE.read_text(encoding="utf-8")
    assert page == with_tables(page, COMMANDS), "`make docs` writes them"
    assert all(f"| `{key.name}` |" in page for key in (*FEED_KEYS, *HOST_KEYS))
    assert "| `host_delay` |" in page


def test_every_option_that_may_stand_in_a_file_has_a_place_in_the_schema() -> None:
    for command, options in COMMANDS.items():
        assert SCHEMA["properties"]["command"]["properties"][command]["properties"].keys() == options.keys()
        assert options.keys() - set(TABLES) <= SCHEMA["properties"].keys()


@pytest.mark.parametrize(
    ("table", "key"),
    [*(("feed", key) for key in FEED_KEYS), *(("host", key) for key in (*HOST_KEYS, *OF_FEEDS_AND_HOSTS))],
    ids=lambda value: getattr(value, "name", value),
)
def test_the_example_of_a_key_is_right_by_reader_and_schema(table: str, key: Any) -> None:
    name = "https://example.org/rss" if table == "feed" else "example.org"
    text = f'[{table}."{name}"]\n{key.name} = {key.example}\n'
    assert is_read(text)
    assert fits(tomllib.loads(text), SCHEMA)


@pytest.mark.parametrize(
    ("text", "is_right"),
    [
        ("host_delay = 2.5", True),
        ("host_delay = '2.5'", False),
        ("host_delay = -1", False),
        ("max_pages = 'all'", True),
        ("max_pages = 1.5", False),
        ("max_run_minutes = 'never'", False),
        ("grace = '15m'", True),
        ("grace = 900", True),
        ("grace = 'soon'", False),
        ("compact = 'off'", True),
        ("compact = 'often'", False),
        ("allow_networks = ['10.0.0.0/8']", True),
        ("contact = ['a']", False),
        ("force = true", True),
        ("force = 1", False),
        ("host_delai = 1", False),
        ("[command.stream]\ntick = 5", True),
        ("[command.streem]\ntick = 5", False),
        ("[command.stream]\ntarget_mb = 5", False),
        ("[command.workers]\nhost = '0.0.0.0'", True),
        ("[beam]\nrunner = 'DirectRunner'", True),
        ("[beam]\nrunner = ['DirectRunner']", False),
        ("[feed.'*']\ncredentials = 3", False),
        ("[feed.'https://example.org/a']\ncredentials = { user = 'a', password_env = 'B', value_env = 'C' }", False),
        ("[feed.'https://example.org/a']\ncredentials = { user = 'a', password_env = 'B C' }", False),
        ("[feed.'*']\ntext = 'both'", False),
        ("[feed.'*']\nlanguage = 'Deutsch!'", False),
        ("[host.'*']\ntitle = 'x'", False),
    ],
)
def test_the_schema_says_what_the_reader_does(text: str, is_right: bool) -> None:
    assert is_read(text) == fits(tomllib.loads(text), SCHEMA) == is_right


@pytest.mark.parametrize("page", ["settings.md", "howto/private_feeds.md"])
def test_the_settings_that_documents_show_are_right(page: str) -> None:
    shown = re.findall(r"^```toml\n(.*?)^```", (_PAGE.parent / page).read_text(encoding="utf-8"), re.M | re.S)
    assert shown
    for text in shown:
        assert is_read(text)
        assert fits(tomllib.loads(text), SCHEMA)

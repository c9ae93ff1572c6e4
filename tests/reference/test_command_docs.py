"""docs/commands.md says of each command what the code does: options, defaults, exit statuses, an example."""

from __future__ import annotations

import argparse
import ast
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from pipelines import checks
from pipelines.checks import Bounded, OrNoLimit
from pipelines.config.option_values import described
from pipelines.given.times import Span
from pipelines.parser import command_parser, options_by_command
from pipelines.reference.command_docs import PAGE, command_page, commands_of, meaning_and_default
from pipelines.reference.examples import SHOWN
from pipelines.reference.exit_statuses import MEANINGS, statuses_of

ROOT = Path(__file__).resolve().parents[2]
PARSER = command_parser()
COMMANDS = {one.name: one.parser for one in commands_of(PARSER)}
PAGE_TEXT = PAGE.read_text(encoding="utf-8")

BY_NAME = {"LOCKED", "LOOK", "FINDINGS", "UNDELIVERED"}
"""The exit statuses that commands return by name."""


def test_the_page_is_the_codes() -> None:
    assert command_page(PARSER) == PAGE_TEXT, "`make docs` writes it"


def test_each_command_stands_on_the_page_with_each_of_its_options() -> None:
    assert {name.split()[0] for name in COMMANDS} == {name.split()[0] for name in options_by_command(PARSER)}
    assert COMMANDS.keys() == SHOWN.keys()
    for name, parser in COMMANDS.items():
        section = PAGE_TEXT.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        for option in (one.option_strings[-1] for one in parser._actions if one.option_strings):
            assert option in ("--help", "--config") or f"| `{option}" in section, f"{name} {option}"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_default_that_the_help_names_is_the_parsers(name: str) -> None:
    for option in COMMANDS[name]._actions:
        said = meaning_and_default(option)[1]
        is_number = isinstance(option.type, Bounded | Span) and isinstance(option.default, int | float)
        if is_number and option.default:
            assert said, f"{option.dest}: its help names no default"
            assert callable(option.type)
            assert option.type(re.split(r"[ ;]", said)[0]) == option.default, option.dest
        if option.choices is not None and option.default:
            assert said == option.default
        if isinstance(option.type, OrNoLimit) and option.default is not None:
            assert str(int(option.default)) in described(option)


def returned_by_name(module: str) -> set[str]:
    """The exit statuses that a command's module and the modules of `pipelines.commands` that it imports use by name."""
    found, waiting, seen = set[str](), [module], set[str]()
    while waiting:
        name = waiting.pop()
        spec = find_spec(name)
        if name in seen or spec is None or spec.origin is None:
            continue
        seen.add(name)
        for node in ast.walk(ast.parse(Path(spec.origin).read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                found |= {one.name for one in node.names} & BY_NAME
                waiting += [node.module] * node.module.startswith("pipelines.commands")
    return found


MODULES = {
    "ingest": "run_once", "stream": "stream", "backfill": "backfill.backfill", "demo": "demo", "workers": "workers",
    "report": "report.report", "views": "views", "extract": "extract", "dedupe": "dedupe.dedupe",
    "check": "check.check", "why": "why.why", "diff": "why.diff", "export pages": "export.export",
    "export articles": "export.articles",
}  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_the_exit_statuses_that_a_command_returns_by_name_are_those_of_the_page(name: str) -> None:
    first = name.split(maxsplit=1)[0]
    module = MODULES.get(name, f"lake.{first}" if find_spec(f"pipelines.commands.lake.{first}") else first)
    module = "feeds.feeds" if first == "feeds" else module
    returned = {getattr(checks, one) for one in returned_by_name(f"pipelines.commands.{module}")}
    assert set(statuses_of(name)) & {getattr(checks, one) for one in BY_NAME} == returned
    assert set(statuses_of(name)) <= MEANINGS.keys()
    for status in re.findall(r"[Ee]xit status (\d+)", str(COMMANDS[name].epilog)):
        assert int(status) in statuses_of(name)


@pytest.mark.parametrize("name", SHOWN)
def test_an_example_is_one_of_its_command_and_its_page_is_there(name: str) -> None:
    for line in SHOWN[name].examples:
        assert line.startswith(name)
    page = SHOWN[name].page.partition("#")[0]
    assert not page or (ROOT / "docs" / page).exists()


def test_a_default_is_found_in_a_help_text_also_with_brackets_in_it() -> None:
    option = argparse.Action(["--x"], "x", help="so many (default 5 (a few); 0: none), but no more")
    assert meaning_and_default(option) == ("so many, but no more", "5 (a few); 0: none")
    assert meaning_and_default(argparse.Action(["--x"], "x", help="so many (a lot)")) == ("so many (a lot)", "")

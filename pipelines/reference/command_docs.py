"""docs/commands.md, from the parser; ``python -m pipelines.reference.command_docs`` writes it, and ``make docs``."""

from __future__ import annotations

import argparse
import re
import textwrap
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

from pipelines.config.option_values import NOT_IN_FILES, described, is_flag
from pipelines.parser import command_parser
from pipelines.reference.examples import SHOWN
from pipelines.reference.exit_statuses import MEANINGS, statuses_of

PAGE: Final = Path(__file__).resolve().parents[2] / "docs/commands.md"

_ABOUT: Final = """\
# Commands

All commands with their options, as `newsbeam COMMAND --help` has them: `make docs` makes this page from the code.

`newsbeam --version` prints the version. Every command but `config` takes `--config FILE`: a
[settings file](settings.md), by default `newsbeam.toml` beside the feed list; `none` for no file. Each option may also
stand in that file, or in a variable `NEWSBEAM_…`, such as `NEWSBEAM_HOST_DELAY=2.5`. The command line counts first,
then the environment. `ingest`, `stream`, `rebuild` and `backfill` pass any other option on to Apache Beam.

"""
_DEFAULT: Final = re.compile(r" ?\(default:? (?P<value>[^()]*(?:\([^()]*\)[^()]*)*)\)")


class Command(NamedTuple):
    """A command (``ingest``, ``feeds status``), its line in the list of commands, and its parser."""

    name: str
    summary: str
    parser: argparse.ArgumentParser


def commands_of(parser: argparse.ArgumentParser, above: str = "") -> Iterator[Command]:
    """All commands below a parser that can be given, in the order of its help."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            said = {one.dest: str(one.help) for one in action._choices_actions}
            for name, below in action.choices.items():
                inner = list(commands_of(below, f"{above}{name} "))
                yield from inner or (Command(f"{above}{name}", said[name], below),)


def command_page(parser: argparse.ArgumentParser) -> str:
    """The whole page as Markdown."""
    commands = list(commands_of(parser))
    lines = [f"| [`{one.name}`](#{_anchor(one.name)}) | {_cell(one.summary)} |\n" for one in commands]
    statuses = [f"| {status} | {meaning} |\n" for status, meaning in sorted(MEANINGS.items())]
    return "".join(
        (
            _ABOUT,
            "| command | what it does |\n| --- | --- |\n",
            *lines,
            "\n## Exit statuses\n\n| status | meaning |\n| --- | --- |\n",
            *statuses,
            "\nA process that a signal killed has none of these; shells say 137 or 143. Its run is not committed.\n",
            *map(_section, commands),
        )
    )


def _section(command: Command) -> str:
    shown = SHOWN[command.name]
    parts = [f"\n## {command.name}\n", f"{command.parser.description}\n", f"```text\n{_synopsis(command)}\n```\n"]
    parts += filter(None, map(_group, command.parser._action_groups))
    if command.parser.epilog:
        parts.append(f"{_prose(command.parser.epilog)}\n")
    parts.append(f"Exit statuses: {', '.join(map(str, statuses_of(command.name)))} ([meaning](#exit-statuses)).\n")
    parts.append("```sh\n" + "".join(f"newsbeam {line}\n" for line in shown.examples) + "```\n")
    if shown.page:
        parts.append(f"More: [{shown.page.partition('#')[0]}]({shown.page}).\n")
    return "\n".join(parts)


def _synopsis(command: Command) -> str:
    """The words that must be given, and that there are others."""
    actions = _told(command.parser._actions)
    words = ["newsbeam", command.name]
    words += [f"{one.option_strings[-1]} {_value(one)}" for one in actions if one.option_strings and one.required]
    for group in command.parser._mutually_exclusive_groups:
        if group.required:
            either = [f"{one.option_strings[-1]} {_value(one)}".strip() for one in group._group_actions]
            words.append(f"({' | '.join(either)})")
    words += ["[OPTIONS]"] * any(one.option_strings and not one.required for one in actions)
    words += [_value(one) for one in actions if not one.option_strings]
    return " ".join(words)


def _group(group: argparse._ArgumentGroup) -> str:
    """A group of options as a table below its title; nothing if it has none."""
    rows = "".join(map(_row, _told(group._group_actions)))
    if not rows:
        return ""
    given = group.title in ("options", "positional arguments")
    head = "" if given else f"{str(group.title)[0].upper()}{str(group.title)[1:]}:\n\n"
    return f"{head}| option | default | meaning |\n| --- | --- | --- |\n{rows}"


def _row(option: argparse.Action) -> str:
    said, default = meaning_and_default(option)
    name = f"{option.option_strings[-1]} {_value(option)}".strip() if option.option_strings else _value(option)
    default = "required" if option.required and option.option_strings else default
    return f"| `{_cell(name)}` | {_cell(default)} | {_cell(said)} |\n"


def meaning_and_default(option: argparse.Action) -> tuple[str, str]:
    """What an option's help says, without the default; and the default, as the help says it."""
    text = described(option)
    found = _DEFAULT.search(text)
    if found is None:
        return text, str(option.default) if option.choices is not None and option.default else ""
    return text[: found.start()] + text[found.end() :], found["value"]


def _value(option: argparse.Action) -> str:
    """An option's value as the synopsis names it; nothing for a flag."""
    if is_flag(option):
        return ""
    choices = None if option.choices is None else "|".join(map(str, option.choices))
    metavar = " ".join(option.metavar) if isinstance(option.metavar, tuple) else option.metavar
    name = str(metavar or choices or option.dest.upper())
    if option.nargs == "?":
        return f"[{name}]"
    return f"{name}…" if option.nargs in ("+", "*") and not name.endswith("…") else name


def _told(actions: list[argparse.Action]) -> list[argparse.Action]:
    return [one for one in actions if one.dest not in NOT_IN_FILES and one.help is not argparse.SUPPRESS]


def _prose(text: str) -> str:
    """The lines below the options in a command's help as paragraphs, options marked, and indented lines as code."""
    parts = []
    for is_code, lines in groupby(text.splitlines(), lambda line: line.startswith("  ")):
        if is_code:
            parts.append("```text\n" + "".join(f"{line.strip()}\n" for line in lines) + "```")
        else:
            marked = re.sub(r"--[a-z_]+(?:=[^\s,;()]*[^\s.,:;()])?", r"`\g<0>`", " ".join(" ".join(lines).split()))
            parts.append(textwrap.fill(marked, 120, break_on_hyphens=False, break_long_words=False))
    return "\n\n".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _anchor(name: str) -> str:
    return name.replace(" ", "-")


if __name__ == "__main__":
    PAGE.write_text(command_page(command_parser()), encoding="utf-8")

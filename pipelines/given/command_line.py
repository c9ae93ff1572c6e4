"""Reads a command line: its options, with those of the environment and the settings file where it is silent."""

from __future__ import annotations

import argparse
import logging
from argparse import Namespace
from collections.abc import Sequence
from typing import NoReturn

from pipelines.checks import UsageError
from pipelines.config.precedence import resolved
from pipelines.parser import CommandParser, command_parser, options_by_command
from pipelines.printable import plain

_LOG = logging.getLogger("newsbeam.stream")

_ABOVE = ("-h", "--help", "--version")
"""Options that stand before the command."""
_FIXED = (
    "output", "feeds", "tick", "max_ticks", "flink_rest", "metrics_file", "metrics_address", "traces",
    "websub", "websub_listen", "websub_key_env",
)  # fmt: skip
"""Options that a stream cannot change while it runs."""


def parsed(arguments: Sequence[str], parser: argparse.ArgumentParser | None = None) -> tuple[Namespace, list[str]]:
    """The options of a command line, with those of environment and settings file where it is silent; and its remaining
    words.

    The options have beside them what `parsed_again` needs, and the settings file (`chosen`, None without one), whose
    path is `config`. Raises UsageError if that cannot be read or has mistakes, or an option stands before the command,
    and ends the process for any other.
    """
    parser = parser or command_parser()
    early = arguments[0].partition("=")[0] if arguments else ""
    if (
        early.startswith("-")
        and early not in _ABOVE
        and any(early in own for own in options_by_command(parser).values())
    ):
        raise UsageError(f"the command comes first: newsbeam COMMAND {early} …; see newsbeam --help")
    words, config = resolved(arguments, parser)
    given, rest = parser.parse_known_args(words)
    given.chosen = config
    if config is not None:
        given.config = config.path
    given.arguments, given.rest = list(arguments), list(rest)
    given.started = {name: getattr(given, name, None) for name in _FIXED}
    return given, rest


def parsed_again(before: Namespace) -> Namespace:
    """The options of a command line that was parsed before, with its settings file as that is now.

    `before` comes from `parsed`. Options of `_FIXED`, and Beam's, stay as they were; a changed one is logged. Raises
    UsageError if the file cannot be read, or has mistakes.
    """
    given, rest = parsed(before.arguments, command_parser(_RaisingParser))
    changed = [name for name in _FIXED if getattr(given, name) != before.started[name]]
    if changed or rest != before.rest:
        changed += ["beam"] if rest != before.rest else []
        _LOG.warning("the settings file has changed what only a new start can change", extra={"options": changed})
    kept = ("arguments", "rest", "started", *_FIXED)
    return Namespace(**vars(given) | {name: getattr(before, name) for name in kept})


class _RaisingParser(CommandParser):
    """Raises UsageError for a mistake, where the command goes on."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(plain(message))

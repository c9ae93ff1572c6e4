"""Puts what a settings file and the environment say before a command line, which counts first."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pipelines.checks import UsageError, read_input
from pipelines.config.mistakes import BadValue
from pipelines.config.option_values import Options, options_of, words_of, words_of_text

if TYPE_CHECKING:
    from pipelines.config.config import Config

FILE_NAME: Final = "newsbeam.toml"
NO_FILE: Final = "none"
"""In place of a file's name: none, also where one lies beside the feeds."""
PREFIX: Final = "NEWSBEAM_"
TAKE_BEAM_OPTIONS: Final = ("ingest", "stream", "rebuild", "backfill")


class Resolved(NamedTuple):
    """The words of a command with those of the file and the environment before them, and the file; None without one."""

    words: list[str]
    config: Config | None = None


def resolved(
    arguments: Sequence[str], parser: argparse.ArgumentParser, environ: Mapping[str, str] = os.environ
) -> Resolved:
    """The words to parse. The command line counts before the environment (``NEWSBEAM_HOST_DELAY=2.5``), and that before
    the file.

    The file is the one that ``--config`` or ``NEWSBEAM_CONFIG`` names, else `FILE_NAME` beside the feed list, if it is
    there. Raises UsageError if it cannot be read, ConfigError if it has mistakes.
    """
    commands = dict(options_of(parser))
    command = command_of(arguments, commands)
    if command is None or not {"-h", "--help"}.isdisjoint(arguments):
        return Resolved(list(arguments))
    names, rest = arguments[: command.count(" ") + 1], arguments[command.count(" ") + 1 :]
    options = commands[command]
    path = config_path(rest, options, environ)
    config = None if path is None else load_config(path, commands)
    told = _told(rest, parser, command)
    words = []
    for name, option in options.items():
        if name in told:
            continue
        if text := environ.get(variable_of(name), ""):
            try:
                words += words_of_text(name, option, text)
            except BadValue as error:
                raise UsageError(f"the environment variable {variable_of(name)}: {error}") from None
        elif config is not None and (value := config.option(command, name)) is not None:
            words += words_of(name, option, value)
    if config is not None and command in TAKE_BEAM_OPTIONS:
        words += _of_beam(config.beam)
    return Resolved([*names, *words, *rest], config)


def load_config(path: str, commands: Mapping[str, Options]) -> Config:
    """The settings file at a path or URI. Raises UsageError if it cannot be read, ConfigError if it has mistakes."""
    from pipelines.config.read_config import read_config  # noqa: PLC0415 - reads addresses, which takes a tenth of a second

    return read_config(read_input(path, "the settings file"), path, commands)


def command_of(arguments: Sequence[str], commands: Mapping[str, Any]) -> str | None:
    """The command that words begin with (``feeds status``); None if there is none."""
    for length in (1, 2):
        if " ".join(arguments[:length]) in commands:
            return " ".join(arguments[:length])
    return None


def config_path(rest: Sequence[str], options: Options, environ: Mapping[str, str]) -> str | None:
    """The settings file of a command line; None if there is none."""
    named = value_of("config", rest) or environ.get(f"{PREFIX}CONFIG")
    if named is not None:
        return None if named in (NO_FILE, "") else named
    feeds = (value_of("feeds", rest) or environ.get(f"{PREFIX}FEEDS")) if "feeds" in options else None
    return beside(feeds) if feeds else None


def beside(feeds: str) -> str | None:
    """The settings file beside a local feed list; None if there is none."""
    if feeds == "-" or "://" in feeds:
        return None
    path = Path(feeds).parent / FILE_NAME
    try:
        return str(path) if path.is_file() else None
    except (OSError, ValueError):  # a name that no file can have
        return None


def variable_of(name: str) -> str:
    """The environment variable of an option."""
    return f"{PREFIX}{name.upper()}"


def value_of(name: str, words: Sequence[str]) -> str | None:
    """The value that command-line words give an option, the last if there are several; None if they give none."""
    found = None
    for at, word in enumerate(words):
        if word == f"--{name}" and at + 1 < len(words):
            found = words[at + 1]
        elif word.startswith(f"--{name}="):
            found = word.partition("=")[2]
    return found


def _told(words: Sequence[str], parser: argparse.ArgumentParser, command: str) -> frozenset[str]:
    """The options that a command line gives, and those that exclude one of them."""
    given = {word[2:].partition("=")[0] for word in words if word.startswith("--")}
    for part in command.split():
        (inner,) = (one for one in parser._actions if isinstance(one, argparse._SubParsersAction))
        parser = inner.choices[part]
    for group in parser._mutually_exclusive_groups:
        names = {text.removeprefix("--") for one in group._group_actions for text in one.option_strings}
        given |= names if names & given else set()
    return frozenset(given)


def _of_beam(values: Mapping[str, Any]) -> list[str]:
    words = []
    for name, value in values.items():
        if value is not False:
            words.append(f"--{name}" if value is True else f"--{name}={value}")
    return words

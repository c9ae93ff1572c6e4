"""``newsbeam config``: checks a settings file, shows what applies to a feed, prints the schema of such files."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipelines.checks import UsageError
from pipelines.config.applied import applied_to, unused_tables, unused_variables, wrong_variables
from pipelines.config.config import Config
from pipelines.config.mistakes import ConfigError
from pipelines.config.option_values import Options, options_of
from pipelines.config.precedence import FILE_NAME, PREFIX, beside, load_config
from pipelines.config.schema import schema_text
from pipelines.given.early import beams_options, nearest_of_beam
from pipelines.parser import command_parser
from pipelines.printable import json_text, plain
from pipelines.read_feeds import read_feeds
from transforms.web.urls import BadUrl, parse_url


def config(given: argparse.Namespace) -> int:
    """The exit status of ``newsbeam config check`` (1 when there is a mistake) or ``schema``."""
    commands = dict(options_of(command_parser()))
    if given.config_command == "schema":
        print(schema_text(commands), end="")
        return 0
    path = _path(given)
    try:
        found = load_config(path, commands)
    except ConfigError as error:
        _tell_mistakes(given, path, error)
        return 1
    notes = [
        *_notes(given, found, commands),
        *(f"the variable {one} sets nothing" for one in unused_variables(found, commands, os.environ)),
    ]
    applied = None if given.url is None else applied_to(_checked(given.url), found, os.environ)
    if given.json:
        said: dict[str, Any] = {"file": path, "mistakes": [], "notes": notes}
        if applied is not None:
            said |= {"for": given.url, "applied": [one._asdict() for one in applied]}
        print(json_text(said))
        return 0
    print(plain(f"{path}: no mistakes; {_summary(found)}"))
    for note in notes:
        print(plain(f"note: {note}"))
    if applied is not None:
        print()
        print(plain(given.url))
        for one in applied:
            print(plain(f"  {one.key}: {one.value}   [{one.table}]"))
        if not applied:
            print("  nothing but the options of the command")
    return 0


def _path(given: argparse.Namespace) -> str:
    """The file to check. Raises UsageError if none is named and none lies here."""
    named: str | None = (
        given.file or os.environ.get(f"{PREFIX}CONFIG") or (beside(given.feeds) if given.feeds else None)
    )
    if named is None and Path(FILE_NAME).is_file():
        named = FILE_NAME
    if named is None:
        raise UsageError(f"there is no {FILE_NAME} here: name the file, as in newsbeam config check settings.toml")
    return named


def _checked(url: str) -> str:
    try:
        parse_url(url)
    except BadUrl as error:
        raise UsageError(f"--for: {error}") from None
    return url


def _tell_mistakes(given: argparse.Namespace, path: str, error: ConfigError) -> None:
    if given.json:
        print(json_text({"file": path, "mistakes": [asdict(one) for one in error.mistakes], "notes": []}))
        return
    for one in error.mistakes:
        print(plain(f"{path}, {one}"))
    print(f"{len(error.mistakes)} mistake(s)")


def _notes(given: argparse.Namespace, found: Config, commands: Mapping[str, Options]) -> Iterable[str]:
    """What is no mistake, and may be none that was meant."""
    yield from wrong_variables(commands, os.environ)
    if given.feeds is not None:
        for table in unused_tables(found, (spec.url for spec in read_feeds(given.feeds))):
            yield f"[{table}] fits no feed of {given.feeds}"
    proxied = [name for name, one in found.hosts.hosts if one.proxy]
    if proxied:
        yield f"the proxies of {', '.join(proxied)} look up names themselves, where the address guard does not see it"
    if "job_endpoint" not in found.beam:
        known = beams_options()
        for name in found.beam:
            if known and f"--{name}" not in known:
                yield f"beam.{name}: Beam has no such option{nearest_of_beam(name, known)}"


def _summary(found: Config) -> str:
    options = len(found.options) + sum(map(len, found.of_commands.values())) + len(found.beam)
    return f"{options} option(s), {len(found.feeds.feeds)} table(s) of feeds, {len(found.hosts.hosts)} of hosts"

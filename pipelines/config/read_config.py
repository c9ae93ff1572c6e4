"""Reads a settings file and finds all its mistakes. Pure."""

from __future__ import annotations

import argparse
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from hashlib import blake2b
from typing import Any, Final

from pipelines.config.config import Config
from pipelines.config.keys import FEED_KEYS, HOST_KEYS, OF_FEEDS_AND_HOSTS, Key
from pipelines.config.lines import lines_of
from pipelines.config.mistakes import BadValue, ConfigError, Mistake, no_such_key, shown_key
from pipelines.config.option_values import Options, words_of
from pipelines.printable import masked
from transforms.web.chosen.feed_settings import FeedChoices, FeedSettings
from transforms.web.chosen.host_settings import HostChoices, HostSettings
from transforms.web.urls import BadUrl, host_of, parse_url, request_url

TABLES: Final = ("command", "beam", "feed", "host")
_HOST_PATTERN: Final = re.compile(r"[a-z0-9*.:\[\]-]{1,260}", re.ASCII)
_ONE_ORIGIN: Final = re.compile(r"https?://[^/*?#]{1,260}/", re.ASCII)
_TOML_PLACE: Final = re.compile(r" \(at line (\d+), column \d+\)$")


def read_config(data: bytes, name: str, commands: Mapping[str, Options]) -> Config:
    """The settings of a file called `name`, for commands with these options. Raises ConfigError with all mistakes."""
    try:
        text = data.decode()
        values = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(name, [Mistake(line, "", "this is no UTF-8 text, and so no TOML")]) from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = _TOML_PLACE.search(str(error))
        said = f"this is no TOML: {_TOML_PLACE.sub('', str(error))}"
        raise ConfigError(name, [Mistake(int(place[1]) if place else None, "", said)]) from None
    reader = _Reader(commands, text)
    read = reader.read(values)
    if reader.mistakes:
        raise ConfigError(name, sorted(reader.mistakes, key=lambda one: one.line or 0))
    return Config(name, blake2b(data, digest_size=16).hexdigest(), *read)


class _Reader:
    """Reads the tables of a file, and notes each mistake instead of stopping at it."""

    def __init__(self, commands: Mapping[str, Options], text: str) -> None:
        self.mistakes: list[Mistake] = []
        self._commands = commands
        self._text = text

    def read(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """The parts of a `Config`, from `options` on."""
        tables = {name: self._table((name,), values.get(name, {})) for name in TABLES}
        options = {name: value for name, value in values.items() if name not in TABLES}
        of_feeds, of_hosts = [], []
        for key, table in tables["feed"].items():
            of_feeds.append(self._feed(("feed", key), key, table))
        hosts = []
        for key, table in tables["host"].items():
            name, for_feeds, for_requests = self._host(("host", key), key, table)
            of_hosts.append((name, for_feeds))
            hosts.append((name, for_requests))
        return (
            self._options((), options, self._commands),
            {name: self._command(("command", name), name, table) for name, table in tables["command"].items()},
            {name: self._beam(("beam", name), value) for name, value in tables["beam"].items()},
            FeedChoices(tuple(of_hosts), tuple(of_feeds)),
            HostChoices(tuple(hosts)),
        )

    @cached_property
    def _lines(self) -> dict[tuple[str, ...], int]:
        """Read only where there is a mistake: it takes longer than all else."""
        return lines_of(self._text.replace("\r\n", "\n"))

    def _wrong(self, path: Sequence[str], message: str) -> None:
        at = next(
            (self._lines[tuple(path[:end])] for end in range(len(path), 0, -1) if path[:end] in self._lines), None
        )
        self.mistakes.append(Mistake(at, shown_key(path), message))

    def _table(self, path: tuple[str, ...], value: Any) -> Mapping[str, Any]:
        if isinstance(value, dict):
            return value
        more = "" if path != ("host",) else "; the option of newsbeam workers stands in [command.workers]"
        self._wrong(path, f"this is a table, as in {_EXAMPLES[path[0]]}{more}")
        return {}

    def _options(
        self, path: tuple[str, ...], values: Mapping[str, Any], commands: Mapping[str, Options]
    ) -> dict[str, Any]:
        """Options that count for all `commands` that have them."""
        known = {name for options in commands.values() for name in options}
        for name, value in values.items():
            having = [(command, options[name]) for command, options in commands.items() if name in options]
            if not having or isinstance(value, dict):
                having = []
                self._wrong((*path, name), self._unknown(name, value, known, is_top=not path))
            for command, option in having:
                try:
                    words_of(name, option, value)
                except BadValue as error:
                    where = f' (for newsbeam {command}; see [command."{command}"])' if _differ(having) else ""
                    self._wrong((*path, name), f"{error}{where}")
                    break
        return dict(values)

    def _unknown(self, name: str, value: Any, known: Iterable[str], *, is_top: bool) -> str:
        if isinstance(value, dict):
            return no_such_key(
                name, TABLES if is_top else (), "; tables are [feed.…], [host.…], [command.…] and [beam]"
            )
        if is_top and name == "config":
            return "a settings file does not name another"
        owners = [command for command, options in self._commands.items() if name in options]
        if owners:
            return f"newsbeam {owners[0]} has this option, and this command has not"
        at_tables = [key.name for key in (*FEED_KEYS, *HOST_KEYS)] if is_top else []
        if name in at_tables:
            return 'this key stands in a table [feed."…"] or [host."…"]'
        return no_such_key(name, (*known, *(TABLES if is_top else ())))

    def _command(self, path: tuple[str, ...], name: str, value: Any) -> dict[str, Any]:
        if name not in self._commands:
            self._wrong(path, no_such_key(name, self._commands))
            return {}
        return self._options(path, self._table(path, value), {name: self._commands[name]})

    def _beam(self, path: tuple[str, ...], value: Any) -> Any:
        if not isinstance(value, bool | int | float | str):
            self._wrong(path, "give one value: true, a number or a text")
        return value

    def _feed(self, path: tuple[str, ...], key: str, value: Any) -> tuple[str, FeedSettings]:
        table = self._table(path, value)
        name = key
        if "*" not in key:
            try:
                parse_url(key)
                name = request_url(key)
            except BadUrl:  # whose message may hold a password
                self._wrong(
                    path,
                    "this is no address of a feed: write http://… or https://… without user or password, "
                    "or a pattern with * in it",
                )
        elif masked(key) != key:
            self._wrong(path, "a pattern of feeds' addresses has no user or password")
        elif "credentials" in table and _ONE_ORIGIN.match(key) is None:
            self._wrong(
                (*path, "credentials"),
                "credentials are for one origin: a pattern with them begins like https://example.org/",
            )
        return name, FeedSettings(**self._keys(path, table, FEED_KEYS))

    def _host(self, path: tuple[str, ...], key: str, value: Any) -> tuple[str, FeedSettings, HostSettings]:
        table = self._table(path, value)
        name = key.lower()
        if "*" in key:
            if _HOST_PATTERN.fullmatch(name) is None:
                self._wrong(path, "this is no pattern of hosts: write it like *.example.org")
            if "credentials" in table:
                self._wrong((*path, "credentials"), "credentials are for one host, not for a pattern")
        else:
            try:
                name = host_of(f"http://{key}")
            except BadUrl:
                name = ""
            if not name or "/" in key or "@" in key:
                self._wrong(path, "this is no host: write it like example.org or example.org:8080")
        all_keys = (*HOST_KEYS, *OF_FEEDS_AND_HOSTS)
        read = self._keys(path, table, all_keys)
        own = {key.attribute for key in HOST_KEYS}
        if read.get("proxy_credentials") is not None and read.get("proxy") == "":
            self._wrong((*path, "proxy_credentials"), 'there is no proxy to show them to: proxy is "none"')
        return (
            name,
            FeedSettings(**{name: one for name, one in read.items() if name not in own}),
            HostSettings(**{name: one for name, one in read.items() if name in own}),
        )

    def _keys(self, path: tuple[str, ...], table: Mapping[str, Any], keys: Sequence[Key]) -> dict[str, Any]:
        known = {key.name: key for key in keys}
        read = {}
        for name, value in table.items():
            key = known.get(name)
            if key is None:
                self._wrong((*path, name), self._unknown_key(name, known, path[0]))
                continue
            try:
                read[key.attribute] = key.read(value)
            except BadValue as error:
                self._wrong((*path, name), str(error))
        return read

    @staticmethod
    def _unknown_key(name: str, known: Iterable[str], table: str) -> str:
        other, where = (FEED_KEYS, "feed") if table == "host" else (HOST_KEYS, "host")
        if name in (key.name for key in other):
            return f'this key stands in a table [{where}."…"]'
        return no_such_key(name, known)


_EXAMPLES: Final = {
    "command": "[command.stream]",
    "beam": "[beam]",
    "feed": '[feed."https://example.org/rss.xml"]',
    "host": '[host."example.org"]',
}


def _differ(having: Sequence[tuple[str, argparse.Action]]) -> bool:
    """Whether commands differ in what they make of an option, so that it must be said for which one it is wrong."""
    return len({(repr(option.type), option.nargs, str(option.choices)) for _, option in having}) > 1

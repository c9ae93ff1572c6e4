"""What a settings file says of one feed, and what in it speaks of nothing. Pure; shows no secret."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any, NamedTuple

from pipelines.checks import nearest
from pipelines.config.config import Config
from pipelines.config.keys import FEED_KEYS, HOST_KEYS, Key
from pipelines.config.mistakes import BadValue
from pipelines.config.option_values import Options, words_of_text
from pipelines.config.precedence import PREFIX, variable_of
from schemas.credentials import Credentials
from transforms.web.chosen.patterns import matches
from transforms.web.urls import host_of, request_url


class Applied(NamedTuple):
    """A key that applies to a feed: its value as people read it, and the table that says so."""

    key: str
    value: str
    table: str


def applied_to(url: str, config: Config, environ: Mapping[str, str]) -> list[Applied]:
    """What applies to a feed and to requests to its host, in the order of the keys. Raises BadUrl."""
    found: dict[str, Applied] = {}
    for table, settings in config.feeds.tables_of(url):
        found |= {one.key: one for one in _said(settings, FEED_KEYS, table, environ)}
    for name, of_host in config.hosts.tables_of(host_of(url)):
        said = _said(of_host, HOST_KEYS, f'host."{name}"', environ)
        found |= {f"{one.key} of the host": one._replace(key=f"{one.key} of the host") for one in said}
    order = [*(key.name for key in FEED_KEYS), *(f"{key.name} of the host" for key in HOST_KEYS)]
    return sorted(found.values(), key=lambda one: order.index(one.key))


def _said(settings: Any, keys: Iterable[Key], table: str, environ: Mapping[str, str]) -> Iterator[Applied]:
    known = {field.name for field in fields(settings)}
    for key in keys:
        if key.attribute in known and (value := getattr(settings, key.attribute)) is not None:
            yield Applied(key.name, _shown(value, environ), table)


def _shown(value: Any, environ: Mapping[str, str]) -> str:
    """A value for people; of credentials the names of the variables, and whether they are set here."""
    if isinstance(value, Credentials):
        return _shown_credentials(value, environ)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ", ".join(value) or "(none)"
    if isinstance(value, int | float):
        return f"{value:g} s"
    return str(value) or "none"


def _shown_credentials(value: Credentials, environ: Mapping[str, str]) -> str:
    def state(name: str) -> str:
        return f"{name} ({'set' if environ.get(name) else 'not set'} here)"

    if not value.user and not value.user_env:
        return f"header {value.header} from {state(value.secret_env)}"
    user = value.user or f"from {state(value.user_env or '')}"
    return f"basic, user {user}, password from {state(value.secret_env)}"


def unused_tables(config: Config, urls: Iterable[str]) -> list[str]:
    """The tables of feeds that fit none of these feeds: mostly a mistyped address."""
    asked = [request_url(url) for url in urls]
    return [f'feed."{name}"' for name, _ in config.feeds.feeds if not any(matches(name, url) for url in asked)]


def unused_variables(config: Config | None, commands: Mapping[str, Options], environ: Mapping[str, str]) -> list[str]:
    """Variables that begin like ours and set nothing, each with the one that was probably meant."""
    known = {variable_of(name) for options in commands.values() for name in options} | {f"{PREFIX}CONFIG"}
    named = set() if config is None else {name for one in _credentials(config) for name in one.variables}
    told = []
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in known | named:
            near = nearest(name, known)
            told.append(name + (f" (did you mean {near}?)" if near else ""))
    return told


def wrong_variables(commands: Mapping[str, Options], environ: Mapping[str, str]) -> Iterator[str]:
    """The variables whose value no option takes, each with what is wrong with it."""
    for name, option in {name: one for options in commands.values() for name, one in options.items()}.items():
        if text := environ.get(variable_of(name), ""):
            try:
                words_of_text(name, option, text)
            except BadValue as error:
                yield f"the variable {variable_of(name)}: {error}"


def _credentials(config: Config) -> Iterator[Credentials]:
    yield from config.hosts.credentials
    for _, one in config.feeds.feeds:
        if one.credentials is not None:
            yield one.credentials

"""The options of a stream that hubs tell of news, and what they come to."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pipelines.checks import UsageError
from transforms.feeds.push.keys import PushKey

_LISTEN: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):(\d{1,5})", re.ASCII)
_SHORTEST_KEY: Final = 32


def listening(text: str) -> tuple[str, int]:
    """An option's type: a host and port to listen on."""
    match = _LISTEN.fullmatch(text)
    if match is None or int(match[2]) > 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is no place to listen: write it like 127.0.0.1:8765 or [::1]:8765")
    return match[1].strip("[]"), int(match[2])


def public_base(text: str) -> str:
    """An option's type: the public address under which callbacks lie, without a slash at its end."""
    from transforms.web.urls import BadUrl, is_loopback, parse_url  # which `--help` does not need

    try:
        parsed = parse_url(text)
    except BadUrl as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no address for callbacks: {error}") from None
    if parsed.search or parsed.hash:
        raise argparse.ArgumentTypeError(f"{text!r} is no address for callbacks: leave out what is behind ? and #")
    if parsed.protocol != "https:" and not is_loopback(parsed.hostname):
        raise argparse.ArgumentTypeError(f"{text!r} is no address for callbacks: give https, as your proxy serves it")
    return f"{parsed.protocol}//{parsed.host}{parsed.pathname}".rstrip("/")


def add_push(stream: argparse.ArgumentParser) -> None:
    """Add the options of ``newsbeam stream`` for WebSub."""
    group = stream.add_argument_group("news told by hubs (WebSub)")
    group.add_argument(
        "--websub",
        type=public_base,
        metavar="URL",
        help="subscribe to the hubs that feeds name; they come to addresses under this public one, which a proxy "
        "passes on to --websub_listen (docs/push.md)",
    )
    group.add_argument(
        "--websub_listen",
        type=listening,
        default=("127.0.0.1", 8765),
        metavar="HOST:PORT",
        help="where to listen for them (default 127.0.0.1:8765)",
    )
    group.add_argument(
        "--websub_key_env",
        default="WEBSUB_KEY",
        metavar="NAME",
        help="the environment variable with the key of all subscriptions' secrets, at least 32 characters "
        "(default WEBSUB_KEY)",
    )


@dataclass(frozen=True, slots=True)
class PushOptions:
    """What a stream needs for callbacks: their public address, where to listen, and the key."""

    base: str
    host: str
    port: int
    key: PushKey

    @property
    def path(self) -> str:
        """The path of the public address."""
        from transforms.web.urls import parse_url

        return str(parse_url(self.base).pathname)


def push_options(given: argparse.Namespace, environ: Mapping[str, str] = os.environ) -> PushOptions | None:
    """The options of a stream for WebSub; None if it was not asked for. Raises UsageError without a good key."""
    if given.websub is None:
        return None
    key = environ.get(given.websub_key_env, "").strip()
    if len(key) < _SHORTEST_KEY:
        what = "is not set" if not key else f"has fewer than {_SHORTEST_KEY} characters"
        raise UsageError(
            f"--websub needs a key, and the environment variable {given.websub_key_env} {what}: "
            "make one by openssl rand -hex 32, and keep it for the next start"
        )
    host, port = given.websub_listen
    return PushOptions(given.websub, host, port, PushKey(key.encode("utf-8", "surrogateescape")))

"""The options of a stream that hubs tell of news, and what they come to."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pipelines.checks import UsageError
from pipelines.given.listen_address import LOOPBACK, ListenAddress, listen_address
from transforms.feeds.push.keys import PushKey

_LISTEN: Final = ListenAddress(LOOPBACK, 8765)
_KEY_ENV: Final = "WEBSUB_KEY"
_SHORTEST_KEY: Final = 32


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
        type=listen_address,
        metavar="HOST:PORT",
        help=f"with --websub: where to listen for them; a port alone is on {LOOPBACK} (default {_LISTEN})",
    )
    group.add_argument(
        "--websub_key_env",
        metavar="NAME",
        help="with --websub: the environment variable with the key of all subscriptions' secrets, at least 32 "
        f"characters (default {_KEY_ENV})",
    )


@dataclass(frozen=True, slots=True)
class PushOptions:
    """What a stream needs for callbacks: their public address, where to listen, and the key."""

    base: str
    listen: ListenAddress
    key: PushKey

    @property
    def path(self) -> str:
        """The path of the public address."""
        from transforms.web.urls import parse_url

        return str(parse_url(self.base).pathname)


def push_options(given: argparse.Namespace, environ: Mapping[str, str] = os.environ) -> PushOptions | None:
    """The options of a stream for WebSub; None if it was not asked for.

    Raises UsageError without a good key, and for options that would count for nothing without ``--websub``.
    """
    if given.websub is None:
        for name in ("websub_listen", "websub_key_env"):
            if getattr(given, name) is not None:
                raise UsageError(f"--{name} is of no use without --websub: give the public address too, or drop it")
        return None
    name = given.websub_key_env or _KEY_ENV
    key = environ.get(name, "").strip()
    if len(key) < _SHORTEST_KEY:
        what = "is not set" if not key else f"has fewer than {_SHORTEST_KEY} characters"
        raise UsageError(
            f"--websub needs a key, and the environment variable {name} {what}: "
            "make one by openssl rand -hex 32, and keep it for the next start"
        )
    key_bytes = key.encode("utf-8", "surrogateescape")
    return PushOptions(given.websub, given.websub_listen or _LISTEN, PushKey(key_bytes))

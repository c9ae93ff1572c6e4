"""Delivers the message of ``newsbeam check``: to a command's standard input, or by POST."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from pipelines.checks import UsageError
from transforms.common.clock import Clock
from transforms.web.errors import FetchError
from transforms.web.http.client import HttpClient
from transforms.web.http.guard import AddressGuard
from transforms.web.settings import HttpSettings, Limits
from transforms.web.urls import BadUrl, host_of, request_url

_LIMIT_S: Final = 60
_LIMITS: Final = Limits(total_s=30.0, wire_bytes=64 * 1024, decoded_bytes=64 * 1024, cut=True)
_ANYWHERE: Final = ("0.0.0.0/0", "::/0")
"""The operator names the address, so it may be one of their own network."""
_VARIABLE: Final = "env:"


class UndeliveredError(Exception):
    """The message could not be delivered: one line that says why, without the webhook's address."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to deliver a message, by its name; `send` raises UndeliveredError."""

    name: str
    send: Callable[[bytes], None]


def ways(command: str | None, webhook: str | None) -> list[Way]:
    """The ways that the user named. Raises UsageError for a program that is not there, or what is no address."""
    found = []
    if command is not None:
        found.append(Way("--notify", partial(_run, _words(command))))
    if webhook is not None:
        found.append(Way("--webhook", partial(_post, _address(webhook))))
    return found


def _words(command: str) -> list[str]:
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise UsageError(f"--notify is no command line: {error}") from None
    if not words or shutil.which(words[0]) is None:
        raise UsageError(f"--notify: there is no program {words[0] if words else command!r}")
    return words


def _address(webhook: str) -> str:
    """The webhook's address. It may hold a secret, so that no message repeats it."""
    if webhook.startswith(_VARIABLE):
        name = webhook.removeprefix(_VARIABLE)
        if not os.environ.get(name):
            raise UsageError(f"--webhook: the variable {name} is not set")
        webhook = os.environ[name]
    try:
        address = request_url(webhook)
    except BadUrl:
        raise UsageError("--webhook is no address: write it like https://example.org/hook, or env:NAME") from None
    return address


def _run(words: list[str], message: bytes) -> None:
    try:
        # The words are the operator's own; what the lake holds is only on standard input. What the command prints is
        # dropped, since our standard output is for --json; its standard error is ours.
        done = subprocess.run(  # noqa: S603
            words, input=message, stdout=subprocess.DEVNULL, timeout=_LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise UndeliveredError(f"{words[0]} did not end within {_LIMIT_S} s") from None
    except OSError as error:
        raise UndeliveredError(f"{words[0]}: {error.strerror}") from None
    if done.returncode:
        raise UndeliveredError(f"{words[0]} ended with status {done.returncode}")


def _post(address: str, message: bytes) -> None:
    async def post() -> int:
        async with HttpClient(HttpSettings(), AddressGuard(_ANYWHERE), Clock()) as client:
            return (await client.post(address, message, "application/json", _LIMITS)).status

    host = host_of(address)
    try:
        status = asyncio.run(post())
    except FetchError as error:
        raise UndeliveredError(f"{host}: {str(error).replace(address, host)}") from None
    if not 200 <= status < 300:
        raise UndeliveredError(f"{host} answered with status {status}")

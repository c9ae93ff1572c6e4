"""Reads credentials from the environment, in the process that sends them and at the time that it does.

Values are returned to the HTTP client and to nobody else. No message holds one.
"""

from __future__ import annotations

import os
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from schemas.credentials import Credentials

_SENDABLE = re.compile(r"[\x21-\x7e]++(?:[ \t]++[\x21-\x7e]++)*+")


class Grant(NamedTuple):
    """Credentials for one origin, such as ``https://example.org``: they are sent to no other."""

    origin: str
    credentials: Credentials


class MissingSecretError(ValueError):
    """An environment variable that holds a secret is not set, or holds what no header can; the message names it."""


def header_of(credentials: Credentials, environ: Mapping[str, str] = os.environ) -> tuple[str, str]:
    """The header by which a request proves itself. Raises MissingSecretError."""
    if not credentials.user and not credentials.user_env:
        return credentials.header, _sendable(credentials.secret_env, environ)
    user = credentials.user or _value(credentials.user_env or "", environ)
    if ":" in user:
        raise MissingSecretError("the user of basic credentials cannot have a colon in its name (RFC 7617)")
    password = _value(credentials.secret_env, environ)
    return credentials.header, "Basic " + b64encode(f"{user}:{password}".encode()).decode()


def check_secrets(some: Iterable[Credentials | None], environ: Mapping[str, str] = os.environ) -> None:
    """Raise MissingSecretError unless the variables of all credentials are set, and can be sent."""
    for credentials in some:
        if credentials is not None:
            header_of(credentials, environ)


def _value(name: str, environ: Mapping[str, str]) -> str:
    value = environ.get(name, "")
    if not value:
        raise MissingSecretError(
            f"the environment variable {name}, which the settings file names for credentials, is not set here"
        )
    return value


def _sendable(name: str, environ: Mapping[str, str]) -> str:
    value = _value(name, environ).strip()
    if _SENDABLE.fullmatch(value) is None:
        raise MissingSecretError(f"what the environment variable {name} holds cannot stand in a header")
    return value

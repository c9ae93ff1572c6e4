"""What the settings file that a command was given says of feeds and hosts, and what manifests record of it."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pipelines.printable import masked

if TYPE_CHECKING:  # it imports what reads addresses, which `--help` does not need
    from pipelines.config.config import Config
    from transforms.web.chosen.feed_settings import FeedChoices
    from transforms.web.chosen.host_settings import HostChoices

_SECRET_NAME = re.compile(r"secret|token|password|access_key|credential", re.I)


def choices_of(given: argparse.Namespace) -> tuple[FeedChoices, HostChoices]:
    """What the settings file of a command says of feeds and hosts."""
    from transforms.web.chosen.feed_settings import FeedChoices
    from transforms.web.chosen.host_settings import HostChoices

    chosen: Config | None = getattr(given, "chosen", None)
    return (FeedChoices(), HostChoices()) if chosen is None else (chosen.feeds, chosen.hosts)


def config_shown(given: argparse.Namespace, beam_args: Sequence[str]) -> dict[str, Any]:
    """What a manifest records of the settings file, its path and digest, and of Beam's options: all but the values of
    those that are secrets, such as ``--s3_secret_access_key``."""
    chosen: Config | None = getattr(given, "chosen", None)
    config = {} if chosen is None else {"config": chosen.path, "config_digest": chosen.digest}
    return config | {"beam": list(_without_secrets(beam_args))}


def _without_secrets(beam_args: Sequence[str]) -> Iterator[str]:
    before = ""
    for word in beam_args:
        name, equals, _ = word.partition("=")
        if word.startswith("--") and equals and _SECRET_NAME.search(name):
            yield f"{name}=***"
        elif not word.startswith("--") and _SECRET_NAME.search(before):
            yield "***"
        else:
            yield masked(word)
        before = word if word.startswith("--") and not equals else ""

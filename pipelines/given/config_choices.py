"""What the settings file that a command was given says of feeds and hosts, and what manifests record of it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # it imports what reads addresses, which `--help` does not need
    from pipelines.config.config import Config
    from transforms.web.chosen.feed_settings import FeedChoices
    from transforms.web.chosen.host_settings import HostChoices


def choices_of(given: argparse.Namespace) -> tuple[FeedChoices, HostChoices]:
    """What the settings file of a command says of feeds and hosts."""
    from transforms.web.chosen.feed_settings import FeedChoices
    from transforms.web.chosen.host_settings import HostChoices

    chosen: Config | None = getattr(given, "chosen", None)
    return (FeedChoices(), HostChoices()) if chosen is None else (chosen.feeds, chosen.hosts)


def config_shown(given: argparse.Namespace) -> dict[str, Any]:
    """What a manifest records of the settings file; nothing without one."""
    chosen: Config | None = getattr(given, "chosen", None)
    return {} if chosen is None else {"config": chosen.path, "config_digest": chosen.digest}

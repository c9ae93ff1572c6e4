"""What a settings file holds, once it is read and found right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from transforms.web.chosen.feed_settings import FeedChoices
from transforms.web.chosen.host_settings import HostChoices


@dataclass(frozen=True, slots=True)
class Config:
    """A settings file. `digest` tells its bytes from others'.

    `options` count for every command that has them, `of_commands` for one command alone, and before those; `beam` are
    Beam's own. `feeds` and `hosts` are the tables of feeds and hosts.
    """

    path: str
    digest: str
    options: Mapping[str, Any] = field(default_factory=dict)
    of_commands: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    beam: Mapping[str, Any] = field(default_factory=dict)
    feeds: FeedChoices = field(default_factory=FeedChoices)
    hosts: HostChoices = field(default_factory=HostChoices)

    def option(self, command: str, name: str) -> Any:
        """The value that the file gives an option of a command; None if it gives none."""
        return {**self.options, **self.of_commands.get(command, {})}.get(name)

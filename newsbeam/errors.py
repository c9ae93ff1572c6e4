"""The exceptions of the Python interface. Any other exception is a bug of newsbeam."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schemas.failure import Reason


class NewsbeamError(Exception):
    """What all exceptions of newsbeam's Python interface have in common; the message is one line for people, and
    one more for each wrong address of a feed list."""


class UsageError(NewsbeamError, ValueError):
    """A value that the caller gave makes no sense: a setting, an address, a feed list, a lake. It names the remedy."""


class ExtractError(NewsbeamError):
    """The page holds no article. `reason` is one of the reasons of docs/tables.md, such as ``no_article`` or ``wall``;
    it compares equal to that text."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(reason, message)
        self.reason = reason
        self.message = message

    def __str__(self) -> str:
        return f"{self.reason}: {self.message}"


class LakeError(NewsbeamError):
    """The lake cannot be read: its storage does not answer, or one of its files is damaged."""


class RunError(NewsbeamError):
    """The run was not committed. What it has stored is not lost: the next run goes on from it."""


class LockedError(RunError):
    """Another run is writing to the lake. This is no mistake; the next run does the work."""

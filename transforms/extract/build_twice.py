"""Two attempts to build a page: the full build, then a cheaper one if the first took too much."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, TypeVar

from schemas.failure import Reason
from schemas.page import Page
from transforms.extract.extract_error import ExtractError, Plainly
from transforms.sandbox import BugError, SandboxError, SandboxPool

Built = TypeVar("Built")

_TOO_MUCH = frozenset({Reason.TIMEOUT, Reason.MEMORY, Reason.CRASH})
_SECOND_TRY_S = 10.0
"""Processor time of a second try. Its steps are linear; 32 MiB of the worst markup known take 3 s."""


@dataclass(frozen=True, slots=True)
class BuildTwice(Generic[Built]):
    """Builds pages in a sandbox with `build`; if that takes too long or too much memory, or crashes, with `plainly`.

    Both are picklable functions of a page; `plainly` also gets the reason for the second try. Pickles.
    """

    build: Callable[[Page], Built]
    plainly: Callable[[Page, Plainly], Built]

    def start(self, pool: SandboxPool, page: Page) -> Future[Built]:
        """The running first try."""
        return pool.submit(self.build, page)

    def start_each(self, pool: SandboxPool, pages: Sequence[Page]) -> list[Future[Built]]:
        """The running first try of each page; one worker makes them one after another, each within its own limits."""
        return pool.submit_each(self.build, pages)

    def finish(self, pool: SandboxPool, page: Page, first: Future[Built]) -> Built:
        """The page's result, waited for. Raises the first try's ExtractError or SandboxError if both tries failed.

        A bug, also one reported as BugError, is raised as it is: a second try would hide it.
        """
        try:
            return first.result()
        except (ExtractError, SandboxError) as error:
            if error.reason not in _TOO_MUCH or isinstance(error, BugError):
                raise
            why = Plainly.LIBRARY_ERROR if isinstance(error, ExtractError) else Plainly.SECOND_TRY
            try:
                return pool.submit_within(_SECOND_TRY_S, self.plainly, page, why).result()
            except BugError:
                raise
            except (ExtractError, SandboxError) as second:
                raise error from second

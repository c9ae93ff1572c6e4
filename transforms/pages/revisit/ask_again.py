"""Asks for the page of one article again, on the condition that it has changed. Plain asyncio."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from schemas.failure import Reason, ReasonedError
from schemas.page import Page
from schemas.revisit import DueRevisit
from transforms.common.clock import Now
from transforms.pages.make_page import ACCEPT, check_page, page_from
from transforms.pages.revisit.revisit_end import (
    STORED,
    Looked,
    Revisited,
    RevisitOutcome,
    conditions_of,
    outcome_of_page,
    outcome_of_status,
)
from transforms.sandbox import BugError, Guarded, SandboxError
from transforms.web.errors import Deferred, FetchError, Phase
from transforms.web.http.fetcher import PageFetcher
from transforms.web.politeness.outage import End, end_of, end_of_answer

Look = Callable[[Page], Awaitable[Looked]]
"""Looks at a page in a worker process. Raises ReasonedError where it holds no article, or costs too much."""

_TOO_MUCH: Final = frozenset({Reason.TIMEOUT, Reason.MEMORY, Reason.CRASH})


async def ask_again(
    due: DueRevisit, client: PageFetcher, look: Look, clock: Now, run_id: str
) -> tuple[Revisited, End, object]:
    """How a revisit ended, what its request tells of our network, and the lease of a large body.

    A page whose words are known is not stored. One that costs a worker too much to look at is stored: what it holds is
    found out as for any other page, by simpler means.
    """
    try:
        headers = (ACCEPT, *conditions_of(due))
        response = await client.fetch(due.url, headers, validator_url=due.validator_url or due.url)
        end = end_of_answer(response.status)
        outcome = outcome_of_status(due, response)
        if outcome is not None:
            return Revisited(due, outcome, clock.now_us(), response=response), end, response.lease
        Guarded(check_page, (FetchError,))(response)
        stated = Guarded(client.robots_usage)(response.final_url)
        page: Page = Guarded(page_from)(due.entry, response, clock.now_us(), run_id, stated)
        looked = await _looked(page, look)
        outcome = outcome_of_page(due, response, looked)
        stored = page if outcome in STORED else None
        return Revisited(due, outcome, page.fetched_at_us, stored, looked, response), end, response.lease
    except FetchError as error:
        return _failed(due, clock, error), end_of(error), None
    except BugError as bug:
        return _failed(due, clock, FetchError(bug.reason, bug.message)), End.ANSWERED, None
    except Deferred as deferred:
        return Revisited(due, RevisitOutcome.DEFERRED, clock.now_us(), why=str(deferred)), End.NOTHING, None


def _failed(due: DueRevisit, clock: Now, error: FetchError) -> Revisited:
    return Revisited(due, RevisitOutcome.FAILED, clock.now_us(), error=error)


async def _looked(page: Page, look: Look) -> Looked | None:
    """What the page holds; None where looking cost too much. Raises FetchError where it holds no article."""
    try:
        return await look(page)
    except BugError:
        raise
    except SandboxError:
        return None
    except ReasonedError as error:
        if error.reason in _TOO_MUCH:
            return None
        message = f"asked for again, {error.message}"
        raise FetchError(error.reason, message, page.status, phase=Phase.ANSWER) from error

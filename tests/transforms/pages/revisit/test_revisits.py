"""What a revisit finds: nothing new, an edit, a withdrawal, a return, or a failure that says nothing of the article."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from schemas.article import PageKind
from schemas.failure import Reason, ReasonedError
from schemas.page import Page
from schemas.revisit import DueRevisit, Revisit, Withdrawal
from tests.transforms.pages.entries import entry
from tests.web_server import FakeTime
from transforms.pages.fetch_entries import fetch_entries
from transforms.pages.revisit.ask_again import ask_again
from transforms.pages.revisit.revisit_end import (
    Looked,
    Revisited,
    RevisitOutcome,
    failure_of,
    outcome_of_page,
    row_after,
    withdrawal_of,
)
from transforms.sandbox import BugError, SandboxError
from transforms.web.errors import Deferred, FetchError, Phase
from transforms.web.http.response import Response, headers_of

URL = "https://news.example/a"
HTML = b"<html><p>The river rose.</p></html>"
ROW = Revisit("a" * 32, "k" * 32, "news.example", 1_000, 1_000, 10**18)
DUE = DueRevisit(ROW, entry(URL), URL, URL, '"v1"', "Mon, 02 Mar 2026 09:00:00 GMT", "words", False)
GONE = replace(DUE, is_withdrawn=True)
SAME = Looked("a" * 32, "words", PageKind.ARTICLE)


def answer(
    status: int = 200, body: bytes = HTML, hops: int = 0, fields: Sequence[tuple[bytes, bytes]] = ()
) -> Response:
    redirects = ((301, URL),) * hops
    return Response(URL, "https://news.example/" if hops else URL, redirects, status, headers_of(fields), body, 1)


class OneAnswer:
    """Answers every request alike; remembers what was sent with the last."""

    def __init__(self, says: Response | Exception) -> None:
        self.says = says
        self.sent: dict[str, str] = {}
        self.asked: list[str] = []

    async def fetch(
        self, url: str, headers: Sequence[tuple[str, str]] = (), *, validator_url: str | None = None
    ) -> Response:
        self.asked.append(url)
        self.sent = {**dict(headers), "validator_url": str(validator_url)}
        if isinstance(self.says, Exception):
            raise self.says
        return self.says

    def robots_usage(self, _: str) -> tuple[str, ...]:
        return ()


def looks(result: Looked | Exception) -> Callable[[Page], object]:
    async def look(page: Page) -> Looked:
        assert page.body == HTML
        if isinstance(result, Exception):
            raise result
        return result

    return look


def asked(
    due: DueRevisit, says: Response | Exception, looked: Looked | Exception = SAME
) -> tuple[Revisited, OneAnswer]:
    client = OneAnswer(says)
    revisited, _, _ = asyncio.run(ask_again(due, client, looks(looked), FakeTime(), "run-1"))  # type: ignore[arg-type]
    return revisited, client


def test_a_revisit_sends_the_validators_to_the_address_that_gave_them_and_304_is_unchanged() -> None:
    revisited, client = asked(DUE, answer(304, b""), BugError("nothing is looked at"))
    assert client.sent["If-None-Match"] == '"v1"'
    assert client.sent["If-Modified-Since"] == "Mon, 02 Mar 2026 09:00:00 GMT"
    assert client.sent["validator_url"] == URL
    assert (revisited.outcome, revisited.page) == (RevisitOutcome.UNCHANGED, None)
    assert row_after(revisited) == replace(ROW, asked_at_us=revisited.at_us)


def test_a_withdrawn_article_is_asked_for_without_conditions_and_304_is_no_answer_to_that() -> None:
    revisited, client = asked(GONE, answer(304, b""))
    assert "If-None-Match" not in client.sent
    assert revisited.outcome is RevisitOutcome.FAILED


@pytest.mark.parametrize("status", [404, 410])
def test_404_and_410_are_withdrawals_the_first_time_that_they_come(status: int) -> None:
    first, _ = asked(DUE, answer(status, b""))
    again, _ = asked(GONE, answer(status, b""))
    assert (first.outcome, again.outcome) == (RevisitOutcome.WITHDRAWN, RevisitOutcome.UNCHANGED)
    assert (withdrawal_of(first), withdrawal_of(again)) == (Withdrawal("a" * 32, first.at_us), None)
    assert failure_of(first, "run-1") is None


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        (answer(401), Reason.FORBIDDEN),
        (answer(403), Reason.FORBIDDEN),
        (answer(451), Reason.FORBIDDEN),
        (answer(500), Reason.SERVER_ERROR),
        (answer(503), Reason.SERVER_ERROR),
        (answer(200, b""), Reason.EMPTY_BODY),
        (answer(200, b"%PDF-1.7"), Reason.NOT_HTML),
        (FetchError(Reason.TIMEOUT, "slow", phase=Phase.HEADERS), Reason.TIMEOUT),
        (FetchError(Reason.ROBOTS_DENIED, "not for us"), Reason.ROBOTS_DENIED),
    ],
)
def test_what_is_about_us_or_about_the_moment_is_a_failure_with_its_reason_and_no_withdrawal(
    says: Response | Exception, reason: Reason
) -> None:
    revisited, _ = asked(DUE, says)
    failure = failure_of(revisited, "run-1")
    assert revisited.outcome is RevisitOutcome.FAILED
    assert failure is not None
    assert (failure.stage, failure.reason, failure.input_kind, failure.input) == ("pages", reason, "revisit", URL)
    assert withdrawal_of(revisited) is None
    assert row_after(revisited) == replace(ROW, asked_at_us=revisited.at_us), "the next interval is its next try"


def test_a_wall_in_place_of_the_article_is_a_failure_and_a_bug_of_ours_is_a_crash() -> None:
    wall, _ = asked(DUE, answer(), ReasonedError(Reason.WALL, "consent"))
    bug, _ = asked(DUE, answer(), BugError("KeyError"))
    reasons = [failure.reason for one in (wall, bug) if (failure := failure_of(one, "run-1")) is not None]
    assert reasons == [Reason.WALL, Reason.CRASH]


def test_what_is_not_asked_for_stays_due() -> None:
    revisited, _ = asked(DUE, Deferred("the host rests"))
    assert (revisited.outcome, row_after(revisited)) == (RevisitOutcome.DEFERRED, None)
    assert row_after(replace(revisited, outcome=RevisitOutcome.OFFLINE)) is None


@pytest.mark.parametrize(
    ("due", "looked", "hops", "outcome"),
    [
        (DUE, SAME, 0, RevisitOutcome.UNCHANGED),
        (DUE, SAME, 1, RevisitOutcome.UNCHANGED),
        (DUE, SAME._replace(printed="other"), 0, RevisitOutcome.EDITED),
        (DUE, SAME._replace(page_kind=PageKind.NOT_FOUND, printed="other"), 0, RevisitOutcome.WITHDRAWN),
        (DUE, Looked("f", "front", PageKind.SECTION_FRONT), 1, RevisitOutcome.WITHDRAWN),
        (DUE, Looked("f", "front", PageKind.SECTION_FRONT), 0, RevisitOutcome.MOVED),
        (DUE, Looked("f", "front", PageKind.ARTICLE), 1, RevisitOutcome.MOVED),
        (DUE, SAME._replace(article_id="b"), 1, RevisitOutcome.UNCHANGED),
        (DUE, None, 0, RevisitOutcome.EDITED),
        (GONE, SAME, 0, RevisitOutcome.RETURNED),
        (GONE, None, 0, RevisitOutcome.RETURNED),
        (GONE, SAME._replace(article_id="b"), 1, RevisitOutcome.MOVED),
        (GONE, Looked("f", "front", PageKind.SECTION_FRONT), 1, RevisitOutcome.UNCHANGED),
    ],
)
def test_a_page_tells_by_its_words_its_kind_and_its_article(
    due: DueRevisit, looked: Looked | None, hops: int, outcome: RevisitOutcome
) -> None:
    assert outcome_of_page(due, answer(hops=hops), looked) == outcome


def test_only_a_page_that_says_something_new_is_kept_and_the_row_names_it() -> None:
    fields = ((b"ETag", b'"v2"'),)
    same, _ = asked(DUE, answer(fields=fields))
    assert same.page is None
    assert row_after(same) == replace(ROW, asked_at_us=same.at_us, validator_url=URL, etag='"v2"')

    edited, _ = asked(DUE, answer(fields=fields), SAME._replace(printed="other"))
    assert edited.page is not None
    assert (edited.page.url, edited.page.url_key, edited.page.run_id) == (URL, DUE.entry.url_key, "run-1")
    assert row_after(edited) == replace(ROW, asked_at_us=edited.at_us, fetched_at_us=edited.page.fetched_at_us)

    moved, _ = asked(DUE, answer(), Looked("b", "other", PageKind.ARTICLE))
    after = row_after(moved)
    assert after is not None
    assert after.until_at_us == moved.at_us, "the other article has a row of its own"


def test_a_page_that_is_too_much_for_a_worker_is_stored_and_built_as_any_other() -> None:
    revisited, _ = asked(DUE, answer(), SandboxError(Reason.TIMEOUT, "20 s"))
    assert revisited.outcome is RevisitOutcome.EDITED
    assert revisited.page is not None


def test_a_host_s_new_pages_come_before_its_revisits() -> None:
    client = OneAnswer(answer())
    entries = [entry(f"https://news.example/new/{n}") for n in range(3)]
    other = replace(DUE, url="https://other.example/a")

    async def run() -> list[object]:
        found = fetch_entries(
            entries,
            client,
            FakeTime(),
            "run-1",
            revisits=[DUE, other],
            look=looks(SAME),  # type: ignore[arg-type]
        )
        return [one async for one in found]

    results = asyncio.run(run())
    of_host = [url for url in client.asked if url.startswith("https://news.example/")]
    assert of_host == [*(one.url for one in sorted(entries, key=lambda one: one.turn)), URL]
    assert sum(isinstance(one, Revisited) for one in results) == 2
    assert len(results) == 5

"""Polls feeds: one host's feeds one after another, many hosts at a time. Plain asyncio; clock and client are given."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import aclosing
from dataclasses import replace
from typing import Final, NamedTuple

from schemas.failure import FAILURES, Failure, InputKind, Reason, Stage
from schemas.feed import FEED_CURSORS, FEED_POLLS, PENDING, FeedCursor, FeedEntry, FeedPoll, FeedSpec, PollOutcome
from schemas.feed_order import FeedOrder
from transforms.common.clock import SECOND_US, Now
from transforms.feeds.parsing.entries import entries_of
from transforms.feeds.parsing.parsed import FeedBugError, FeedError, Parse, ParsedFeed
from transforms.feeds.parsing.sitemap_index import INDEX, follow_sitemaps
from transforms.feeds.polling.gate import Gate
from transforms.feeds.polling.turns import lanes_of, standing_of
from transforms.feeds.push.discovery import hub_of
from transforms.feeds.scheduling.cursor import after_poll, is_due, request_of
from transforms.feeds.scheduling.listing import listing_of
from transforms.feeds.scheduling.moves import asked_url
from transforms.feeds.scheduling.orders import HELD, asked_cursors, is_asked_for
from transforms.feeds.scheduling.poll_facts import PollFacts, facts_of, refusal_of
from transforms.feeds.scheduling.poll_settings import PollSettings
from transforms.sandbox import BugError, Guarded
from transforms.web.chosen.secrets import check_secrets
from transforms.web.errors import Deferred, FetchError
from transforms.web.forgotten import NOTHING_FORGOTTEN, Forgotten
from transforms.web.http.fetcher import CredentialedFetcher, Fetcher, fetcher_of
from transforms.web.http.response import Response
from transforms.web.log_fields import about
from transforms.web.politeness.outage import End, Sighting, end_of, end_of_answer
from transforms.web.politeness.take_turns import Told, take_turns
from transforms.web.urls import lane_of

_PAST_CACHES: Final = ("Cache-Control", "no-cache")
NO_ORDERS: Final[Mapping[str, FeedOrder]] = {}


class Polled(NamedTuple):
    """One feed's poll: its row, the new cursor (None if nothing changed), its entries and failures.

    `is_bug`: the poll failed because our own code raised an unexpected exception.
    """

    poll: FeedPoll
    cursor: FeedCursor | None
    entries: tuple[FeedEntry, ...] = ()
    failures: tuple[Failure, ...] = ()
    is_bug: bool = False


async def poll_feeds(
    specs: Iterable[FeedSpec],
    cursors: Mapping[str, FeedCursor],
    client: CredentialedFetcher,
    parse: Parse,
    clock: Now,
    run_id: str,
    settings: PollSettings,
    forgotten: Forgotten = NOTHING_FORGOTTEN,
    orders: Mapping[str, FeedOrder] = NO_ORDERS,
) -> AsyncIterator[Polled]:
    """One result for each different feed address of `specs`, as each poll ends.

    A feed that is not due, is retired, paused or `forgotten` gets no request; `orders` are an operator's. Expected
    failures become rows. So does a bug on one feed's content, since it would fail every run; any other bug ends the
    iteration and is raised. Closing the iterator cancels the polls under way. Polls without an answer come last, when
    it is known whether our own network was down; if it was, they are ``offline`` and their cursors stay unchanged.
    """
    specs = {spec.url: spec for spec in specs}.values()
    check_secrets(spec.credentials for spec in specs if not spec.is_paused)
    cursors = asked_cursors(cursors, orders)
    poller = _Poller(cursors, client, parse, clock, run_id, settings, orders)
    due = []
    for spec in specs:
        idle = poller.forgotten(spec) if forgotten.holds(spec.url) else poller.idle(spec)
        if idle is None:
            due.append(spec)
        else:
            yield idle
    gate = Gate(settings.first_polls, settings.concurrency)

    async def poll(spec: FeedSpec) -> Told[Polled]:
        cursor = cursors.get(spec.url)
        # The host's turn has come before: a slow host with many feeds takes up one place, not all.
        async with gate.place():
            began_us = clock.now_us()
            with about(url=asked_url(cursor, spec.url), feed=spec.url):
                polled, end = await poller.poll(spec)
        host = lane_of(asked_url(cursor, spec.url))
        return Told(polled, Sighting(host, began_us, clock.now_us(), end, standing_of(cursor)))

    def offline(polled: Polled) -> Polled:
        return _offline(polled, cursors.get(polled.poll.feed_url))

    async with aclosing(take_turns(lanes_of(due, cursors), poll, offline)) as results:
        async for polled in results:
            yield polled


def _offline(failed: Polled, cursor: FeedCursor | None) -> Polled:
    """A failed poll as ``offline``: our network failed, so the feed's cursor stays and the next run asks again."""
    row = replace(
        failed.poll,
        outcome=PollOutcome.OFFLINE,
        next_poll_at_us=cursor.next_poll_at_us if cursor is not None else None,
        error_count=cursor.error_count if cursor is not None else 0,
        moved_to=cursor.moved_to if cursor is not None else None,
        distrusted=cursor.distrusted if cursor is not None else False,
    )
    return Polled(row, None)


class _Poller:
    def __init__(
        self,
        cursors: Mapping[str, FeedCursor],
        client: CredentialedFetcher,
        parse: Parse,
        clock: Now,
        run_id: str,
        settings: PollSettings,
        orders: Mapping[str, FeedOrder],
    ) -> None:
        self._orders = orders
        self._cursors = cursors
        self._client = client
        self._parse = parse
        self._clock = clock
        self._run_id = run_id
        self._settings = settings

    def idle(self, spec: FeedSpec) -> Polled | None:
        """The result of a feed that is not polled now; None if it is due."""
        cursor, order = self._cursors.get(spec.url), self._orders.get(spec.url)
        given, now_us = self._settings_of(spec), self._clock.now_us()
        hold = order.hold_at(now_us) if order is not None else None
        if spec.is_paused or hold is not None:
            return Polled(self._row(spec, HELD[hold] if hold is not None else PollOutcome.PAUSED, cursor), None)
        run_gap_us = round(given.run_gap_s * SECOND_US)
        force = given.asks_all or is_asked_for(order, cursor) or spec.is_pushed
        if cursor is None or is_due(cursor, now_us, run_gap_us, given.jitter, force=force, gently=given.gently):
            return None
        return Polled(self._row(spec, PollOutcome.RETIRED if cursor.retired else PollOutcome.NOT_DUE, cursor), None)

    def _settings_of(self, spec: FeedSpec) -> PollSettings:
        return self._settings.for_feed(spec.interval_s, spec.polls_gently)

    def forgotten(self, spec: FeedSpec) -> Polled:
        """The result of a feed whose own address was forgotten."""
        return Polled(self._row(spec, PollOutcome.FORGOTTEN, None), None)

    async def poll(self, spec: FeedSpec) -> tuple[Polled, End]:
        """The result of a poll, and how its request ended, as evidence on our network."""
        cursor = self._cursors.get(spec.url)
        url, headers, validator_url = request_of(cursor, spec.url, self._clock.now_us(), self._settings_of(spec))
        if is_asked_for(self._orders.get(spec.url), cursor):
            headers, validator_url = (), None
        # What a cache on the way holds is older than the news that the feed's hub tells of.
        sent = (*headers, _PAST_CACHES) if spec.is_pushed else headers
        client = fetcher_of(self._client, spec)
        try:
            response = await client.fetch(url, sent, validator_url=validator_url)
        except FetchError as error:
            facts = PollFacts(error.status, error.reason, bool(headers), retry_after_s=error.retry_after_s)
            return self._failed(spec, cursor, facts, error.message), end_of(error)
        except Deferred as deferred:
            return self._deferred(spec, cursor, deferred), End.NOTHING
        return await self._answer(spec, cursor, client, response, headers), end_of_answer(response.status)

    async def _answer(
        self,
        spec: FeedSpec,
        cursor: FeedCursor | None,
        client: Fetcher,
        response: Response,
        headers: tuple[tuple[str, str], ...],
    ) -> Polled:
        facts = facts_of(response, conditional=bool(headers))
        if response.status == 304 and headers:
            return self._not_modified(spec, cursor, facts, response)

        try:
            _refuse_status(response)
            parsed = await self._parse(response.body, response.headers.get("content-type"), response.final_url, spec)
            parsed = await follow_sitemaps(parsed, spec, client, self._parse, self._clock.now_us())
        except FeedBugError as bug:
            return self._crashed(spec, cursor, facts, bug.message, response)
        except FeedError as error:
            return self._failed(spec, cursor, replace(facts, reason=error.reason), error.message, response)
        except Deferred as deferred:  # while reading the sitemaps of an index
            return self._deferred(spec, cursor, deferred, response)
        if parsed.format == INDEX:  # an index may be unchanged while its sitemaps change
            facts = replace(facts, etag=None, last_modified=None)
        try:
            polled: Polled = Guarded(self._read)(spec, cursor, facts, parsed, response)
            return polled
        except BugError as bug:
            return self._crashed(spec, cursor, facts, f"reading the feed {bug.message}", response)

    def _read(
        self, spec: FeedSpec, cursor: FeedCursor | None, facts: PollFacts, parsed: ParsedFeed, response: Response
    ) -> Polled:
        now_us = self._clock.now_us()
        entries, problems = entries_of(parsed, spec, now_us)
        told_by = hub_of(response, parsed) or (None, None)
        facts = replace(
            facts,
            ttl_s=parsed.ttl_s,
            skip_hours=parsed.skip_hours,
            skip_days=parsed.skip_days,
            listing=listing_of(entry.url_key for entry in entries),
            hub_url=told_by[0],
            topic_url=told_by[1],
        )
        after = self._after(cursor, spec, facts, now_us)
        row = replace(
            self._answered(spec, PollOutcome.OK, after, response),
            conditional=facts.conditional,
            format=parsed.format,
            title=parsed.title,
            entries=len(entries) + len(problems),
        )
        run_id, kind = self._run_id, InputKind.ENTRY
        failures = tuple(
            Failure(Stage.FEEDS, Reason.BAD_URL, problem.message, kind, problem.input, now_us, run_id, spec.url)
            for problem in problems
        )
        # Values that cannot be stored would fail the whole run when it writes them. Here they fail this feed only.
        FEED_POLLS.to_arrow([row])
        FEED_CURSORS.to_arrow([after])
        PENDING.to_arrow(entries)
        FAILURES.to_arrow(failures)
        return Polled(row, after, entries, failures)

    def _crashed(
        self, spec: FeedSpec, cursor: FeedCursor | None, facts: PollFacts, message: str, response: Response
    ) -> Polled:
        failed = self._failed(spec, cursor, replace(facts, reason=Reason.CRASH), message, response)
        return failed._replace(is_bug=True)

    def _not_modified(self, spec: FeedSpec, cursor: FeedCursor | None, facts: PollFacts, response: Response) -> Polled:
        after = self._after(cursor, spec, facts, self._clock.now_us())
        return Polled(replace(self._answered(spec, PollOutcome.NOT_MODIFIED, after, response), conditional=True), after)

    def _deferred(
        self, spec: FeedSpec, cursor: FeedCursor | None, deferred: Deferred, response: Response | None = None
    ) -> Polled:
        row = self._row(spec, PollOutcome.DEFERRED, cursor)
        if response is not None:
            row = replace(row, final_url=response.final_url, status=response.status)
        return Polled(replace(row, message=str(deferred)), None)

    def _failed(
        self,
        spec: FeedSpec,
        cursor: FeedCursor | None,
        facts: PollFacts,
        message: str,
        response: Response | None = None,
    ) -> Polled:
        now_us = self._clock.now_us()
        after = self._after(cursor, spec, facts, now_us)
        outcome = PollOutcome.FAILED
        row = self._answered(spec, outcome, after, response) if response else self._row(spec, outcome, after)
        reason = str(facts.reason)
        failure = Failure(
            Stage.FEEDS, reason, message, InputKind.FEED, spec.url, now_us, self._run_id, spec.url, status=facts.status
        )
        row = replace(row, status=facts.status, reason=reason, message=message, conditional=facts.conditional)
        return Polled(row, after, (), (failure,))

    def _after(self, cursor: FeedCursor | None, spec: FeedSpec, facts: PollFacts, now_us: int) -> FeedCursor:
        """The cursor after a poll, which has obeyed the order for the feed, if there was one."""
        after = after_poll(cursor, spec.url, facts, now_us, self._settings_of(spec))
        order = self._orders.get(spec.url)
        return after if order is None or order.asked is None else replace(after, obeyed=order.asked)

    def _answered(self, spec: FeedSpec, outcome: PollOutcome, after: FeedCursor, response: Response) -> FeedPoll:
        return replace(
            self._row(spec, outcome, after),
            final_url=response.final_url,
            status=response.status,
            etag=response.headers.get("etag"),
            last_modified=response.headers.get("last-modified"),
            body_bytes=len(response.body),
            elapsed_ms=response.elapsed_ms,
        )

    def _row(self, spec: FeedSpec, outcome: PollOutcome, cursor: FeedCursor | None) -> FeedPoll:
        return FeedPoll(
            feed_url=spec.url,
            final_url=None,
            outcome=outcome,
            polled_at_us=self._clock.now_us(),
            run_id=self._run_id,
            next_poll_at_us=cursor.next_poll_at_us if cursor is not None else None,
            error_count=cursor.error_count if cursor is not None else 0,
            moved_to=cursor.moved_to if cursor is not None else None,
            distrusted=cursor.distrusted if cursor is not None else False,
        )


def _refuse_status(response: Response) -> None:
    if response.status == 304:
        raise FeedError(Reason.BAD_RESPONSE, "the server answered 304 to a request without conditions")
    if not response.is_success:
        raise FeedError(refusal_of(response), f"the server answered {response.status}")

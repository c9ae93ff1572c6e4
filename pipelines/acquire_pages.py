"""From feeds to stored pages: the half that talks to the network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.pvalue import PCollection

from pipelines.settings import RunContext
from schemas.failure import Failure, Reason
from schemas.feed import FeedCursor, FeedEntry, FeedPoll, FeedSpec
from schemas.host import HostMemory
from schemas.page import PAGES, Page
from schemas.run import FilePart
from schemas.state import Seen
from schemas.table import day_of
from transforms.feeds.poll_feeds import PollFeeds
from transforms.feeds.select_new import SelectOutcome
from transforms.feeds.select_new_entries import SelectNewEntries
from transforms.lake.commit_run import Tally
from transforms.lake.parts import PartWriter
from transforms.lake.state import StateBefore
from transforms.pages.fetch_pages import FetchOutcome, FetchPages
from transforms.web.memory import for_next_run
from transforms.web.polite import open_polite_client


class AcquiredPages(NamedTuple):
    """Parts of stored pages to build from, and the rows and counts of how they were come by."""

    pages: PCollection[FilePart]
    polls: PCollection[FeedPoll]
    cursors: PCollection[FeedCursor]
    pending: PCollection[FeedEntry]
    outcomes: PCollection[FetchOutcome]
    relisted: PCollection[Seen]
    hosts: PCollection[HostMemory]
    failures: PCollection[Failure]
    tallies: PCollection[Tally]


@dataclass(frozen=True, slots=True)
class LakePageStore:
    """Stores fetched pages as parts of the `pages` table, one a day of fetch."""

    writer: PartWriter

    def write(self, pages: Sequence[Page], chunk: str) -> list[FilePart]:
        """Write pages whole; they are safe when this returns."""
        days = sorted({day_of(page.fetched_at_us) for page in pages})
        return [
            self.writer.write(PAGES, [page for page in pages if day_of(page.fetched_at_us) == day], chunk, day)
            for day in days
        ]


class AcquirePages(beam.PTransform[PCollection[FeedSpec], AcquiredPages]):
    """Polls feeds, selects what is new, fetches it and stores the pages.

    Not repeatable: the pages it stored are in the lake, and a later run goes on from there. All else that it gives
    (polls, cursors, entries left for the next run) counts only once the run is committed.
    """

    def __init__(self, context: RunContext) -> None:
        super().__init__()
        self._context = context

    def expand(self, specs: PCollection[FeedSpec]) -> AcquiredPages:
        run, settings = self._context, self._context.settings
        polled = specs | "PollFeeds" >> PollFeeds(
            connect=partial(
                open_polite_client, settings.http, settings.guard, run.clock, deadline_us=run.poll_deadline_us
            ),
            cursors=run.state.cursors,
            hosts=run.state.hosts,
            sandbox=settings.sandbox,
            clock=run.clock,
            run_id=run.run_id,
            shards=settings.shards,
            settings=settings.polling,
        )
        pending = (
            specs.pipeline
            | "State" >> beam.Create([run.state], reshuffle=False)
            | "ReadPending" >> beam.FlatMap(_pending_entries)
        )
        selected = (
            (polled.entries, pending)
            | "AllEntries" >> beam.Flatten()
            | "SelectNewEntries" >> SelectNewEntries(run.state.seen, settings.shards, run.started_at_us)
        )
        fetched = {"entries": selected.entries, "memories": polled.memories} | "FetchPages" >> FetchPages(
            http=settings.http,
            guard=settings.guard,
            store=LakePageStore(run.writer),
            hosts=run.state.hosts,
            clock=run.clock,
            run_id=run.run_id,
            shards=settings.shards,
            page_flush_s=settings.page_flush_s,
            max_pages=settings.max_pages,
            deadline_us=run.deadline_us,
        )
        polls = (
            {
                "polls": polled.polls | "PollsByFeed" >> beam.Map(_by_feed),
                "new": selected.outcomes | "NewByFeed" >> beam.FlatMap(_new_by_feed),
            }
            | "JoinNew" >> beam.CoGroupByKey()
            | "CountNew" >> beam.FlatMap(_with_new_entries)
        )
        tallies = (
            polls | "TallyPolls" >> beam.FlatMap(_tally_poll),
            pending | "TallyPending" >> beam.Map(_tally_pending),
            polled.failures | "TallyUnusable" >> beam.FlatMap(_tally_unusable),
            polled.bugs | "TallyCrashed" >> beam.Map(_tally_crashed),
            selected.outcomes | "TallySelected" >> beam.Map(_tally_selected),
            fetched.outcomes | "TallyFetched" >> beam.FlatMap(_tally_fetched),
        ) | "Tallies" >> beam.Flatten()
        asked = polls | "Asked" >> beam.Filter(_was_asked)
        hosts = fetched.memories | "HostsForNextRun" >> beam.Map(for_next_run)
        failures = (polled.failures, fetched.failures) | "Failures" >> beam.Flatten()
        return AcquiredPages(
            fetched.pages,
            asked,
            polled.cursors,
            fetched.pending,
            fetched.outcomes,
            selected.relisted,
            hosts,
            failures,
            tallies,
        )


def _pending_entries(state: StateBefore) -> list[FeedEntry]:
    return state.pending()


def _by_feed(poll: FeedPoll) -> tuple[str, FeedPoll]:
    return poll.feed_url, poll


def _new_by_feed(outcome: SelectOutcome) -> Iterator[tuple[str, int]]:
    if outcome.outcome == "fetch" and outcome.origin == "listed":
        yield outcome.feed_url, 1


def _with_new_entries(group: tuple[str, dict[str, Iterable[Any]]]) -> Iterator[FeedPoll]:
    _, joined = group
    new = sum(joined["new"])
    for poll in joined["polls"]:  # none where a pending entry's feed is no longer in the list
        yield replace(poll, new_entries=new)


def _was_asked(poll: FeedPoll) -> bool:
    return poll.was_asked


def _tally_poll(poll: FeedPoll) -> Iterator[Tally]:
    yield f"polls.{poll.outcome}", 1
    if poll.was_asked:
        yield "polls.asked", 1
    if poll.outcome == "offline":
        yield "attention.network_down", 1
    if poll.moved_to is not None:
        yield "feeds.moved", 1
    if poll.distrusted:
        yield "feeds.distrusted", 1
    if poll.outcome == "retired" or (poll.reason == Reason.GONE and poll.next_poll_at_us is None):
        yield "feeds.retired", 1
    yield "entries.listed", poll.entries


def _tally_pending(_: FeedEntry) -> Tally:
    return "entries.pending", 1


def _tally_unusable(failure: Failure) -> Iterator[Tally]:
    if failure.input_kind == "entry":
        yield "entries.unusable", 1


def _tally_crashed(_: str) -> Tally:
    return "attention.crashed_feeds", 1


def _tally_selected(outcome: SelectOutcome) -> Tally:
    return f"entries.{outcome.outcome}", 1


def _tally_fetched(outcome: FetchOutcome) -> Iterator[Tally]:
    yield f"fetches.{outcome.outcome}", 1
    if outcome.outcome == "offline":
        yield "attention.network_down", 1

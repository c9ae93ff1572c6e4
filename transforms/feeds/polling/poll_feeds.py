"""The Beam transform that polls feeds: one event loop for each shard of hosts, bodies parsed in the sandbox."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from functools import partial
from typing import Any, Final, Literal, NamedTuple, TypeAlias

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.pvalue import PCollection, TaggedOutput

from schemas.failure import Failure
from schemas.feed import FEED_CURSORS, FEED_POLLS, FeedCursor, FeedEntry, FeedPoll, FeedSpec
from schemas.feed_order import FeedOrder
from schemas.host import HostMemory
from schemas.run import FilePart, Run, Step, StepTime, Tally
from schemas.run_shard import RunShard
from transforms.common.blocks import Block, Blocks
from transforms.common.clock import Now
from transforms.common.progress import Progress
from transforms.common.watch import Watch
from transforms.feeds.parsing.in_worker import PARSE, in_worker
from transforms.feeds.parsing.parsed import ParsedFeed
from transforms.feeds.polling.poll import NO_ORDERS, Polled, poll_feeds
from transforms.feeds.polling.tally_polls import tally_polled
from transforms.feeds.scheduling.poll_settings import PollSettings
from transforms.sandbox import Sandbox, SandboxPool
from transforms.web.forgotten import ForgottenLookup, nothing_forgotten
from transforms.web.politeness.memory import HostLookup, unknown_hosts
from transforms.web.politeness.polite import PoliteClient
from transforms.web.politeness.shards import shard_key, shard_of_host, shard_of_page, shard_of_url
from transforms.web.urls import lane_of

CursorLookup = Callable[[Run, Sequence[str]], Mapping[str, FeedCursor]]
"""Takes a run and feed addresses, returns their cursors from the lake; leaves unknown feeds out. Can be pickled."""

OrdersLookup = Callable[[Run], Mapping[str, FeedOrder]]
"""Takes a run, returns an operator's orders as the run found them, by feed. Can be pickled."""

Connect = Callable[..., AbstractAsyncContextManager[PoliteClient]]
"""Opens the HTTP client inside a running loop, given `memories` of hosts, the `deadline_us` of requests
and what is `forgotten`. A
`functools.partial` of `open_polite_client`, which can be pickled."""

Check = Callable[[Run], None]
"""Raises if a run must ask no host any more, as when another run has taken over its lake. Can be pickled."""

_POLLS_AT_ONCE: Final = 32


def unwatched(run: Run) -> None:
    """Lets every run go on."""


def no_orders(_: Run) -> Mapping[str, FeedOrder]:
    """The orders of a lake for which none were given."""
    return NO_ORDERS


class RunFeeds(NamedTuple):
    """A run and the feeds to poll in it; polling passes over `adopted`, the page files of runs that died."""

    run: Run
    specs: tuple[FeedSpec, ...]
    adopted: tuple[FilePart, ...] = ()


class PolledFeeds(NamedTuple):
    """What polling gives.

    `entries` are the listed entries, by the `shard_key` of their page; `memories` what was learned of hosts, by the
    `shard_key` of the host; `facts` are counts and times, `failures` failures, by run id. `rows`, by `Run.place`, are
    of the tables `feed_polls` (one for each feed; `fold_polls` drops polls without a request) and `feed_cursors`
    (changed cursors).
    """

    entries: PCollection[tuple[str, RunShard]]
    memories: PCollection[tuple[str, RunShard]]
    rows: PCollection[tuple[str, Sequence[Any]]]
    facts: PCollection[tuple[str, Tally | StepTime]]
    failures: PCollection[tuple[str, Failure]]


class PollFeeds(beam.PTransform[PCollection[RunFeeds], PolledFeeds]):
    """One poll of each feed address of a run, with the entries that the feeds list.

    Not repeatable, because it talks to the network: a retried bundle polls its feeds again, which costs requests and
    loses nothing. Cursors take effect only when they are committed, together with the outcomes of the entries. Each
    listed entry is either in `entries` or a failure of kind ``entry``.

    All feeds of a registrable domain are in one of `shards`, and a shard runs in one event loop: serial within a host,
    concurrent across hosts. With more shards than workers, shards wait for each other. Each shard decides for itself
    whether the network was down. No feed is asked later than `max_poll_s` after its run began. If `settings.run_gap_s`
    is 0, the run's `gap_s` is used. The entries are spread over `entry_shards`. `check` raises if the run must end.
    A feed whose own address is `forgotten` is not asked. `orders` are an operator's.
    """

    def __init__(
        self,
        connect: Connect,
        cursors: CursorLookup,
        sandbox: Sandbox,
        clock: Now,
        shards: int,
        settings: PollSettings | None = None,
        hosts: HostLookup = unknown_hosts,
        max_poll_s: float | None = None,
        entry_shards: int | None = None,
        check: Check = unwatched,
        forgotten: ForgottenLookup = nothing_forgotten,
        orders: OrdersLookup = no_orders,
    ) -> None:
        super().__init__()
        entry_shards = shards if entry_shards is None else entry_shards
        if min(shards, entry_shards) < 1:
            raise ValueError(f"{min(shards, entry_shards)} shards: give at least 1")
        self._shards = shards
        self.fn = _PollFn(
            connect,
            cursors,
            hosts,
            sandbox,
            clock,
            shards,
            entry_shards,
            settings or PollSettings(),
            max_poll_s,
            check,
            forgotten,
            orders,
        )

    def expand(self, feeds: PCollection[RunFeeds]) -> PolledFeeds:
        outputs = (
            feeds
            | "ByHostShard" >> beam.FlatMap(_by_shard, self._shards).with_output_types(tuple[str, RunShard])
            | "GroupByHostShard" >> beam.GroupByKey()
            | "Poll" >> beam.ParDo(self.fn).with_outputs("memories", "rows", "facts", "failures", main="entries")
        )
        return PolledFeeds(outputs.entries, outputs.memories, outputs.rows, outputs.facts, outputs.failures)


def _by_shard(feeds: RunFeeds, shards: int) -> Iterator[tuple[str, RunShard]]:
    run = feeds.run
    by_shard: defaultdict[int, list[FeedSpec]] = defaultdict(list)
    for spec in feeds.specs:
        by_shard[shard_of_url(spec.url, shards)].append(spec)
    for shard, some in by_shard.items():
        yield shard_key(run.run_id, shard), RunShard(run, specs=tuple(some))


_Output: TypeAlias = (
    tuple[str, RunShard]
    | TaggedOutput[Literal["memories"], tuple[str, RunShard]]
    | TaggedOutput[Literal["rows"], tuple[str, Sequence[Any]]]
    | TaggedOutput[Literal["facts"], tuple[str, Tally | StepTime]]
    | TaggedOutput[Literal["failures"], tuple[str, Failure]]
)


class _PollFn(beam.DoFn):
    def __init__(
        self,
        connect: Connect,
        cursors: CursorLookup,
        hosts: HostLookup,
        sandbox: Sandbox,
        clock: Now,
        shards: int,
        entry_shards: int,
        settings: PollSettings,
        max_poll_s: float | None,
        check: Check,
        forgotten: ForgottenLookup,
        orders: OrdersLookup,
    ) -> None:
        self._orders = orders
        self._check = check
        self._forgotten = forgotten
        self._connect = connect
        self._cursors = cursors
        self._hosts = hosts
        self._sandbox = sandbox
        self._clock = clock
        self._shards = shards
        self._entry_shards = entry_shards
        self._settings = settings
        self._max_poll_s = max_poll_s
        self._pool: SandboxPool | None = None

    def setup(self) -> None:
        self._pool = self._sandbox.open()

    def teardown(self) -> None:
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    def process(self, element: tuple[str, Iterable[RunShard]]) -> Iterator[_Output]:
        shard = RunShard.joined(element[1])
        run, run_id, began_us = shard.run, shard.run.run_id, self._clock.now_us()
        memories: list[HostMemory] = []
        polls: list[FeedPoll] = []
        cursors: list[FeedCursor] = []
        counts: Counter[str] = Counter()
        entries = Blocks[FeedEntry](lambda entry: entry.content_bytes)
        progress = Progress("feeds", element[0], len({spec.url for spec in shard.specs}))
        watch = Watch(partial(self._check, run))
        with asyncio.Runner() as runner:
            stream = self._poll(shard, memories)
            while some := runner.run(_some(stream, progress, watch)):
                for polled in some:
                    _count(polled, counts)
                    polls.append(polled.poll)
                    cursors += [polled.cursor] if polled.cursor is not None else []
                    for entry in polled.entries:
                        key = shard_key(run_id, shard_of_page(entry, self._entry_shards))
                        for full, block in entries.add(key, entry):
                            yield full, RunShard(run, entries=block)
                    for failure in polled.failures:
                        yield TaggedOutput("failures", (run_id, failure))
        for key, block in entries.rest():
            yield key, RunShard(run, entries=block)
        for key, learned in _by_host(run_id, memories, self._shards):
            yield TaggedOutput("memories", (key, RunShard(run, memories=learned)))
        yield TaggedOutput("rows", (run.place(FEED_POLLS.name), Block(polls)))
        if cursors:
            yield TaggedOutput("rows", (run.place(FEED_CURSORS.name), Block(cursors)))
        for fact in (*counts.items(), StepTime.between(Step.POLL, began_us, self._clock.now_us())):
            yield TaggedOutput("facts", (run_id, fact))

    async def _poll(self, shard: RunShard, memories: list[HostMemory]) -> AsyncIterator[Polled]:
        """The polls of a shard as they end; after the last one fills `memories`."""
        run, specs = shard.run, shard.specs
        cursors = self._cursors(run, [spec.url for spec in specs])
        known = self._hosts(run, sorted({lane_of(spec.url) for spec in specs}))
        settings = self._settings
        settings = settings if settings.run_gap_s else replace(settings, run_gap_s=run.gap_s)
        forgotten = self._forgotten(run)
        deadline_us = run.until_us(self._max_poll_s)
        async with self._connect(memories=known, deadline_us=deadline_us, forgotten=forgotten) as client:
            clock, orders = self._clock, self._orders(run)
            polls = poll_feeds(specs, cursors, client, self._parse, clock, run.run_id, settings, forgotten, orders)
            async for polled in polls:
                yield polled
            memories.extend(client.memories())

    async def _parse(self, body: bytes, content_type: str | None, base_url: str, spec: FeedSpec) -> ParsedFeed:
        assert self._pool is not None, "the pool is opened in setup"
        # A bug on one feed's bytes is that feed's failure at once: a feed is asked again, and would fail every run.
        parsed: ParsedFeed = await in_worker(self._pool, "the feed", PARSE, body, content_type, base_url, spec)
        return parsed


async def _some(stream: AsyncIterator[Polled], progress: Progress, watch: Watch) -> list[Polled]:
    """The next polls, [] after the last: several, because entering and leaving the loop costs more than a feed that is
    not due; few, because their entries are in memory."""
    some: list[Polled] = []
    await watch.look()
    async for polled in stream:
        progress.step()
        await watch.look()
        some.append(polled)
        if len(some) == _POLLS_AT_ONCE:
            break
    return some


def _count(polled: Polled, counts: Counter[str]) -> None:
    for name, n in tally_polled(polled):
        counts[name] += n
    Metrics.counter("feeds", f"polls_{polled.poll.outcome}").inc()
    for failure in polled.failures:
        Metrics.counter("feeds", f"failures_{failure.reason}").inc()


def _by_host(run_id: str, memories: list[HostMemory], shards: int) -> Iterator[tuple[str, tuple[HostMemory, ...]]]:
    blocks = Blocks[HostMemory](lambda memory: len(memory.robots_body or ""))
    for memory in memories:
        yield from blocks.add(shard_key(run_id, shard_of_host(memory.host, shards)), memory)
    yield from blocks.rest()

"""The Beam shell around polling: one event loop a shard of hosts, bodies parsed in killable processes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from hashlib import blake2b
from typing import Literal, NamedTuple, TypeAlias

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.pvalue import TaggedOutput

from schemas.failure import Failure
from schemas.feed import FeedCursor, FeedEntry, FeedPoll, FeedSpec
from schemas.host import HostMemory
from transforms.feeds.parse_feed import parse_feed
from transforms.feeds.parsed import FeedBugError, FeedError, ParsedFeed
from transforms.feeds.poll import Now, Polled, poll_feeds
from transforms.feeds.poll_settings import PollSettings
from transforms.feeds.turns import lane_of
from transforms.sandbox import BugError, Guarded, Sandbox, SandboxError, SandboxPool
from transforms.text.progress import Progress
from transforms.web.memory import HostLookup, unknown_hosts
from transforms.web.polite import PoliteClient
from transforms.web.urls import domain_of_host

CursorLookup = Callable[[Sequence[str]], Mapping[str, FeedCursor]]
"""Feed addresses of one shard to their cursors; unknown feeds are left out. Pickles, and reads the lake."""

_PARSE = Guarded(parse_feed, (FeedError,))
"""A bug on one feed's bytes is that feed's failure at once: a feed is asked again, and would fail every run."""

Connect = Callable[..., AbstractAsyncContextManager[PoliteClient]]
"""Opens the HTTP client inside a running loop, given the `memories` of its hosts; pickles: a `functools.partial` of
`open_polite_client`."""


class PolledFeeds(NamedTuple):
    """One poll a feed, the cursors that changed, the entries listed, what was learned of hosts, and failures.

    `bugs` are the addresses of feeds that failed by what code of ours raised on them.
    """

    polls: beam.PCollection[FeedPoll]
    cursors: beam.PCollection[FeedCursor]
    entries: beam.PCollection[FeedEntry]
    memories: beam.PCollection[HostMemory]
    failures: beam.PCollection[Failure]
    bugs: beam.PCollection[str]


class PollFeeds(beam.PTransform[beam.PCollection[FeedSpec], PolledFeeds]):
    """Feeds polled once: a row for each, and the entries of those that had something to say.

    Talks to the network, so not repeatable: a retried bundle polls its feeds again, which costs requests and loses
    nothing. Cursors count only when they are committed together with what became of the entries. Exactly one poll a
    feed address; each listed entry is either in `entries` or a failure of kind ``entry``.

    All feeds of a registrable domain fall into one of `shards`, and a shard runs in one event loop: serial within a
    host, concurrent across hosts. More shards than workers only make one wait for another. Each shard tells for itself
    whether the network was down.
    """

    def __init__(
        self,
        connect: Connect,
        cursors: CursorLookup,
        sandbox: Sandbox,
        clock: Now,
        run_id: str,
        shards: int,
        settings: PollSettings | None = None,
        hosts: HostLookup = unknown_hosts,
    ) -> None:
        super().__init__()
        if shards < 1:
            raise ValueError(f"{shards} shards: give at least 1")
        self._shards = shards
        self._poll_fn = _PollFn(connect, cursors, hosts, sandbox, clock, run_id, settings or PollSettings())

    def expand(self, specs: beam.PCollection[FeedSpec]) -> PolledFeeds:
        outputs = (
            specs
            | "KeyByHostShard" >> beam.Map(_with_shard, self._shards).with_output_types(tuple[int, FeedSpec])
            | "GroupByHostShard" >> beam.GroupByKey()
            | "Poll"
            >> beam.ParDo(self._poll_fn).with_outputs(
                "cursors", "entries", "memories", "failures", "bugs", main="polls"
            )
        )
        return PolledFeeds(
            outputs.polls, outputs.cursors, outputs.entries, outputs.memories, outputs.failures, outputs.bugs
        )


def _with_shard(spec: FeedSpec, shards: int) -> tuple[int, FeedSpec]:
    digest = blake2b(domain_of_host(lane_of(spec.url)).encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest) % shards, spec


_Output: TypeAlias = (
    FeedPoll
    | TaggedOutput[Literal["cursors"], FeedCursor]
    | TaggedOutput[Literal["entries"], FeedEntry]
    | TaggedOutput[Literal["memories"], HostMemory]
    | TaggedOutput[Literal["failures"], Failure]
    | TaggedOutput[Literal["bugs"], str]
)


class _PollFn(beam.DoFn):
    def __init__(
        self,
        connect: Connect,
        cursors: CursorLookup,
        hosts: HostLookup,
        sandbox: Sandbox,
        clock: Now,
        run_id: str,
        settings: PollSettings,
    ) -> None:
        self._connect = connect
        self._cursors = cursors
        self._hosts = hosts
        self._sandbox = sandbox
        self._clock = clock
        self._run_id = run_id
        self._settings = settings
        self._pool: SandboxPool | None = None

    def setup(self) -> None:
        self._pool = self._sandbox.open()

    def teardown(self) -> None:
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    def process(self, element: tuple[int, Iterable[FeedSpec]]) -> Iterator[_Output]:
        shard, specs = element[0], list(element[1])
        memories: list[HostMemory] = []
        progress = Progress("feeds", shard, len({spec.url for spec in specs}))
        with asyncio.Runner() as runner:
            stream = self._poll(specs, memories)
            while (polled := runner.run(_next(stream))) is not None:
                progress.step()
                yield from _outputs(polled)
        for memory in memories:
            yield TaggedOutput("memories", memory)

    async def _poll(self, specs: list[FeedSpec], memories: list[HostMemory]) -> AsyncIterator[Polled]:
        """The polls of a shard as they come; fills `memories` when the last has come."""
        cursors = self._cursors([spec.url for spec in specs])
        known = self._hosts(sorted({lane_of(spec.url) for spec in specs}))
        async with self._connect(memories=known) as client:
            polls = poll_feeds(specs, cursors, client, self._parse, self._clock, self._run_id, self._settings)
            async for polled in polls:
                yield polled
            memories.extend(client.memories())

    async def _parse(self, body: bytes, content_type: str | None, base_url: str, spec: FeedSpec) -> ParsedFeed:
        assert self._pool is not None, "the pool is opened in setup"
        try:
            return await asyncio.wrap_future(self._pool.submit(_PARSE, body, content_type, base_url, spec))
        except BugError as bug:
            raise FeedBugError(bug.reason, f"parsing the feed {bug.message}") from bug
        except SandboxError as error:
            raise FeedError(error.reason, f"parsing the feed {error.message}") from error


async def _next(stream: AsyncIterator[Polled]) -> Polled | None:
    return await anext(stream, None)


def _outputs(polled: Polled) -> Iterator[_Output]:
    Metrics.counter("feeds", f"polls_{polled.poll.outcome}").inc()
    yield polled.poll
    if polled.cursor is not None:
        yield TaggedOutput("cursors", polled.cursor)
    for entry in polled.entries:
        yield TaggedOutput("entries", entry)
    for failure in polled.failures:
        Metrics.counter("feeds", f"failures_{failure.reason}").inc()
        yield TaggedOutput("failures", failure)
    if polled.is_bug:
        yield TaggedOutput("bugs", polled.poll.feed_url)

"""Decides all drafts of a run together: what sites repeat, then copies, then stories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import apache_beam as beam
import pyarrow as pa
from apache_beam.metrics import Metrics
from apache_beam.pvalue import PCollection, TaggedOutput

from schemas.draft import Draft
from schemas.failure import Failure, InputKind, Stage
from schemas.fingerprint import FINGERPRINTS
from schemas.revisit import REVISITS
from schemas.run import FilePart, Run, Step, StepTime, Tally
from schemas.site import SITES, SitePage
from schemas.story import STORIES
from transforms.common.batches import batches
from transforms.common.clock import Clock
from transforms.common.freed_memory import give_back_freed_memory
from transforms.compare.await_revisits import AWAITED_SHARD, awaited_revisits
from transforms.compare.copies.mark_copies import mark_copies, stored_fingerprints
from transforms.compare.copies.run_texts import StoredTexts
from transforms.compare.copies.stored.history import History
from transforms.compare.copies.verdict import Outcome, Verdict
from transforms.compare.draft_rules import dropped_drafts
from transforms.compare.rounds import CAPTURES_US, ONE_ROUND, Rounds, rounds_by_time, rounds_with_captures
from transforms.compare.run_drafts import RunDrafts
from transforms.compare.select_rows import selections
from transforms.compare.sites.learn_sites import learn_sites
from transforms.compare.stories.run_sketches import StoredSketches
from transforms.compare.stories.story_history import StoryHistory
from transforms.compare.stories.tell_stories import StoryArticle, stored_sketches, tell_stories
from transforms.sandbox import BugError, Sandbox, SandboxError, SandboxPool, ahead
from transforms.web.chosen.feed_settings import NO_CHOICES, FeedChoices
from transforms.web.urls import url_key

FinishDrafts = Callable[[Sequence[tuple[Draft, frozenset[int]]]], list[Draft | BugError]]
"""Rebuilds drafts without the furniture (block hashes) given with each. Can be pickled, so that workers can call it."""

WithoutFurniture = Callable[[Iterable[tuple[Draft, frozenset[int]]]], Iterable[tuple[Draft, Draft | SandboxError]]]
"""Returns each draft with its rebuilt draft without furniture, or with the error that stopped its rebuilding."""

DROPPED: Final = "dropped"
"""The outcome of a draft that a rule of the user's is against."""
_FINISHED_AT_ONCE: Final = 16
"""Drafts in one call to a worker: about 0.1 s of work."""


class Memory(NamedTuple):
    """One run's drafts, and the fingerprints and sketches of earlier runs to compare them with.

    `captured` are the page ids of pages that the run took over from a backfill that died.
    """

    drafts: RunDrafts
    copies: History
    stories: StoryHistory
    captured: frozenset[str] = frozenset()


class DecidedRun(NamedTuple):
    """Selections of drafts to write, each with its own key; failures, and facts (state parts, counts and
    times), by run id."""

    selections: PCollection[tuple[str, tuple[Run, pa.Table]]]
    failures: PCollection[tuple[str, Failure]]
    facts: PCollection[tuple[str, FilePart | Tally | StepTime]]


class DecideRun(beam.PTransform[PCollection[tuple[str, tuple[Run, FilePart]]], DecidedRun]):
    """Which of a run's drafts become articles, and how these relate to each other and to articles of earlier runs.

    Takes the names of draft files by run id. One call decides all drafts of a run, and reads only the columns that it
    needs. The same drafts and memory give the same decisions, whatever the order of the files. Drafts with lines that
    are their site's furniture are rebuilt without them by `finish`, in worker processes.

    Drafts that a rule of `choices` is against become nothing, and nothing is compared with them; their pages stay.

    A selection is a table of `schemas.decision.SELECTION` with a key of its own, so that a grouping after this step
    spreads the writing over the runner's workers.

    Pages of one run compete for their article. With `round_us` only those compete that were fetched within the same so
    many microseconds, and later ones are unchanged or the next revision, as if each such time had been a run. So it is
    with pages that a run takes over from a backfill that died.

    New articles are remembered to be revisited for `revisit_us` microseconds after their fetch (0: not at all).
    """

    def __init__(
        self,
        memory: Callable[[Run, Iterable[str]], Memory],
        finish: FinishDrafts,
        sandbox: Sandbox,
        clock: Clock,
        round_us: int | None = None,
        choices: FeedChoices = NO_CHOICES,
        revisit_us: int = 0,
    ) -> None:
        super().__init__()
        self.fn = _DecideFn(memory, finish, sandbox, clock, round_us, choices, revisit_us)

    def expand(self, files: PCollection[tuple[str, tuple[Run, FilePart]]]) -> DecidedRun:
        outputs = (
            files
            | "GroupByRun" >> beam.GroupByKey()
            | "Decide" >> beam.ParDo(self.fn).with_outputs("failures", "facts", main="selections")
        )
        return DecidedRun(outputs.selections, outputs.failures, outputs.facts)


class _DecideFn(beam.DoFn):
    def __init__(
        self,
        memory: Callable[[Run, Iterable[str]], Memory],
        finish: FinishDrafts,
        sandbox: Sandbox,
        clock: Clock,
        round_us: int | None,
        choices: FeedChoices,
        revisit_us: int,
    ) -> None:
        self._memory = memory
        self._finish = finish
        self._sandbox = sandbox
        self._clock = clock
        self._round_us = round_us
        self._choices = choices
        self._revisit_us = revisit_us

    def setup(self) -> None:
        self._pool: SandboxPool = self._sandbox.open()

    def teardown(self) -> None:
        self._pool.close()

    def process(self, group: tuple[str, Iterable[tuple[Run, FilePart]]]) -> Iterator[Any]:
        began_us = self._clock.now_us()
        run_id, files = group[0], list(group[1])
        run = files[0][0]
        give_back_freed_memory()  # of fetched pages; the workers are still there
        drafts, copies, stories, captured = self._memory(run, sorted(part.path for _, part in files))
        finishing = Finishing(self._pool, self._finish)
        rounds = ONE_ROUND
        if self._round_us is not None:
            rounds = rounds_by_time(_fetches(drafts), self._round_us)
        elif captured:
            rounds = rounds_with_captures(_fetches(drafts), captured, run.started_at_us, CAPTURES_US)
        now_us = self._clock.now_us()
        decided = decide(run, drafts, copies, stories, finishing, now_us, rounds, self._choices, self._revisit_us)
        self._pool.rest()  # also where no draft was to be finished
        for failure in decided.failures:
            Metrics.counter("compare", f"failures_{failure.reason}").inc()
            yield TaggedOutput("failures", (run_id, failure))
        for name, n in decided.tallies.items():
            Metrics.counter("compare", name.replace(".", "_")).inc(n)
        took = StepTime.between(Step.DECIDE, began_us, self._clock.now_us())
        for fact in (*decided.parts, *sorted(decided.tallies.items()), took):
            yield TaggedOutput("facts", (run_id, fact))
        for number, rows in enumerate(decided.selections):
            yield f"{run_id}/{number:05d}", (run, rows)


@dataclass(frozen=True, slots=True)
class Finishing:
    """`WithoutFurniture` by `finish` in the worker processes of a pool."""

    pool: SandboxPool
    finish: FinishDrafts

    def __call__(self, drafts: Iterable[tuple[Draft, frozenset[int]]]) -> Iterator[tuple[Draft, Draft | SandboxError]]:
        """Each draft with its rebuilt draft without furniture, or with the error that stopped the worker."""
        some = batches(drafts, _FINISHED_AT_ONCE)
        for batch, future in ahead(self.pool, some, lambda batch: self.pool.submit(self.finish, batch)):
            former = [draft for draft, _ in batch]
            try:
                yield from zip(former, future.result(), strict=True)
            except SandboxError:
                for one in batch:  # each draft alone, so that only the faulty one is lost
                    yield one[0], self._alone(one)
        self.pool.rest()  # what the workers keep, copies and stories need

    def _alone(self, one: tuple[Draft, frozenset[int]]) -> Draft | SandboxError:
        try:
            (finished,) = self.pool.submit(self.finish, [one]).result()
        except SandboxError as error:
            return error
        return finished


def _fetches(drafts: RunDrafts) -> Iterator[tuple[str, int]]:
    for table in drafts.columns("fingerprint", ("page_id", "fetched_at")):
        instants = table.column("fetched_at").cast(pa.int64()).to_pylist()
        yield from zip(table.column("page_id").to_pylist(), instants, strict=True)


class Decided(NamedTuple):
    """The rows to write, the state parts that were written, the failures of lost drafts, and counts. `ended` has the
    outcome of each draft that became no row, by page id."""

    selections: list[pa.Table]
    parts: list[FilePart]
    failures: list[Failure]
    tallies: Counter[str]
    ended: Mapping[str, str]


def decide(
    run: Run,
    drafts: RunDrafts,
    copies: History,
    stories: StoryHistory,
    without_furniture: WithoutFurniture,
    now_us: int,
    rounds: Rounds = ONE_ROUND,
    choices: FeedChoices = NO_CHOICES,
    revisit_us: int = 0,
) -> Decided:
    """Decide all drafts of a run: first the furniture of their sites, then what the user's rules drop, then copies,
    then stories."""
    tallies: Counter[str] = Counter()
    unread: dict[str, str | None] = {}
    learned = learn_sites(_read_pages(drafts, unread), drafts.sites, run.started_at_us, rounds)
    names = learned.names | unread
    lost = _finish(drafts, learned.furniture, without_furniture)
    tallies["attention.crashed_pages"] = sum(isinstance(error, BugError) for _, error in lost)
    failures = [_failure(run, draft, error, now_us) for draft, error in lost]
    tallies["pages.extracted"] = len(drafts)
    tallies.update({f"plain.{why}": n for why, n in drafts.plainly().items()})

    dropped = dropped_drafts(drafts, choices)
    drafts.leave_out(dropped)
    tallies["articles.dropped"] = len(dropped)
    tallies.update({f"articles_dropped.{rule}": n for rule, n in Counter(dropped.values()).items()})

    texts = StoredTexts(drafts)
    verdicts = mark_copies(texts, copies, rounds)
    tallies.update(_tallies(verdicts))
    sketches = StoredSketches(drafts)
    articles = [verdict for verdict in verdicts if verdict.outcome == Outcome.ARTICLE]
    in_stories = [StoryArticle(one.page_id, one.article_id, one.duplicate_of) for one in articles]
    told = tell_stories(in_stories, sketches, stories)
    parts = [drafts.write(SITES, learned.memories)] if learned.memories else []
    if articles:
        parts.append(drafts.write(FINGERPRINTS, stored_fingerprints(articles, texts)))
        parts.append(drafts.write(STORIES, stored_sketches(in_stories, told, sketches)))
    if revisit_us and (awaited := list(awaited_revisits(articles, drafts, revisit_us, run.started_at_us))):
        tallies["revisits.awaited"] = len(awaited)
        parts.append(drafts.write(REVISITS, awaited, AWAITED_SHARD))
    ended = {one.page_id: str(one.outcome) for one in verdicts if one.outcome != Outcome.ARTICLE}
    ended |= dict.fromkeys(dropped, DROPPED)
    return Decided(selections(articles, told, names, drafts.where), parts, failures, +tallies, ended)


def _read_pages(drafts: RunDrafts, unread: dict[str, str | None]) -> Iterator[SitePage]:
    """The pages of which the run has read the text. Of articles that were withdrawn none was read, and their sites show
    nothing by them; `unread` gets the names of their publishers."""
    for table in drafts.columns("site_page", SitePage.__slots__):
        for page in _site_pages(table):
            if page.blocks:
                yield page
            else:
                unread[page.page_id] = page.publisher_name


def _site_pages(table: pa.Table) -> list[SitePage]:
    return [SitePage(*values) for values in zip(*(column.to_pylist() for column in table.columns), strict=True)]


def _finish(
    drafts: RunDrafts, furniture: Mapping[str, frozenset[int]], without_furniture: WithoutFurniture
) -> list[tuple[Draft, SandboxError]]:
    """The drafts that could not be rebuilt, with the error. Replaces the others by drafts without furniture."""
    lost: list[tuple[Draft, SandboxError]] = []

    def finished() -> Iterator[Draft]:
        given = ((draft, furniture[draft.page_id]) for draft in drafts.take(furniture))
        for former, result in without_furniture(given):
            if isinstance(result, Draft):
                yield result
            else:
                lost.append((former, result))

    if furniture:
        drafts.replace(finished())
        drafts.drop(draft.page_id for draft, _ in lost)
    return lost


def _failure(run: Run, draft: Draft, error: SandboxError, now_us: int) -> Failure:
    return Failure(
        stage=Stage.EXTRACT,
        reason=error.reason,
        message=error.message,
        input_kind=InputKind.PAGE,
        input=draft.article.url,
        failed_at_us=now_us,
        run_id=run.run_id,
        feed_url=draft.article.feed_url or None,
        url_key=url_key(draft.article.url),
    )


def _tallies(verdicts: Iterable[Verdict]) -> Counter[str]:
    tallies: Counter[str] = Counter()
    for verdict in verdicts:
        tallies[f"articles.{verdict.outcome}"] += 1
        if verdict.relation is not None:
            tallies[f"relation.{verdict.relation}"] += 1
        if verdict.is_unlike:
            tallies["articles_unlike"] += 1
    return tallies

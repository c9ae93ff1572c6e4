"""Turns stored pages into drafts of articles, in worker processes that can be killed."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any, NamedTuple, Protocol

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.pvalue import PCollection, TaggedOutput

from schemas.draft import Draft, Failed
from schemas.failure import Failure, InputKind, Reason, Stage
from schemas.page import LostPage, Page
from schemas.run import FilePart, Run, Step, StepTime, Tally
from transforms.common.clock import Clock
from transforms.common.freed_memory import give_back_freed_memory
from transforms.common.progress import Progress
from transforms.extract.build_twice import BuildTwice
from transforms.extract.extract_error import ExtractError
from transforms.extract.portions import portions
from transforms.sandbox import BugError, NoWorkersError, Sandbox, SandboxError, SandboxPool, ahead
from transforms.web.forgotten import Forgotten, ForgottenLookup, nothing_forgotten
from transforms.web.log_fields import log_fields
from transforms.web.urls import url_key

_LOG = logging.getLogger("newsbeam.extract")


class DraftWriter(Protocol):
    """Writes the drafts and failures of one page file."""

    def add(self, draft: Draft) -> None:
        """Add a draft."""
        ...

    def fail(self, failed: Failed) -> None:
        """Add a page that gave no draft."""
        ...

    def close(self) -> FilePart:
        """Write the file and return its name."""
        ...


class DraftStore(Protocol):
    """The page files and draft files of one run."""

    def pages(self, path: str) -> Iterator[Page | LostPage]:
        """The pages of a stored file, with only a few in memory at a time."""
        ...

    def former(self, pages: str) -> tuple[Iterator[Draft], list[Failed]] | None:
        """What a run that died had extracted from a page file; None if that cannot be used."""
        ...

    def write(self, pages: str) -> DraftWriter:
        """A writer of a new draft file for a page file."""
        ...


@dataclass(frozen=True, slots=True)
class Builders:
    """The functions that turn pages into drafts. Pickles; see `pipelines.run.build_page`.

    `carefully` builds the pages of runs that died; `rehearse` goes through a draft that such a run had extracted. Both
    report a bug as BugError.
    """

    build: BuildTwice[Draft]
    carefully: BuildTwice[Draft]
    rehearse: Callable[[Draft], Draft]


class ExtractedDrafts(NamedTuple):
    """Draft files, failures, and facts (counts and times), each keyed by the id of its run."""

    files: PCollection[tuple[str, tuple[Run, FilePart]]]
    failures: PCollection[tuple[str, Failure]]
    facts: PCollection[tuple[str, Tally | StepTime]]


class ExtractDrafts(beam.PTransform[PCollection[tuple[Run, FilePart]], ExtractedDrafts]):
    """One draft file for each page file: a draft, or a failure with a reason, for each page.

    Pages are built in worker processes under the sandbox's limits. A page that takes too long or too much memory costs
    its worker and is tried once more in the cheaper way; if that fails too, it becomes a failure with the first reason
    (`timeout`, `memory`, `crash`). Any other ExtractError becomes a failure with its reason; any other error is a bug
    and fails the run. Deterministic if the builders are. HTML goes only from the file to the worker. A hundred drafts
    of a file are in memory at a time.

    Page files of runs that died are built carefully: a bug becomes its page's failure `crash`, because a page that
    failed one run must not fail the next. Drafts that such a run had extracted are not extracted again.

    A page whose article calls a `forgotten` address its own becomes a failure `forgotten`.
    """

    def __init__(
        self,
        builders: Builders,
        store: Callable[[Run], DraftStore],
        sandbox: Sandbox,
        clock: Clock,
        forgotten: ForgottenLookup = nothing_forgotten,
    ) -> None:
        super().__init__()
        self.fn = _ExtractFn(builders, store, sandbox, clock, forgotten)

    def expand(self, pages: PCollection[tuple[Run, FilePart]]) -> ExtractedDrafts:
        outputs = pages | "Extract" >> beam.ParDo(self.fn).with_outputs("failures", "facts", main="files")
        return ExtractedDrafts(outputs.files, outputs.failures, outputs.facts)


class _ExtractFn(beam.DoFn):
    def __init__(
        self,
        builders: Builders,
        store: Callable[[Run], DraftStore],
        sandbox: Sandbox,
        clock: Clock,
        forgotten: ForgottenLookup,
    ) -> None:
        self._forgotten = forgotten
        self._builders = builders
        self._store = store
        self._sandbox = sandbox
        self._clock = clock

    def setup(self) -> None:
        self._pool: SandboxPool = self._sandbox.open()
        self._page_ms = Metrics.distribution("extract", "page_ms")
        self._drafts = Metrics.counter("extract", "drafts")

    def teardown(self) -> None:
        self._pool.close()

    def process(self, element: tuple[Run, FilePart]) -> Iterator[Any]:
        began_us = self._clock.now_us()
        run, part = element
        store = self._store(run)
        file = store.write(part.path)
        progress = Progress("articles", part.path, part.rows)
        tallies: Counter[str] = Counter()
        forgotten = self._forgotten(run)
        for built in self._results(run, store, part):
            result = self._unless_forgotten(built, forgotten)
            if isinstance(result, Draft):
                file.add(result)
                self._drafts.inc()
            else:
                failure = replace(result.failure, run_id=run.run_id)
                file.fail(result._replace(failure=failure))
                if result.is_bug:
                    tallies["attention.crashed_pages"] += 1
                yield TaggedOutput("failures", (run.run_id, failure))
            progress.step()
        written = file.close()
        for fact in (*tallies.items(), StepTime.between(Step.EXTRACT, began_us, self._clock.now_us())):
            yield TaggedOutput("facts", (run.run_id, fact))
        yield run.run_id, (run, written)
        give_back_freed_memory()

    def _results(self, run: Run, store: DraftStore, part: FilePart) -> Iterator[Draft | Failed]:
        former = store.former(part.path)
        if former is not None:
            drafts, failures = former
            yield from failures
            yield from self._rehearsed(drafts)
            return
        build = self._builders.carefully if part.path in run.state.adopted_pages else self._builders.build

        def start(pages: list[Page]) -> tuple[float, list[Future[Draft]]]:
            return monotonic(), build.start_each(self._pool, pages)

        lost: list[LostPage] = []
        given = portions(_at_hand(store.pages(part.path), lost), part.rows, self._pool.size)
        for pages, (began_s, futures) in ahead(self._pool, given, start):
            for page, future in zip(pages, futures, strict=True):
                built = self._built(build, page, future, run.run_id)
                if isinstance(built, Draft):
                    self._page_ms.update(int((monotonic() - began_s) * 1000))
                yield built
        for page, why in lost:
            error = ExtractError(Reason.UNREACHABLE, f"the page's bytes cannot be read: {why}")
            yield self._failed(error, page.final_url, page.feed_url, page.url_key, page.status)

    def _rehearsed(self, drafts: Iterator[Draft]) -> Iterator[Draft | Failed]:
        def start(draft: Draft) -> Future[Draft]:
            return self._pool.submit(self._builders.rehearse, replace(draft, is_adopted=True))

        for draft, future in ahead(self._pool, drafts, start):
            try:
                yield future.result()
            except SandboxError as error:
                article = draft.article
                yield self._failed(error, article.url, article.feed_url, url_key(article.url), None)

    def _built(self, build: BuildTwice[Draft], page: Page, future: Future[Draft], run_id: str) -> Draft | Failed:
        try:
            return build.finish(self._pool, page, future)
        except (ExtractError, SandboxError) as error:
            return self._failed(error, page.final_url, page.feed_url, page.url_key, page.status)
        except NoWorkersError:
            raise
        except Exception as bug:
            fields = log_fields(page.final_url, page.feed_url)
            _LOG.error("a page meets a bug", extra={"run_id": run_id, **fields, "bug": repr(bug)})
            raise

    def _unless_forgotten(self, built: Draft | Failed, forgotten: Forgotten) -> Draft | Failed:
        if isinstance(built, Failed) or not forgotten.holds(built.article.canonical_url):
            return built
        article = built.article
        error = ExtractError(Reason.FORGOTTEN, "the page names as its own an address that was forgotten")
        return self._failed(error, article.url, article.feed_url, url_key(article.url), None)

    def _failed(
        self, error: ExtractError | SandboxError, url: str, feed_url: str, key: str | None, status: int | None
    ) -> Failed:
        Metrics.counter("extract", f"failures_{error.reason}").inc()
        failure = Failure(
            stage=Stage.EXTRACT,
            reason=error.reason,
            message=error.message,
            input_kind=InputKind.PAGE,
            input=url,
            failed_at_us=self._clock.now_us(),
            run_id="",
            feed_url=feed_url or None,
            url_key=key,
            status=status,
        )
        return Failed(failure, isinstance(error, BugError))


def _at_hand(pages: Iterator[Page | LostPage], lost: list[LostPage]) -> Iterator[Page]:
    """The pages whose bytes are there; the others are added to `lost`."""
    for page in pages:
        if isinstance(page, LostPage):
            lost.append(page)
        else:
            yield page

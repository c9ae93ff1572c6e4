"""Stored pages to articles, in worker processes that can be killed."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from time import monotonic
from typing import Any, NamedTuple, Protocol

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.pvalue import PCollection, TaggedOutput

from schemas.failure import Failure, Reason, Stage
from schemas.page import PAGES, Page
from schemas.run import FilePart
from schemas.table import Table
from transforms.extract.build_twice import BuildTwice
from transforms.extract.extract_article import ExtractError
from transforms.sandbox import BugError, NoWorkersError, Sandbox, SandboxError, SandboxPool
from transforms.text.clock import Clock
from transforms.text.progress import Progress

_LOG = logging.getLogger("newsbeam.extract")


class Extracted(NamedTuple):
    """What became of the pages: each is in exactly one of the first two. `bugs`: addresses of those that met one."""

    articles: PCollection[Any]
    failures: PCollection[Failure]
    bugs: PCollection[str]


class PageReader(Protocol):
    """Reads stored pages back, a few in memory at a time. Pickles."""

    def rows(self, table: Table[Page], path: str) -> Iterator[Page]:
        """The pages of one stored file."""
        ...


class ExtractArticles(beam.PTransform[PCollection[FilePart], Extracted]):
    """What `build` makes of each stored page; a failure with a reason for each page that gives nothing.

    `build` runs in worker processes under the sandbox's limits: a page that takes too long or too much memory costs its
    worker, is tried a second time in the cheaper way, and if that fails too becomes a failure with the first reason
    (`timeout`, `memory`, `crash`); any other ExtractError becomes a failure with its reason; any other error is a bug
    and fails the run. One output element a page. Deterministic if `build` is. HTML goes from the file to the worker and
    nowhere else.

    Parts named in `adopted`, from runs that died, are built by `carefully`, which tells bugs as BugError: each is its
    page's failure `crash`, since a page that failed one run must not fail the next.
    """

    def __init__(
        self,
        build: BuildTwice[Any],
        reader: PageReader,
        sandbox: Sandbox,
        clock: Clock,
        run_id: str,
        carefully: BuildTwice[Any] | None = None,
        adopted: Iterable[str] = (),
    ) -> None:
        super().__init__()
        self._fn = _ExtractFn(build, carefully or build, frozenset(adopted), reader, sandbox, clock, run_id)

    def expand(self, parts: PCollection[FilePart]) -> Extracted:
        outputs = parts | "Extract" >> beam.ParDo(self._fn).with_outputs("failures", "bugs", main="articles")
        return Extracted(articles=outputs.articles, failures=outputs.failures, bugs=outputs.bugs)


class _ExtractFn(beam.DoFn):
    def __init__(
        self,
        build: BuildTwice[Any],
        carefully: BuildTwice[Any],
        adopted: frozenset[str],
        reader: PageReader,
        sandbox: Sandbox,
        clock: Clock,
        run_id: str,
    ) -> None:
        self._build = build
        self._carefully = carefully
        self._adopted = adopted
        self._reader = reader
        self._sandbox = sandbox
        self._clock = clock
        self._run_id = run_id

    def setup(self) -> None:
        self._pool: SandboxPool = self._sandbox.open()
        self._page_ms = Metrics.distribution("extract", "page_ms")

    def teardown(self) -> None:
        self._pool.close()

    def process(self, part: FilePart) -> Iterator[Any]:
        progress = Progress("articles", part.path, part.rows)
        build = self._carefully if part.path in self._adopted else self._build
        waiting: deque[tuple[Page, float, Future[Any]]] = deque()
        for page in self._reader.rows(PAGES, part.path):
            waiting.append((page, monotonic(), build.start(self._pool, page)))
            if len(waiting) > 2 * self._pool.size:  # enough to keep every worker busy, few enough to hold in memory
                yield from self._finished(build, *waiting.popleft())
                progress.step()
        while waiting:
            yield from self._finished(build, *waiting.popleft())
            progress.step()

    def _finished(self, build: BuildTwice[Any], page: Page, submitted: float, future: Future[Any]) -> Iterator[Any]:
        try:
            built = build.finish(self._pool, page, future)
        except (ExtractError, SandboxError) as error:
            yield TaggedOutput("failures", self._failure(page, error.reason, error.message))
            if isinstance(error, BugError):
                yield TaggedOutput("bugs", page.final_url)
            return
        except NoWorkersError:
            raise
        except Exception as bug:
            _LOG.error("a page meets a bug", extra={"page": page.final_url, "bug": repr(bug)})
            raise
        self._page_ms.update(int((monotonic() - submitted) * 1000))
        yield built

    def _failure(self, page: Page, reason: Reason, message: str) -> Failure:
        Metrics.counter("extract", f"failures_{reason}").inc()
        return Failure(
            stage=Stage.EXTRACT,
            reason=reason,
            message=message,
            input_kind="page",
            input=page.final_url,
            failed_at_us=self._clock.now_us(),
            run_id=self._run_id,
            feed_url=page.feed_url,
            url_key=page.url_key,
            status=page.status,
        )

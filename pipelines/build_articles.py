"""From stored pages to articles in the lake: the half that never touches the network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

import apache_beam as beam
from apache_beam.pvalue import AsDict, PCollection, TaggedOutput

from pipelines.build_page import Built, build_carefully, build_pages, without_furniture
from pipelines.settings import RunContext
from schemas.article import ARTICLES, Article
from schemas.failure import Failure, Stage
from schemas.fingerprint import Fingerprint
from schemas.run import FilePart
from schemas.site import SiteMemory, SitePage
from schemas.story import Sketch
from transforms.clean.learn_sites import LearnSites
from transforms.dedupe.mark_copies import MarkCopies
from transforms.dedupe.settle import settled_articles
from transforms.dedupe.stored_history import StoredHistory
from transforms.dedupe.verdict import Outcome, Verdict
from transforms.extract.extract_articles import ExtractArticles
from transforms.extract.page_kind import PageKind
from transforms.lake.commit_run import Tally
from transforms.lake.write_tables import WriteGroups
from transforms.sandbox import BugError, Guarded
from transforms.stories.history import StoryHistory
from transforms.stories.tell_stories import Place, TellStories, Told
from transforms.text.clock import Clock
from transforms.web.urls import url_key


class BuiltArticles(NamedTuple):
    """The article parts written, what to remember of them, pages that gave no article, counts for the run's sums."""

    parts: PCollection[FilePart]
    fingerprints: PCollection[Fingerprint]
    sites: PCollection[SiteMemory]
    sketches: PCollection[Sketch]
    failures: PCollection[Failure]
    tallies: PCollection[Tally]


class BuildArticles(beam.PTransform[PCollection[FilePart], BuiltArticles]):
    """Articles of stored pages, written to the lake.

    Deterministic: the same pages and history give the same rows, whatever the runner and the order. Articles pass
    one shuffle, which brings those of a partition together with the verdicts on their copies and their stories.
    """

    def __init__(self, context: RunContext) -> None:
        super().__init__()
        self._context = context

    def expand(self, pages: PCollection[FilePart]) -> BuiltArticles:
        run, state = self._context, self._context.state
        copies = StoredHistory(state.reader, state.fingerprint_parts, state.copies_since_us)
        told = StoryHistory(state.reader, state.story_parts, state.copies_since_us)
        extracted = pages | "ExtractArticles" >> ExtractArticles(
            build_pages(run.started_at_us, run.run_id),
            state.reader,
            run.settings.sandbox,
            run.clock,
            run.run_id,
            build_carefully(run.started_at_us, run.run_id),
            state.adopted_pages,
        )
        learned = (
            extracted.articles
            | "SitePages" >> beam.Map(_site_page)
            | "LearnSites" >> LearnSites(state.sites, run.clock)
        )
        cleaned = extracted.articles | "WithoutFurniture" >> beam.ParDo(
            _WithoutFurnitureFn(run.clock, run.run_id), furniture=AsDict(learned.furniture)
        ).with_outputs("failures", main="articles")
        articles = cleaned.articles
        marked = articles | "Fingerprints" >> beam.Map(_fingerprint) | "MarkCopies" >> MarkCopies(copies)
        stories = {
            "sketches": articles | "Sketches" >> beam.Map(_sketch),
            "places": marked.verdicts | "Places" >> beam.FlatMap(_place),
        } | "TellStories" >> TellStories(told)
        settled = (
            {
                "drafts": articles | "DraftsByPartition" >> beam.Map(_draft_by_partition),
                "verdicts": marked.verdicts | "VerdictsByPartition" >> beam.Map(_verdict_by_partition),
                "stories": stories.told | "StoriesByPartition" >> beam.Map(_story_by_partition),
            }
            | "Join" >> beam.CoGroupByKey()
            | "Settle" >> beam.Map(_settled)
        )
        parts = settled | "WriteArticles" >> WriteGroups(ARTICLES, run.writer)
        tallies = (
            articles | "TallyExtracted" >> beam.FlatMap(_tally_extracted),
            (extracted.bugs, cleaned.failures)
            | "CrashedPages" >> beam.Flatten()
            | "TallyCrashed" >> beam.Map(_tally_crashed),
            marked.verdicts | "TallyVerdicts" >> beam.FlatMap(_tally_verdict),
            settled | "TallyKinds" >> beam.FlatMap(_tally_kinds),
        ) | "Tallies" >> beam.Flatten()
        failures = (extracted.failures, cleaned.failures) | "Failures" >> beam.Flatten()
        return BuiltArticles(parts, marked.fingerprints, learned.memories, stories.sketches, failures, tallies)


def _site_page(built: Built) -> SitePage:
    return built.site_page


class _WithoutFurnitureFn(beam.DoFn):
    """Drafts without what their site prints everywhere; what a bug makes of an adopted page is the page's failure."""

    def __init__(self, clock: Clock, run_id: str) -> None:
        self._clock = clock
        self._run_id = run_id

    def process(
        self, built: Built, furniture: Mapping[str, frozenset[int]]
    ) -> Iterator[Built | TaggedOutput[Literal["failures"], Failure]]:
        found = furniture.get(built.page_id)
        if found is None:
            yield built
            return
        try:
            yield Guarded(without_furniture)(built, found) if built.is_adopted else without_furniture(built, found)
        except BugError as bug:
            yield TaggedOutput("failures", self._failure(built.article, bug))

    def _failure(self, article: Article, bug: BugError) -> Failure:
        return Failure(
            stage=Stage.EXTRACT,
            reason=bug.reason,
            message=bug.message,
            input_kind="page",
            input=article.url,
            failed_at_us=self._clock.now_us(),
            run_id=self._run_id,
            feed_url=article.feed_url,
            url_key=url_key(article.url),
        )


def _fingerprint(built: Built) -> Fingerprint:
    return built.fingerprint


def _sketch(built: Built) -> Sketch:
    return built.sketch


def _place(verdict: Verdict) -> Iterator[Place]:
    if verdict.outcome == Outcome.ARTICLE:
        yield Place(verdict.page_id, verdict.article_id, verdict.duplicate_of)


def _story_by_partition(told: Told) -> tuple[str, Told]:
    return told.partition, told


def _draft_by_partition(built: Built) -> tuple[str, tuple[str, Article]]:
    return built.article.published_date, (built.page_id, built.article)


def _verdict_by_partition(verdict: Verdict) -> tuple[str, Verdict]:
    return verdict.partition, verdict


def _settled(group: tuple[str, dict[str, Iterable[Any]]]) -> tuple[str, list[Article]]:
    partition, joined = group
    stories = {told.page_id: told.story_id for told in joined["stories"]}
    return partition, settled_articles(joined["drafts"], joined["verdicts"], stories)


def _tally_extracted(built: Built) -> Iterator[Tally]:
    yield "pages.extracted", 1
    if built.plainly is not None:
        yield f"plain.{built.plainly}", 1


def _tally_crashed(_: str | Failure) -> Tally:
    return "attention.crashed_pages", 1


def _tally_verdict(verdict: Verdict) -> Iterator[Tally]:
    yield f"articles.{verdict.outcome}", 1
    if verdict.relation is not None:
        yield f"relation.{verdict.relation}", 1
    if verdict.is_unlike:
        yield "articles_unlike", 1


def _tally_kinds(group: tuple[str, list[Article]]) -> Iterator[Tally]:
    _, articles = group
    for article in articles:
        if article.page_kind != PageKind.ARTICLE:
            yield f"kind.{article.page_kind}", 1

"""Makes the articles of stored pages anew and switches to them: one edition of the lake."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from apache_beam.options.pipeline_options import PipelineOptions

from pipelines.run.build_articles import finishing_of
from pipelines.run.ingest import RunFailedError, call_off, versions
from pipelines.run.ingest_runs import with_host
from pipelines.run.rebuild.decide_range import Before, DecidedRange, decide_range
from pipelines.run.rebuild.extract_range import RangeExtractor, failures_of
from pipelines.run.rebuild.made import COUNTS, FOR_EVER_US, Made, check_sum, counts_of, ids_of, reasons_of
from pipelines.run.run_errors import REFUSALS, logged_reason
from pipelines.run.runners import is_local
from pipelines.run.settings import IngestSettings
from schemas.article import ARTICLES
from schemas.failure import Failure, Reason
from schemas.fingerprint import FINGERPRINTS
from schemas.run import ManifestError, Run, RunManifest
from schemas.site import SITES
from schemas.story import STORIES
from schemas.tables import DATA
from transforms.common.clock import DAY_US, Clock
from transforms.common.freed_memory import give_back_freed_memory
from transforms.common.this_code import this_code, this_version
from transforms.compare.decide_run import Finishing
from transforms.lake.committed import Committed, committed
from transforms.lake.editions.edition import Edition, delete_replaced, open_edition
from transforms.lake.editions.rebuild.changes import Changes, Example
from transforms.lake.editions.rebuild.drafts import SiteMemories, delete_dead_drafts, delete_drafts_of
from transforms.lake.editions.rebuild.failures import PageKey, failed_pages, failures_stay, write_failures
from transforms.lake.editions.rebuild.history import KeptHistory, kept_history, write_again
from transforms.lake.editions.rebuild.range import Days, RebuildRange, range_of
from transforms.lake.editions.rebuild.rows import ArticleFiles, article_rows
from transforms.lake.editions.rebuild.same import are_same_sites, is_same_history
from transforms.lake.files.layout import STATE, open_path, run_of
from transforms.lake.files.lock import lake_lock
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import Storage
from transforms.lake.files.table_schemas import write_table_schemas
from transforms.lake.forget.finish import finish_forgetting
from transforms.lake.recover import recover
from transforms.lake.views import write_views

_LOG = logging.getLogger("newsbeam.run")

ACCIDENTS: Final = frozenset({Reason.TIMEOUT, Reason.MEMORY, Reason.CRASH, Reason.UNREACHABLE})
"""Reasons that say nothing of the page: the machine was slow, a bug is ours, or its archive is away. An article that is
there stays."""


@dataclass(frozen=True, slots=True)
class AskedRebuild:
    """What to build anew: the pages fetched on these days or, with `failures`, those of them that gave no article, for
    any reason or for `reason`. A `dry_run` only tells what would change, with `examples` of each kind."""

    days: Days = field(default_factory=Days)
    failures: bool = False
    reason: str | None = None
    dry_run: bool = False
    examples: int = 3
    shown_settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild changed, or would change. `manifest` is that of its edition; None: nothing was switched, since it
    is a dry run or all rows are as they were."""

    manifest: RunManifest | None
    counts: Mapping[str, int]
    examples: Sequence[Example]


def rebuild(
    output: str,
    asked: AskedRebuild,
    settings: IngestSettings,
    beam_args: Sequence[str] = (),
    clock: Clock | None = None,
) -> Rebuilt:
    """Build the pages anew and commit the edition, unless that changes nothing or it is a dry run.

    Readers see the old rows until the edition's manifest is there, and then the new ones. Killed before, nothing has
    happened, and the next run or rebuild deletes what is left. Raises LakeLockedError if another run writes to the
    lake, and RunFailedError if it cannot be done.
    """
    storage, clock = Storage(output, must_exist=True), clock or Clock()
    extract = RangeExtractor(settings, clock, tuple(beam_args))
    try:
        with lake_lock(storage, "rebuild") as generation:
            finish_forgetting(storage, clock.now_us())
            recovery = recover(storage)
            delete_dead_drafts(storage, recovery.dead_runs)
            return _Rebuild(storage, asked, settings, extract, clock, generation).done()
    except (*REFUSALS, ManifestError) as error:
        raise RunFailedError(str(error)) from error
    except BaseException:
        call_off(extract.job, storage)
        raise


class _Rebuild:
    def __init__(
        self,
        storage: Storage,
        asked: AskedRebuild,
        settings: IngestSettings,
        extract: RangeExtractor,
        clock: Clock,
        generation: int,
    ) -> None:
        self._storage = storage
        self._asked = asked
        self._settings = settings
        self._extract = extract
        self._clock = clock
        self._generation = generation
        self._reader = PartReader(storage)
        self._held: Committed = committed(storage)
        self._horizon_us = settings.copies_horizon_days * DAY_US

    def done(self) -> Rebuilt:
        asked, held = self._asked, self._held
        only = failed_pages(held, self._reader, asked.reason, asked.days.since) if asked.failures else None
        of = range_of(held, self._reader, asked.days, only)
        if not of.pages:
            if not asked.dry_run:
                write_views(committed(self._storage))  # which a command that was killed may have left behind
            return Rebuilt(None, dict.fromkeys(COUNTS, 0) | {"pages_elsewhere": of.elsewhere}, ())
        now_us = self._clock.now_us()
        made_by = versions() | {"code": this_code()}
        with open_edition(self._storage, self._generation, "rebuild", now_us, asked.shown_settings, made_by) as edition:
            rebuilt = self._built(edition, of, now_us)
        if rebuilt.manifest is None:
            _clean_up(self._storage, edition.edition_id)
        if not asked.dry_run:
            _tidy(self._storage, edition.edition_id, self._clock.now_us(), self._settings.grace_s)
        return rebuilt

    def _built(self, edition: Edition, of: RebuildRange, now_us: int) -> Rebuilt:
        run = self._run(edition, now_us)
        self._extract(run, of, is_part=self._asked.failures)
        days = Days(min(_day(file.path) for file in of.files), self._asked.days.until)
        rows = article_rows(self._reader, self._held.parts(ARTICLES), days.since_us or 0)
        failed = failures_of(run, of)
        with_row = frozenset(rows.column("page_id").to_pylist())
        stay = {one for one, failure in failed.items() if failure.reason in ACCIDENTS and one in with_row}
        gone = ids_of(one for one in of.pages if one not in stay)
        histories = [
            kept_history(edition, self._held, table, gone, self._asked.days.until_us)
            for table in (FINGERPRINTS, STORIES)
        ]
        decided = self._decided(run, of, rows, *(kept.history for kept in histories))
        check_sum(of, failed, decided)
        give_back_freed_memory()
        if lost := decided.lost.keys() & with_row:
            stay |= lost
            histories = [_with_again(edition, kept, lost) for kept in histories]
        failed |= decided.lost
        return self._switched(edition, of, now_us, Made(rows, failed, stay, decided, histories, days))

    def _run(self, edition: Edition, now_us: int) -> Run:
        is_here = is_local(PipelineOptions(list(self._extract.beam_args)))
        return Run(
            run_id=edition.edition_id,
            started_at_us=now_us,
            output=self._storage.address,
            generation=edition.generation,
            version="" if is_here else this_version(),
        )

    def _decided(
        self, run: Run, of: RebuildRange, rows: pa.Table, fingerprints: tuple[str, ...], stories: tuple[str, ...]
    ) -> DecidedRange:
        days = self._asked.days
        since_us = FOR_EVER_US if self._asked.failures else days.since_us  # pages that are mended change no other's
        sites = SiteMemories(self._reader, self._held.parts(SITES), since_us, days.until_us)
        pool = self._settings.sandbox.open()
        try:
            before = Before(fingerprints, stories, sites, rows)
            finishing = Finishing(pool, finishing_of(self._settings))
            return decide_range(run, of, before, self._horizon_us, finishing, self._clock, self._settings.feeds)
        finally:
            pool.close()

    def _switched(self, edition: Edition, of: RebuildRange, now_us: int, made: Made) -> Rebuilt:
        old = made.rows.filter(pc.is_in(made.rows.column("page_id"), value_set=ids_of(set(of.pages) - made.stay)))
        changes = Changes(self._reader, old, self._asked.examples)
        articles = ArticleFiles(edition, old, made.decided.rows)
        articles.show(changes.look)
        changes.gone(reasons_of(old, made))
        built = {of.pages[one] for one in (*made.decided.rows.column("page_id").to_pylist(), *made.decided.ended)}
        mended = built & failed_pages(self._held, self._reader, since=made.days.since)
        counts = dict.fromkeys(COUNTS, 0) | counts_of(of, made) | changes.counts | {"failures_mended": len(mended)}
        failing: dict[PageKey, Failure] = {
            of.pages[one]: with_host(replace(failure, failed_at_us=now_us))
            for one, failure in made.failed.items()
            if one not in made.stay
        }
        changed = counts["changed"] + counts["new"] + counts["gone"] + counts["failures_mended"]
        if self._asked.dry_run or (not changed and self._is_as_it_was(of, made, failing)):
            return Rebuilt(None, counts, tuple(changes.examples))

        edition.counts.update({f"rebuild.{name}": n for name, n in counts.items()})
        for part in made.decided.parts:
            edition.counts[f"built.{part.table}"] += part.rows
        written = articles.write()
        failures, replaced = write_failures(edition, self._held, mended, failing)
        files = [*written, *failures, *made.decided.parts, *(part for kept in made.histories for part in kept.files)]
        replaced += articles.replaced() + [path for kept in made.histories for path in kept.replaced]
        manifest = edition.commit(files, replaced, self._clock.now_us())
        _LOG.info(
            "lake rebuilt",
            extra={"edition": edition.edition_id, "counts": {name: n for name, n in counts.items() if n}},
        )
        return Rebuilt(manifest, counts, tuple(changes.examples))

    def _is_as_it_was(self, of: RebuildRange, made: Made, failing: Mapping[PageKey, Failure]) -> bool:
        """Whether failures and state are what the lake has, where articles are: then there is nothing to switch to."""
        going, parts = of.pages.keys() - made.stay, made.decided.parts
        return (
            failures_stay(self._held, self._reader, (), failing)
            and all(is_same_history(self._reader, kept, going, parts) for kept in made.histories)
            and are_same_sites(self._reader, self._held, parts)
        )


def _with_again(edition: Edition, kept: KeptHistory, page_ids: Iterable[str]) -> KeptHistory:
    """The history with the rows of these pages, whose articles stay after all."""
    if not kept.replaced:
        return kept
    return replace(kept, files=(*kept.files, write_again(edition, kept.table, kept.replaced, ids_of(page_ids))))


def _day(path: str) -> str:
    return path.split("/")[1].partition("=")[2]


def _tidy(storage: Storage, edition_id: str, now_us: int, grace_s: float) -> None:
    """What follows the switch. A failure here is logged, and the next run or command does it again."""
    try:
        write_views(committed(storage))
        write_table_schemas(storage, DATA)
        delete_drafts_of(storage, edition_id)
        delete_replaced(storage, now_us, grace_s)
    except Exception as error:
        logged_reason(_LOG, "the lake is rebuilt, but could not be tidied up: the next run will", error)


def _clean_up(storage: Storage, edition_id: str) -> None:
    """Delete all that an edition has written below the state's folder, where no reader looks."""
    for path in [path for path in storage.list(STATE) if run_of(path) == edition_id]:
        storage.delete(path)
    storage.delete(open_path(edition_id))

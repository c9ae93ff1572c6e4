"""Rebuilds lost or damaged state from the tables of the lake."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pipelines.run.lost_state.rebuild_feeds import FOR_GOOD_AFTER, asked_again, cursors_of, left_over
from pipelines.run.lost_state.rows_of_runs import RowsOfRuns
from pipelines.run.revisits.rebuilt import rebuilt_revisit
from schemas.archive import ARCHIVES, Archive
from schemas.article import Article, RemovalReason
from schemas.failure import FAILURES, PASSING, Failure, Stage
from schemas.feed import FEED_CURSORS, FEED_POLLS, PENDING, FeedCursor
from schemas.fingerprint import FINGERPRINTS, Fingerprint
from schemas.forgotten import FORGOTTEN
from schemas.host import HOSTS
from schemas.page import PAGES, page_id_of
from schemas.revisit import REVISITS
from schemas.run import FilePart, started_us
from schemas.site import SITES, SiteMemory, SitePage
from schemas.state import SEEN, Seen
from schemas.story import STORIES, Sketch
from transforms.common.batches import batches
from transforms.compare.copies.fingerprint import fingerprint_of
from transforms.compare.copies.stored.index_entries import fingerprint_index
from transforms.compare.copies.verdict import Relation
from transforms.compare.sites.site_blocks import learn_site, site_page
from transforms.compare.stories.sketch import not_found, sketch_of
from transforms.compare.stories.sketch_index import story_index
from transforms.lake.check_state import Damage, StateCheck
from transforms.lake.files.layout import indexed_part, is_merged, run_of
from transforms.lake.files.storage import Storage
from transforms.lake.forget.record import from_manifests
from transforms.lake.merged.merge_parts import write_pieces
from transforms.lake.merged.part_index import Indexes, measured, write_index
from transforms.lake.state import StateBefore, seen_index, state_before
from transforms.web.urls import BadUrl, url_key

_LOG = logging.getLogger("newsbeam.lake")

INDEXES: Final[Indexes] = {
    SEEN.name: seen_index,
    FINGERPRINTS.name: fingerprint_index,
    STORIES.name: story_index,
}
"""How the indexes of merged parts are made, for each table that has them."""

_CHUNK_ROWS = 500
COSTS = {
    SEEN.name: "rebuilt from pages and failures; edits that were noticed before a page's failure may be fetched again",
    PENDING.name: "entries that failed for now are tried again, and all feeds are read anew for what was left over",
    FEED_CURSORS.name: "rebuilt from the polls; the pace, wishes and moves under way of feeds are learned anew",
    HOSTS.name: "emptied; robots.txt is asked for again, and pauses that hosts made us take are forgotten",
    SITES.name: "rebuilt from the articles; other names of a publisher than its site's count no more",
    FINGERPRINTS.name: "rebuilt from the articles; an edit of a site's furniture may count as a revision",
    STORIES.name: "rebuilt from the articles, without vectors: a rebuild with --stories_across_languages makes these",
    FORGOTTEN.name: "rebuilt from the manifests of the editions that forgot",
    REVISITS.name: "rebuilt from the articles, as if each had just been revisited",
    ARCHIVES.name: "rebuilt from the pages; archives that gave none are read again, changed ones are taken for read",
}


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A part that was rebuilt, what the rebuilding costs, and what is lost for good (None: nothing)."""

    damage: Damage
    part: FilePart
    cost: str
    lost: str | None = None


def rebuild_state(storage: Storage, check: StateCheck, now_us: int) -> Iterator[Rebuilt]:
    """The damaged parts, each rebuilt before it is yielded. Call it under the lock.

    If it is killed between two parts, the next call goes on. Data parts that are damaged themselves are left out, with
    a line in the log.
    """
    if not check.damaged:
        return
    rebuild = _Rebuild(storage, check, now_us)
    for damage in check.damaged:
        if (indexed := indexed_part(damage.path)) is not None:
            part = write_index(storage, measured(storage, damage.table, indexed), INDEXES[damage.table.name])
            yield Rebuilt(damage, part, "made anew from its part")
            continue
        if damage.table is PENDING:  # first, so that a kill in between does not leave the feeds unasked
            rebuild.ask_feeds_again()
        pieces, lost = rebuild.rows(damage)
        part = write_pieces(
            storage, damage.table, damage.path, map(damage.table.to_arrow, batches(pieces, _CHUNK_ROWS))
        )
        if is_merged(damage.path) and damage.table.name in INDEXES:
            write_index(storage, part, INDEXES[damage.table.name])
        rebuild.unmended.discard(damage.path)
        yield Rebuilt(damage, part, COSTS[damage.table.name], lost)


class _Rebuild:
    def __init__(self, storage: Storage, check: StateCheck, now_us: int) -> None:
        self._storage = storage
        self._check = check
        self._now_us = now_us
        self._of_runs = RowsOfRuns(storage, check)
        self._reader, self._held = self._of_runs.reader, self._of_runs.held
        self.unmended = {damage.path for damage in check.damaged}
        pending = [damage for damage in check.damaged if damage.table is PENDING]
        self._asks_again = any(self._lost_pending(damage.run_id) is not None for damage in pending)

    def rows(self, damage: Damage) -> tuple[Iterable[Any], str | None]:
        """The rebuilt rows of a damaged part, and what is lost."""
        runs = self._of_runs.runs_in(damage)
        if damage.table is SEEN:
            return self._seen(runs), None
        if damage.table is PENDING:
            return self._pending(), self._lost_pending(damage.run_id)
        if damage.table is FEED_CURSORS:
            return self.cursors(), None
        if damage.table is HOSTS:
            return (), None
        if damage.table is FORGOTTEN:
            record = from_manifests(self._storage, self._held)
            return [row for row in record if is_merged(damage.path) or row.run_id == damage.run_id], None
        if damage.table is ARCHIVES:
            return self._archives(runs), None
        if damage.table is SITES:
            return self._sites(runs, damage.path), None
        if damage.table is REVISITS:
            articles = (article for run in runs for article in self._of_runs.articles(run))
            return (row for article in articles for row in rebuilt_revisit(article, self._now_us)), None
        make: Callable[[Article], Iterator[Any]] = _fingerprint if damage.table is FINGERPRINTS else _sketch
        beside = self._beside(damage)
        made = (row for run in runs for article in self._of_runs.articles(run) for row in make(article))
        return (row for row in made if row.page_id not in beside), None

    def _beside(self, damage: Damage) -> frozenset[str]:
        """The pages of which the other parts of a damaged part's edition have a row; those of runs share none."""
        if damage.run_id not in self._held.editions:
            return frozenset()
        others = (path for path in self._held.parts(damage.table) if run_of(path) == damage.run_id)
        return frozenset(
            page_id
            for path in others
            if path not in self.unmended
            for page_id in self._reader.columns(path, ["page_id"]).column("page_id").to_pylist()
        )

    def _seen(self, runs: Sequence[str]) -> Iterator[Seen]:
        """Entries whose page was fetched or that failed for good; listed now, because the real time is lost."""
        for path in self._of_runs.pages(runs):
            for seen in self._of_runs.read(self._seen_in(path), path):
                yield replace(seen, listed_at_us=self._now_us)
        tries: Counter[str] = Counter()
        for run in runs:
            for failure in self._of_runs.of_run(FAILURES, run):
                if failure.stage == Stage.PAGES and failure.url_key is not None:
                    tries[failure.url_key] += 1
                    if failure.reason not in PASSING or tries[failure.url_key] >= FOR_GOOD_AFTER:
                        yield Seen(failure.url_key, None, failure.failed_at_us, self._now_us)

    def _seen_in(self, path: str) -> Iterator[Seen]:
        yield from StateBefore(self._reader).seen_in_pages(path)

    def _archives(self, runs: Sequence[str]) -> Iterator[Archive]:
        """The archives of which these runs stored pages: a committed run has read them to their end.

        Pages that a run only took over say nothing: the run that stored them died within the archive.
        """
        for run in runs:
            names: set[str] = set()
            for _, rows in self._of_runs.read(self._held.of_run(PAGES, run, ["warc_file"]), f"pages of {run}"):
                if "warc_file" in rows.column_names:
                    names.update(filter(None, rows.column("warc_file").to_pylist()))
            yield from (Archive(name, None, started_us(run), run) for name in sorted(names))

    def _pending(self) -> list[Any]:
        failures: list[Failure] = [row for run in self._of_runs.recent() for row in self._of_runs.of_run(FAILURES, run)]
        keys = sorted({row.url_key for row in failures if row.url_key is not None})
        return left_over(failures, state_before(self._storage).seen(keys).keys())

    def _lost_pending(self, run_id: str) -> str | None:
        manifest = self._check.manifests.get(run_id)
        held = manifest.tables.get(PENDING.name, 0) if manifest else None
        if held == 0:
            return None
        return f"{held if held is not None else 'some'} entries left over, those that no feed lists any more"

    def cursors(self) -> list[FeedCursor]:
        cursors = cursors_of(poll for run in self._of_runs.recent() for poll in self._of_runs.of_run(FEED_POLLS, run))
        return [asked_again(cursor) for cursor in cursors] if self._asks_again else cursors

    def ask_feeds_again(self) -> None:
        """Make the next run read all feeds without conditions: only feeds can name the lost pending entries again."""
        part = state_before(self._storage).parts.cursors
        if part is not None and self._asks_again:
            cursors = [asked_again(cursor) for cursor in self._reader.rows(FEED_CURSORS, part)]
            write_pieces(self._storage, FEED_CURSORS, part, iter([FEED_CURSORS.to_arrow(cursors)]))

    def _sites(self, runs: Sequence[str], path: str) -> Iterator[SiteMemory]:
        earlier = [part for part in self._held.parts(SITES) if part < path]
        memories: dict[str, SiteMemory] = {}
        is_whole = is_merged(path) or run_of(path) in self._held.editions
        for part in () if is_whole else earlier:
            memories.update((row.site, row) for row in self._of_runs.read(self._reader.rows(SITES, part), part))
        learned: set[str] = set()
        for run in runs:
            pages: defaultdict[str, list[SitePage]] = defaultdict(list)
            for article in self._of_runs.articles(run):
                if article.withdrawn_at_us is None:  # else no page was read
                    pages[article.publisher_domain].append(_site_page(article))
            for site, some in pages.items():
                memories[site] = learn_site(some, memories.get(site), started_us(run)).memory
                learned.add(site)
        yield from (memories[site] for site in sorted(learned))


def _page_id(article: Article) -> str:
    try:
        return page_id_of(url_key(article.url), article.fetched_at_us)
    except BadUrl:
        return page_id_of(article.url, article.fetched_at_us)


def _fingerprint(article: Article) -> Iterator[Fingerprint]:
    made = fingerprint_of(article, _page_id(article))
    yield replace(made, revision=article.revision, cluster_id=article.cluster_id)


def _sketch(article: Article) -> Iterator[Sketch]:
    """The sketch as `stored_sketches` makes it: none for a revision, none of what it is found by for a copy.

    Without a vector: making those of a merged part may take hours, while a run that found the damage waits.
    """
    if article.relation == Relation.REVISION:
        return
    made = replace(sketch_of(article, _page_id(article)), story_id=article.story_id)
    yield made if article.relation in (None, Relation.ORIGINAL) else not_found(made)


def _site_page(article: Article) -> SitePage:
    """The blocks of an article, including the furniture of its site, which is in `removed` now."""
    lines = [item.text for item in article.removed if item.reason == RemovalReason.SITE]
    body = "\n".join([article.article_body, *lines])
    return site_page(_page_id(article), replace(article, article_body=body))

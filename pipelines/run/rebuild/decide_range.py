"""Decides the drafts of a rebuild in order of time: as many rounds together as memory and the horizon allow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from schemas.decision import DECIDED
from schemas.failure import Failure
from schemas.fingerprint import FINGERPRINTS
from schemas.run import FilePart, Run, started_us
from schemas.story import STORIES
from transforms.common.clock import Clock
from transforms.compare.copies.stored.stored_history import StoredHistory
from transforms.compare.decide_run import WithoutFurniture, decide
from transforms.compare.rounds import CAPTURES_US, PageRound, Rounds
from transforms.compare.stories.story_history import StoryHistory
from transforms.lake.editions.rebuild.drafts import RangeDrafts, SiteMemories, draft_path
from transforms.lake.editions.rebuild.range import RebuildRange, StoredPage
from transforms.lake.editions.rebuild.rows import NEW_ROWS
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import storage_of
from transforms.web.chosen.feed_settings import NO_CHOICES, FeedChoices

WINDOW_PAGES: Final = 50_000
"""About as many pages are decided together: what is kept in memory of them is a few hundred MB."""


class Window(NamedTuple):
    """Rounds that are decided together, in order of time, and their pages."""

    rounds: tuple[str, ...]
    page_ids: frozenset[str]


def windows_of(pages: Mapping[str, StoredPage], horizon_us: int, window_pages: int = WINDOW_PAGES) -> Iterator[Window]:
    """Whole rounds, together `window_pages` pages or a little more, and no longer than the horizon of copies."""
    by_round: dict[str, list[str]] = {}
    for page_id, page in pages.items():
        by_round.setdefault(page.round, []).append(page_id)
    rounds: list[str] = []
    page_ids: list[str] = []
    for one in sorted(by_round):
        is_far = bool(rounds) and started_us(one) - started_us(rounds[0]) > horizon_us
        if rounds and (is_far or len(page_ids) >= window_pages):
            yield Window(tuple(rounds), frozenset(page_ids))
            rounds, page_ids = [], []
        rounds.append(one)
        page_ids += by_round[one]
    if rounds:
        yield Window(tuple(rounds), frozenset(page_ids))


class Before(NamedTuple):
    """What is known before the range: parts of fingerprints and stories, and memories of sites. `rows` are the articles
    that the lake has, from the range on (`article_rows`)."""

    fingerprints: tuple[str, ...]
    stories: tuple[str, ...]
    sites: SiteMemories
    rows: pa.Table


@dataclass(slots=True)
class DecidedRange:
    """All decisions of a rebuild: its rows (`NEW_ROWS`), state parts, counts; and by page id the outcome of drafts that
    became no row, and the failures of those that could not be finished."""

    rows: pa.Table = field(default_factory=NEW_ROWS.empty_table)
    parts: list[FilePart] = field(default_factory=list)
    tallies: Counter[str] = field(default_factory=Counter)
    ended: dict[str, str] = field(default_factory=dict)
    lost: dict[str, Failure] = field(default_factory=dict)


def decide_range(
    run: Run,
    of: RebuildRange,
    before: Before,
    horizon_us: int,
    finish: WithoutFurniture,
    clock: Clock,
    choices: FeedChoices = NO_CHOICES,
) -> DecidedRange:
    """Decide all drafts of a range. What one window decides is history for the next."""
    decided = DecidedRange()
    fingerprints, stories = before.fingerprints, before.stories
    reader = PartReader(storage_of(run))
    for number, window in enumerate(windows_of(of.pages, horizon_us)):
        files = [
            draft_path(run.run_id, at)
            for at, file in enumerate(of.files)
            if not window.page_ids.isdisjoint(file.page_ids)
        ]
        since = _since_us(window, of, horizon_us)
        since_us = min(since.values())
        of_window = replace(run, started_at_us=started_us(window.rounds[-1]), copies_since_us=since_us)
        drafts = RangeDrafts(of_window, files, window.page_ids, number, before.sites)
        rounds = _rounds(window, of, since, drafts, before.rows, horizon_us)
        copies = StoredHistory(reader, fingerprints, since_us)
        told = StoryHistory(reader, stories, since_us)
        found = decide(of_window, drafts, copies, told, finish, clock.now_us(), rounds, choices)
        parts = [part for part in found.parts if part.rows]
        fingerprints += tuple(part.path for part in parts if part.table == FINGERPRINTS.name)
        stories += tuple(part.path for part in parts if part.table == STORIES.name)
        decided.parts += found.parts
        decided.tallies.update(found.tallies)
        decided.ended.update(found.ended)
        for page_id, failure in zip(drafts.dropped, found.failures, strict=True):
            decided.lost[page_id] = replace(failure, run_id=of.pages[page_id].round)
        decided.rows = pa.concat_tables([decided.rows, *_rows(found.selections, drafts, of.pages, before.rows)])
    return decided


def _since_us(window: Window, of: RebuildRange, horizon_us: int) -> dict[str, int]:
    """From when on each run of a window knows what was fetched: as long before its start, or the first capture that it
    read from an archive, as the horizon reaches."""
    earliest = {one: started_us(one) for one in window.rounds}
    for page_id in window.page_ids & of.captures.keys():
        run_id = of.pages[page_id].round
        earliest[run_id] = min(earliest[run_id], of.captures[page_id])
    return {one: first_us - horizon_us for one, first_us in earliest.items()}


def _rounds(
    window: Window, of: RebuildRange, since: Mapping[str, int], drafts: RangeDrafts, rows: pa.Table, horizon_us: int
) -> Rounds:
    """The pages of a run compete; captures that it read from archives do if they are of one hour, as in their run."""
    at = {
        page_id: (of.pages[page_id].round, of.captures.get(page_id, started_us(of.pages[page_id].round)) // CAPTURES_US)
        for page_id in window.page_ids
    }
    numbers = {one: number for number, one in enumerate(sorted(set(at.values())))}
    columns = (rows.column(name).to_pylist() for name in ("page_id", "article_id", "revision"))
    known = {page: row for page, *row in zip(*columns, strict=True) if page in window.page_ids}
    of_page = {}
    for page_id, one in at.items():
        article_id, revision = known.get(page_id, (None, None))
        of_page[page_id] = PageRound(numbers[one], since[one[0]], article_id, revision)
    return Rounds(of_page, _rows_of(_without_row(drafts, known), rows), horizon_us, _withdrawn(rows))


def _withdrawn(rows: pa.Table) -> dict[str, list[int]]:
    """When articles were found withdrawn, by rows of the lake: no page gave them, so they stay as they are."""
    some = rows.filter(pc.is_valid(rows.column("withdrawn_at")))
    found: dict[str, list[int]] = {}
    instants = some.column("withdrawn_at").cast(pa.int64()).to_pylist()
    for article_id, at_us in zip(some.column("article_id").to_pylist(), instants, strict=True):
        found.setdefault(article_id, []).append(at_us)
    return found


def _without_row(drafts: RangeDrafts, known: Mapping[str, Sequence[object]]) -> pa.Array:
    """The articles of drafts whose pages have no row, or that of another article."""
    found = set()
    for table in drafts.columns("fingerprint", ("page_id", "article_id")):
        for page_id, article_id in zip(*(column.to_pylist() for column in table.columns), strict=True):
            if page_id not in known or known[page_id][0] != article_id:
                found.add(article_id)
    return pa.array(sorted(found), pa.string())


def _rows_of(article_ids: pa.Array, rows: pa.Table) -> dict[str, list[tuple[int, int]]]:
    some = rows.filter(pc.is_in(rows.column("article_id"), value_set=article_ids))
    instants = some.column("fetched_at").cast(pa.int64()).to_pylist()
    found: dict[str, list[tuple[int, int]]] = {}
    ids, revisions = (some.column(name).to_pylist() for name in ("article_id", "revision"))
    for article_id, fetched_at_us, revision in sorted(zip(ids, instants, revisions, strict=True)):
        found.setdefault(article_id, []).append((fetched_at_us, revision))
    return found


def _rows(
    selections: Iterable[pa.Table], drafts: RangeDrafts, pages: Mapping[str, StoredPage], rows: pa.Table
) -> Iterator[pa.Table]:
    """The rows to write, with the run and the time that their pages' rows had, or else those of their rounds."""
    page_at = drafts.page_ids()
    for selection in selections:
        places = zip(selection.column("file").to_pylist(), selection.column("row").to_pylist(), strict=True)
        page_ids = [page_at[place] for place in places]
        facts = pa.concat_tables(
            drafts.columns("fingerprint", ("page_id", "article_id", "published", "fetched_at"), page_ids)
        )
        mine = facts.take(pc.index_in(pa.array(page_ids), value_set=facts.column("page_id").combine_chunks()))
        former = rows.take(pc.index_in(pa.array(page_ids), value_set=rows.column("page_id").combine_chunks()))
        rounds = [pages[page_id].round for page_id in page_ids]
        starts = pa.array(list(map(started_us, rounds)), pa.int64())
        given = {
            "page_id": pa.array(page_ids),
            "path": selection.column("file"),
            "partition": selection.column("partition"),
            "row": selection.column("row"),
            "date_published": mine.column("published"),
            "article_id": mine.column("article_id"),
            "fetched_at": mine.column("fetched_at"),
            "run_id": pc.coalesce(former.column("run_id"), pa.array(rounds)),
            "ingested_at": pc.coalesce(former.column("ingested_at").cast(pa.int64()), starts),
            **{name: selection.column(name) for name in DECIDED},
        }
        yield pa.table([given[column.name].cast(column.type) for column in NEW_ROWS], NEW_ROWS)

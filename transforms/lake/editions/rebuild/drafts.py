"""The drafts of a rebuild: one draft file for each page file of its range, decided some rounds at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from schemas.draft import DRAFTS, Draft, Failed
from schemas.failure import Failure, InputKind, Reason, Stage
from schemas.page import PAGES, LostPage, Page
from schemas.run import FilePart, Run
from schemas.site import SITES, SiteMemory
from schemas.table import Table
from transforms.common.batches import batches
from transforms.lake.files.draft_files import DraftFileWriter
from transforms.lake.files.layout import edition_shard, part_path, run_of, shard_of, table_folder
from transforms.lake.files.parts import PartReader, writer_of
from transforms.lake.files.storage import Storage, storage_of
from transforms.lake.run_drafts import RunDrafts

Row = TypeVar("Row")

_SUPPLEMENTS: Final = 1_000
"""Numbers of files of finished drafts that each window of rounds has for itself; such a file holds 1,000 drafts."""
_ROWS_AT_ONCE: Final = 1_000


PageSource = Callable[[Run, str], Iterable[Page | LostPage]]
"""The pages of a page file of a run's lake, with their bytes. Can be pickled."""


def _stored(run: Run, path: str) -> Iterator[Page]:
    return PartReader(storage_of(run)).rows(PAGES, path)


@dataclass(slots=True)
class RangeFiles:
    """`DraftStore` of a rebuild, made for one page file: reads those of its pages that are built anew.

    `stored` reads a page file of a run; what it yields in place of a page (its reason and message) is a page that is
    lost. Drafts and failures are expected in the order of the other pages. In place of a run, which is told later, a
    failure names its page.
    """

    run: Run
    numbers: Mapping[str, int]
    """The number of each page file, which names its draft file."""
    wanted: frozenset[str] | None = None
    """The ids of the pages to build; None: all."""
    stored: PageSource = _stored
    _given: deque[str] = field(default_factory=deque)
    _lost: list[LostPage] = field(default_factory=list)

    def pages(self, path: str) -> Iterator[Page]:
        """The pages to build; one row group is in memory at a time."""
        for page in self.stored(self.run, path):
            if isinstance(page, LostPage):
                self._lost.append(page)
            elif page.body and (self.wanted is None or page.page_id in self.wanted):
                self._given.append(page.page_id)
                yield page

    def former(self, pages: str) -> None:
        """Nothing: what a run that died left is not for this one."""

    def write(self, pages: str) -> RangeFileWriter:
        """A writer for the draft file of a page file."""
        file = DraftFileWriter(writer_of(self.run), _draft_shard(self.numbers[pages]))
        return RangeFileWriter(self.run, file, self._given, self._lost, self.wanted)


@dataclass(frozen=True, slots=True)
class RangeFileWriter:
    """`DraftWriter` of one page file of a rebuild; `given` has the ids of its pages, as they come."""

    run: Run
    file: DraftFileWriter
    given: deque[str]
    lost: list[LostPage]
    wanted: frozenset[str] | None

    def add(self, draft: Draft) -> None:
        """See `DraftWriter`."""
        page_id = self.given.popleft()
        if page_id != draft.page_id:
            raise AssertionError(f"the draft of page {draft.page_id} comes where that of {page_id} is due")
        self.file.add(draft)

    def fail(self, failed: Failed) -> None:
        """See `DraftWriter`."""
        self.file.fail(failed._replace(failure=replace(failed.failure, run_id=self.given.popleft())))

    def close(self) -> FilePart:
        """See `DraftWriter`; pages that were lost are failures too."""
        for page, why in self.lost:
            if self.wanted is None or page.page_id in self.wanted:
                self.file.fail(Failed(_lost(self.run, page, why), is_bug=False))
        return self.file.close()


def _lost(run: Run, page: Page, why: str) -> Failure:
    return Failure(
        stage=Stage.EXTRACT,
        reason=Reason.UNREACHABLE,
        message=f"the page's bytes cannot be read: {why}",
        input_kind=InputKind.PAGE,
        input=page.final_url,
        failed_at_us=run.started_at_us,
        run_id=page.page_id,
        feed_url=page.feed_url,
        url_key=page.url_key,
        status=page.status,
    )


class RangeDrafts(RunDrafts):
    """The drafts of one window of a rebuild: of the pages `page_ids`, in these draft files.

    Its state parts are parts of the edition, numbered by window.
    """

    def __init__(
        self, run: Run, files: Iterable[str], page_ids: Collection[str], number: int, memories: SiteMemories
    ) -> None:
        super().__init__(run, files)
        self._where = {page_id: where for page_id, where in self._where.items() if page_id in page_ids}
        self._supplements = number * _SUPPLEMENTS
        self._number = number
        self._memories = memories
        self.dropped: list[str] = []

    def page_ids(self) -> dict[tuple[str, int], str]:
        """The page of each draft, by file and row."""
        return {where: page_id for page_id, where in self._where.items()}

    def drop(self, page_ids: Iterable[str]) -> None:
        """See `RunDrafts`; `dropped` tells which, in order."""
        gone = list(page_ids)
        self.dropped += gone
        super().drop(gone)

    def sites(self, sites: Sequence[str]) -> Mapping[str, SiteMemory]:
        """What pages before this window taught of these sites."""
        return self._memories.before(sites)

    def write(self, table: Table[Row], rows: Iterable[Row], shard: str | None = None) -> FilePart:
        """The state part written from these rows; of sites only what the edition may replace."""
        if table is SITES:
            rows = self._memories.learned(rows)  # type: ignore[arg-type, assignment]
        pieces = (table.as_given(some) for some in batches(rows, _ROWS_AT_ONCE))
        return writer_of(self._run).write_pieces(table, pieces, shard or window_shard(self._number))


class SiteMemories:
    """What a rebuild knows of sites: from before its range, and from its windows so far.

    `since_us` is the start of the range, None for the whole lake, where nothing is before it; `until_us` its end. Where
    what was known before the range is not kept any more, what is known today stands for it, and stays as it is. So does
    what was learned after the range.
    """

    def __init__(self, reader: PartReader, parts: Sequence[str], since_us: int | None, until_us: int | None) -> None:
        self._before: dict[str, SiteMemory] = {}
        self._fixed: set[str] = set()
        newest: dict[str, SiteMemory] = {}
        for path in parts if since_us is not None or until_us is not None else ():
            for memory in reader.rows(SITES, path):
                newest[memory.site] = memory
                if since_us is not None and memory.learned_at_us < since_us:
                    self._before[memory.site] = memory
        for site, memory in newest.items():
            is_later = until_us is not None and memory.learned_at_us > until_us
            is_all_there_is = since_us is not None and site not in self._before
            if is_later or is_all_there_is:
                self._fixed.add(site)
            if since_us is not None:
                self._before.setdefault(site, memory)

    def before(self, sites: Iterable[str]) -> Mapping[str, SiteMemory]:
        """The memory of these sites; a site that is not known has none."""
        return {site: self._before[site] for site in sites if site in self._before}

    def learned(self, memories: Iterable[SiteMemory]) -> Iterator[SiteMemory]:
        """Those of these new memories that count from now on, which are known to the next window.

        A memory is never older than the one that it was learned from.
        """
        for memory in memories:
            if memory.site not in self._fixed:
                former = self._before.get(memory.site, memory)
                at_us = max(memory.learned_at_us, former.learned_at_us)
                self._before[memory.site] = replace(memory, learned_at_us=at_us)
                yield self._before[memory.site]


def window_shard(number: int) -> str:
    """The shard name of the state parts of a window."""
    return edition_shard(number)


def draft_path(run_id: str, number: int) -> str:
    """The path of the draft file of a rebuild's page file."""
    return part_path(DRAFTS, "", run_id, _draft_shard(number))


def _draft_shard(number: int) -> str:
    return f"{number:05d}-{_REBUILT}"


_REBUILT: Final = "999"
"""Ends the names of a rebuild's draft files, which no run takes over."""


def delete_dead_drafts(storage: Storage, dead: Collection[str]) -> None:
    """Delete what rebuilds that died have left of drafts; those of runs that died stay for the next run."""
    paths = [path for path in storage.list(table_folder(DRAFTS)) if run_of(path) in dead]
    rebuilds = {run_of(path) for path in paths if (shard_of(path) or "").endswith(f"-{_REBUILT}")}
    for path in paths:
        if run_of(path) in rebuilds:
            storage.delete(path)


def delete_drafts_of(storage: Storage, run_id: str) -> None:
    """Delete the drafts of one run."""
    for path in [path for path in storage.list(table_folder(DRAFTS)) if run_of(path) == run_id]:
        storage.delete(path)

"""Rounds: which pages are decided against each other, and which after one another, where many runs are decided anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Final

from transforms.common.clock import HOUR_US

CAPTURES_US: Final = HOUR_US
"""Captures of one article within an hour compete, as pages of one run do; later ones are its revisions. Feeds are asked
every hour or so, and two crawls of one page are mostly further apart."""

_ALWAYS_US: Final = -(1 << 62)


@dataclass(frozen=True, slots=True)
class PageRound:
    """The round of a page, and the row that the page has in the lake already.

    Rounds are numbered in order of time: a round is the run that first built the page or, of pages of a backfill, one
    hour of captures. Former revisions that were fetched before `since_us` are not known to it. `article_id` and
    `revision` are those of the page's row, if any.
    """

    number: int = 0
    since_us: int = _ALWAYS_US
    article_id: str | None = None
    revision: int | None = None


@dataclass(frozen=True, slots=True)
class Rounds:
    """The rounds of the pages of a run. Without any, all pages are of one round, as in an ordinary run.

    Pages of one round compete for their article; those of a later round are unchanged, or its next revision. `rows` has
    of articles the instants of fetch and the revisions of the rows that the lake has, in order of time; `horizon_us` is
    the time after which revisions are numbered from 1 again. `withdrawn` has of articles the instants at which they
    were found withdrawn, by rows that no page of the rounds gave.
    """

    pages: Mapping[str, PageRound] = field(default_factory=dict)
    rows: Mapping[str, Sequence[tuple[int, int]]] = field(default_factory=dict)
    horizon_us: int = 0
    withdrawn: Mapping[str, Sequence[int]] = field(default_factory=dict)

    def of(self, page_id: str) -> PageRound:
        """The round of a page."""
        return self.pages.get(page_id, _ONLY)

    def row_of(self, page_id: str, article_id: str) -> int | None:
        """The revision of the row of this article that a page has; it stays, for what refers to the row."""
        page = self.of(page_id)
        return page.revision if page.article_id == article_id else None

    def was_withdrawn(self, article_id: str, since_us: int, until_us: int) -> bool:
        """Whether the article was found withdrawn between two fetches, so that the second shows its return."""
        return any(since_us < at_us < until_us for at_us in self.withdrawn.get(article_id, ()))

    def is_taken(self, page_id: str, article_id: str, fetched_at_us: int, revision: int) -> bool:
        """Whether the lake has a later row of the article with this revision or a lower one, so that a page without a
        row cannot have it. Rows are numbered from 1 again after the horizon; such rows take nothing."""
        if self.row_of(page_id, article_id) is not None:
            return False
        later = next((row for row in self.rows.get(article_id, ()) if row[0] > fetched_at_us), None)
        return later is not None and revision >= later[1] >= 1 and later[0] - fetched_at_us <= self.horizon_us


def rounds_by_time(fetches: Iterable[tuple[str, int]], round_us: int) -> Rounds:
    """Rounds of `round_us` microseconds each, for pages (page_id and instant of the fetch) that no feeds ordered."""
    made: dict[int, PageRound] = {}
    return Rounds(
        {page_id: made.setdefault(at_us // round_us, PageRound(at_us // round_us)) for page_id, at_us in fetches}
    )


def rounds_with_captures(
    fetches: Iterable[tuple[str, int]], captured: Set[str], started_at_us: int, round_us: int
) -> Rounds:
    """The rounds of a run that fetched pages itself, which are of one round, and took over others that a backfill had
    `captured` from archives: they follow one another as they would have done there."""
    own, made = PageRound(started_at_us // round_us), list(fetches)
    by_time = rounds_by_time((one for one in made if one[0] in captured), round_us)
    return Rounds({page_id: own for page_id, _ in made} | dict(by_time.pages))


_ONLY: Final = PageRound()
ONE_ROUND: Final = Rounds()

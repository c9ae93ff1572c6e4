"""How often each source of dates is right: where it gives the article's date, and wherever it states one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from schemas.page import Page
from transforms.extract.dates.dates import DateSource
from transforms.extract.dates.published import published, stated_dates
from transforms.extract.facts.page_facts import PageFacts

_HEAD = (
    "| source | pages dated by it | within a day | same day | pages that state it | within a day |",
    "| --- | --- | --- | --- | --- | --- |",
)


@dataclass(slots=True)
class _Counts:
    """Of one source: the pages that it dates, and all that state it; and how many of their days are right."""

    chosen: int = 0
    right: int = 0
    same: int = 0
    stated: int = 0
    stated_right: int = 0


@dataclass(slots=True)
class DateSources:
    """Counts, over the pages of all folders, what each source says against gold. Each address counts once."""

    _counts: dict[DateSource, _Counts] = field(default_factory=lambda: {source: _Counts() for source in DateSource})
    _seen: set[str] = field(default_factory=set)

    def add(self, url: str, facts: PageFacts, page: Page, gold: date) -> None:
        """Count one page with a gold date."""
        if url in self._seen:
            return
        self._seen.add(url)
        best = published(facts, page)
        if best is not None:
            counts = self._counts[best.source]
            counts.chosen += 1
            counts.right += _is_near(best.day, gold)
            counts.same += best.day == gold
        first: dict[DateSource, date] = {}
        for one in stated_dates(facts, page):
            first.setdefault(one.source, one.day)
        for source, day in first.items():
            self._counts[source].stated += 1
            self._counts[source].stated_right += _is_near(day, gold)

    def table(self) -> str:
        """The counts as a Markdown table, in order of trust; sources that no page has are left out."""
        rows = (
            f"| `{source}` | {one.chosen} | {_share(one.right, one.chosen)} | {_share(one.same, one.chosen)} "
            f"| {one.stated} | {_share(one.stated_right, one.stated)} |"
            for source, one in self._counts.items()
            if one.stated or one.chosen
        )
        return "\n".join([*_HEAD, *rows])


def _is_near(day: date, gold: date) -> bool:
    return abs((day - gold).days) <= 1


def _share(count: int, of: int) -> str:
    return f"{count / of:.3f}" if of else "-"

"""All findings about a lake, by the rules. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transforms.health.disk import DiskSpace, nearly_full
from transforms.health.finding import Finding
from transforms.health.rules import Rules
from transforms.health.runs import FailureDays, failures_jumped, pending_grew, run_too_old
from transforms.health.sources import Source, dropped, silent
from transforms.health.texts import SiteTexts, plainly_built, shortened


@dataclass(frozen=True, slots=True)
class LakeFacts:
    """What the rules judge: the runs that read feeds, and what they wrote.

    All but the age of the newest of them is told as of its start: while none comes, no feed falls silent. `pending` is
    what each run of the last 7 days left over, the newest first; articles are those of the last 24 hours.
    """

    finished_at_us: int
    usual_gap_s: float
    sources: Sequence[Source] = ()
    sites: Sequence[SiteTexts] = ()
    failures: Sequence[FailureDays] = ()
    pending: Sequence[int] = ()
    plain_articles: int = 0
    articles: int = 0
    disk: DiskSpace | None = None


def findings(facts: LakeFacts, rules: Rules, now_us: int) -> list[Finding]:
    """The findings at `now_us`: first the age of the newest run and the disk, then those of `of_lake`."""
    found = (
        run_too_old(facts.finished_at_us, facts.usual_gap_s, rules.last_run, now_us),
        nearly_full(facts.disk, rules.disk) if facts.disk is not None else None,
    )
    return [one for one in found if one is not None] + of_lake(facts, rules)


def of_lake(facts: LakeFacts, rules: Rules) -> list[Finding]:
    """The findings about what the lake holds, as of its newest live run: in the order of the rules, then by subject."""
    found = (
        pending_grew(facts.pending[0], facts.pending[1:], rules.pending) if facts.pending else None,
        plainly_built(facts.plain_articles, facts.articles, rules.plain_pages),
    )
    return [one for one in found if one is not None] + sorted(_of_parts(facts, rules), key=lambda one: one.key)


def _of_parts(facts: LakeFacts, rules: Rules) -> Iterator[Finding]:
    """The findings about single feeds, sites and reasons. A feed that is silent is not told to have dropped as well."""
    for days in facts.failures:
        if (found := failures_jumped(days, rules.failures)) is not None:
            yield found
    yield from of_sources(facts.sources, rules)
    for site in facts.sites:
        if (found := shortened(site, rules.text_length)) is not None:
            yield found


def of_sources(sources: Sequence[Source], rules: Rules) -> Iterator[Finding]:
    """The findings about feeds."""
    for source in sources:
        found = silent(source, rules.silent) or dropped(source, rules.dropped)
        if found is not None:
            yield found

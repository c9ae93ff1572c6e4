"""The sums of a run: each feed, entry and page must end in exactly one outcome, and row counts must agree."""

from __future__ import annotations

from collections.abc import Mapping

SUMS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "feeds in the list",
        ("feeds",),
        (
            "polls.ok",
            "polls.not_modified",
            "polls.failed",
            "polls.offline",
            "polls.not_due",
            "polls.retired",
            "polls.deferred",
            "polls.forgotten",
            "polls.paused",
        ),
    ),
    (
        "entries to decide on",
        ("entries.listed", "entries.pending"),
        (
            "entries.unusable",
            "entries.fetch",
            "entries.known",
            "entries.duplicate_entry",
            "entries.forgotten",
            "entries.dropped",
        ),
    ),
    (
        "entries to fetch",
        ("entries.fetch",),
        ("fetches.page", "fetches.failed", "fetches.retry", "fetches.offline", "fetches.deferred"),
    ),
    (
        "revisits that are due",
        ("revisits.due",),
        (
            "revisits.unchanged",
            "revisits.edited",
            "revisits.moved",
            "revisits.returned",
            "revisits.withdrawn",
            "revisits.failed",
            "revisits.offline",
            "revisits.deferred",
            "revisits.left",
            "revisits.lost",
        ),
    ),
    ("articles found withdrawn", ("revisits.withdrawn",), ("withdrawn.noted", "withdrawn.no_row")),
    (
        "archives of the run",
        ("archives.given",),
        ("archives.read", "archives.failed", "archives.deferred"),
    ),
    (
        "response records",
        ("records.response",),
        (
            "records.page",
            "records.known",
            "records.failed",
            "filtered.hosts",
            "filtered.dates",
            "filtered.languages",
            "filtered.sample",
            "filtered.forgotten",
        ),
    ),
    (
        "pages to build from",
        (
            "fetches.page",
            "records.page",
            "pages.adopted",
            "revisits.edited",
            "revisits.moved",
            "revisits.returned",
            "withdrawn.noted",
        ),
        ("pages.extracted", "failures.extract"),
    ),
    (
        "articles extracted",
        ("pages.extracted",),
        ("articles.article", "articles.unchanged", "articles.same_article", "articles.dropped"),
    ),
    ("feed failures", ("polls.failed", "entries.unusable"), ("failures.feeds",)),
    ("page failures", ("fetches.failed", "fetches.retry", "revisits.failed"), ("failures.pages",)),
    ("archive failures", ("records.failed", "records.broken", "archives.failed"), ("failures.warc",)),
    ("entries left for the next run", ("fetches.retry", "fetches.offline", "fetches.deferred"), ("rows.pending",)),
    ("poll rows", ("polls.asked",), ("rows.feed_polls",)),
    (
        "page rows",
        ("fetches.page", "records.page", "revisits.edited", "revisits.moved", "revisits.returned"),
        ("rows.pages",),
    ),
    ("archive rows", ("archives.read",), ("rows.archives",)),
    ("article rows", ("articles.article",), ("rows.articles",)),
    ("failure rows", ("failures.feeds", "failures.pages", "failures.extract", "failures.warc"), ("rows.failures",)),
)
"""Each sum: its name, the counts of what comes in, and the counts of what it ends in. Both sides must be equal."""


class AccountsError(Exception):
    """The sums of a run do not add up: an element was lost or counted twice, so the run must not be committed."""


def discrepancies(counts: Mapping[str, int], of_old: bool = False) -> list[str]:
    """One line for each sum that does not add up. A missing count is 0.

    `of_old`: the run may be of an earlier version, so a sum is left out if no count of one of its sides is there.
    """
    wrong = []
    for name, terms_in, terms_out in SUMS:
        if of_old and not all(any(term in counts for term in side) for side in (terms_in, terms_out)):
            continue
        came, ended = (sum(counts.get(term, 0) for term in terms) for terms in (terms_in, terms_out))
        if came != ended:
            wrong.append(f"{name}: {_sum(terms_in, counts)} = {came}, but {_sum(terms_out, counts)} = {ended}")
    return wrong


def _sum(terms: tuple[str, ...], counts: Mapping[str, int]) -> str:
    return " + ".join(f"{term} {counts.get(term, 0)}" for term in terms)

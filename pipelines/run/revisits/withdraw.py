"""Drafts of articles that were withdrawn: the latest revision of each, with the instant at which that was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal, TypeAlias

from apache_beam.pvalue import TaggedOutput

from schemas.article import Article
from schemas.draft import Draft
from schemas.fingerprint import Fingerprint
from schemas.page import page_id_of
from schemas.revisit import Withdrawal
from schemas.run import FilePart, Run, Tally
from schemas.site import SitePage
from transforms.compare.copies.stored.stored_history import StoredHistory
from transforms.compare.stories.sketch import sketch_of
from transforms.lake.files.draft_files import withdrawn_drafts
from transforms.lake.revisits.stored import latest_rows
from transforms.lake.state import state_of
from transforms.web.urls import url_key

_Output: TypeAlias = tuple[str, tuple[Run, FilePart]] | TaggedOutput[Literal["facts"], tuple[str, Tally]]


def withdraw(found: tuple[Run, str, Sequence[Withdrawal]]) -> Iterator[_Output]:
    """A draft file with the articles that a shard of a run found withdrawn, to be decided with the run's other drafts;
    and as facts how many there are, and how many have no row any more."""
    run, shard, withdrawals = found
    state = state_of(run)
    at_us = {one.article_id: one.at_us for one in withdrawals}
    history = StoredHistory(state.reader, state.parts.fingerprints, run.copies_since_us)
    former = {one.article_id: one for one in history.by_article(sorted(at_us))}
    rows = latest_rows(state.reader, list(former.values()))
    if rows:
        file = withdrawn_drafts(run, shard)
        for article_id in sorted(rows):
            file.add(withdrawn(rows[article_id], former[article_id], at_us[article_id]))
        yield run.run_id, (run, file.close())
    for name, n in (("noted", len(rows)), ("no_row", len(at_us) - len(rows))):
        if n:
            yield TaggedOutput("facts", (run.run_id, (f"withdrawn.{name}", n)))


def withdrawn(row: Article, former: Fingerprint, at_us: int) -> Draft:
    """The draft of an article that was found withdrawn: its latest row and fingerprint, at another instant.

    No block is told of its site, since no page of it was read.
    """
    page_id = page_id_of(url_key(row.url), at_us)
    article = replace(row, fetched_at_us=at_us, withdrawn_at_us=at_us, ingested_at_us=0, run_id="")
    fingerprint = replace(
        former, page_id=page_id, fetched_at_us=at_us, withdrawn_at_us=at_us, revision=1, cluster_id=None
    )
    site_page = SitePage(page_id, row.article_id, row.publisher_domain, b"", b"", b"", row.publisher_name)
    return Draft(page_id, article, fingerprint, site_page, sketch_of(article, page_id))

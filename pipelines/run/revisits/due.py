"""The revisits that are due in a run, with all that is known of each before it is made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from apache_beam.pvalue import TaggedOutput

from pipelines.run.settings import IngestSettings
from schemas.revisit import REVISITS, DueRevisit, Revisit
from schemas.run import Run, Tally
from schemas.run_shard import RunShard
from transforms.common.blocks import Block, Blocks
from transforms.compare.copies.stored.stored_history import StoredHistory
from transforms.lake.revisits.due import due_revisits
from transforms.lake.revisits.stored import pages_of
from transforms.lake.state import StateBefore, state_of
from transforms.pages.revisit.due_revisit import due_revisit
from transforms.web.politeness.shards import shard_key, shard_of_url

_Output: TypeAlias = (
    tuple[str, RunShard]
    | TaggedOutput[Literal["rows"], tuple[str, Sequence[Any]]]
    | TaggedOutput[Literal["facts"], tuple[str, Tally]]
)


@dataclass(frozen=True, slots=True)
class FindRevisits:
    """Finds what is due in a run, as a step that is built before the run is known. Can be pickled.

    Gives the revisits by the shard of the host to ask, at most `max_revisits` of them; as `rows` those of `revisits`
    that were decided without a request; and as `facts` the number of all.
    """

    settings: IngestSettings

    def __call__(self, run: Run) -> Iterator[_Output]:
        """The revisits of a run."""
        settings, state = self.settings, state_of(run)
        rows = due_revisits(state.reader, run.state.revisits, run.started_at_us, settings.revisit_us)
        if not rows:
            return
        rows, made = _without_adopted(state, rows)
        asked, later = rows[: settings.max_revisits], rows[settings.max_revisits :]
        known = list(_known(run, state, asked))
        lost = {row.article_id for row in asked} - {due.row.article_id for due in known}
        # What it was is not known any more: it can be told neither from an edit nor from what the feed said of it.
        now_us = run.started_at_us
        made += [replace(row, asked_at_us=now_us, until_at_us=now_us) for row in asked if row.article_id in lost]
        blocks = Blocks[DueRevisit](lambda due: due.entry.content_bytes)
        for due in known:
            key = shard_key(run.run_id, shard_of_url(due.url, settings.shards))
            for full, block in blocks.add(key, due):
                yield full, RunShard(run, revisits=block)
        for key, block in blocks.rest():
            yield key, RunShard(run, revisits=block)
        if made:
            yield TaggedOutput("rows", (run.place(REVISITS.name), Block(made)))
        for name, n in (("due", len(rows)), ("left", len(later)), ("lost", len(lost))):
            if n:
                yield TaggedOutput("facts", (run.run_id, (f"revisits.{name}", n)))


def _without_adopted(state: StateBefore, rows: Sequence[Revisit]) -> tuple[list[Revisit], list[Revisit]]:
    """The rows that are still due; and, as they are now, those whose pages a run that died had asked for again."""
    stored: dict[str, int] = {}
    for path in state.parts.adopted_pages:
        for seen in state.seen_in_pages(path):
            stored[seen.url_key] = max(stored.get(seen.url_key, 0), seen.seen_at_us)
    made = {
        row.article_id: replace(row, asked_at_us=at_us, fetched_at_us=at_us, validator_url=None)
        for row in rows
        if (at_us := stored.get(row.url_key, 0)) > (row.asked_at_us or row.first_seen_at_us)
    }
    return [row for row in rows if row.article_id not in made], list(made.values())


def _known(run: Run, state: StateBefore, rows: Sequence[Revisit]) -> Iterator[DueRevisit]:
    """The revisits of which page and former revision are known."""
    pages = pages_of(state.reader, rows)
    history = StoredHistory(state.reader, state.parts.fingerprints, run.copies_since_us)
    found = history.by_article(sorted(pages), with_shingles=False)
    latest = {one.article_id: one for one in found}
    seen = state.seen(sorted({row.url_key for row in rows}))
    for row in rows:
        if row.article_id in latest:
            yield due_revisit(row, pages[row.article_id], latest[row.article_id], seen.get(row.url_key))

"""The revisits that are due in a run, with all that is known of each before it is made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from apache_beam.pvalue import TaggedOutput

from pipelines.run.settings import IngestSettings
from schemas.feed import SAID, FeedEntry
from schemas.fingerprint import Fingerprint
from schemas.page import Page
from schemas.revisit import REVISITS, DueRevisit, Revisit
from schemas.run import Run, Tally
from schemas.run_shard import RunShard
from schemas.state import Seen
from transforms.common.blocks import Block, Blocks
from transforms.compare.copies.stored.stored_history import StoredHistory
from transforms.lake.revisits.due import due_revisits
from transforms.lake.revisits.stored import pages_of
from transforms.lake.state import StateBefore, state_of
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
            yield _due(row, pages[row.article_id], latest[row.article_id], seen.get(row.url_key))


def _due(row: Revisit, page: Page, former: Fingerprint, seen: Seen | None) -> DueRevisit:
    if row.validator_url is not None:
        validators = (row.validator_url, row.etag, row.last_modified)
    else:
        validators = (page.final_url, _header(page, "etag"), _header(page, "last-modified"))
    return DueRevisit(
        row,
        _entry(page, seen),
        page.final_url,
        *validators,
        printed=former.page_hash or former.content_hash,
        is_withdrawn=former.withdrawn_at_us is not None,
    )


def _entry(page: Page, seen: Seen | None) -> FeedEntry:
    """What the feed said when the page was stored, with the update that was remembered since: otherwise the feed's next
    listing would look like news of an edit."""
    said = {name: getattr(page, f"entry_{name}") for name in SAID}
    if seen is not None and seen.updated_us is not None:
        said["updated_us"] = max(seen.updated_us, page.entry_updated_us or seen.updated_us)
    return FeedEntry(page.feed_url, page.entry_id, page.url, page.url_key, page.feed_title, **said)


def _header(page: Page, name: str) -> str | None:
    """A header of the stored answer: its bytes as latin-1 text, as requests send them back."""
    sent = (header.value for header in page.response_headers if header.name.lower() == name)
    kept = (header.value.encode().decode("latin-1") for header in page.headers if header.name == name)
    return next(sent, None) or next(kept, None)

"""What each step of a run does for one piece: the steps of the batch pipeline, fed from files instead of shuffles."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import apache_beam as beam
from apache_beam.pvalue import TaggedOutput

from pipelines.run.acquire_pages import adopted_pages, fetching, pending_entries, polling, selecting
from pipelines.run.build_articles import deciding, extracting
from pipelines.run.ingest import tidied
from pipelines.run.ingest_runs import TARGETS, facts_of_failure, facts_of_stored, feeds_of
from pipelines.run.revisits.due import FindRevisits
from pipelines.run.revisits.withdraw import withdraw
from pipelines.run.settings import IngestSettings
from pipelines.stream.piece import SPREAD, STEPS
from pipelines.stream.piece_files import OpenedRun, Outcome, PieceFiles
from schemas.revisit import REVISITS
from schemas.run import FilePart, Run, RunManifest
from schemas.run_shard import RunShard
from transforms.common.clock import Clock
from transforms.lake.commit_run import CommitRun
from transforms.lake.files.layout import manifest_path
from transforms.lake.run_pages import delete_other_pages, pages_of_shard, stored_keys
from transforms.lake.writing.write_articles import write_articles
from transforms.lake.writing.write_tables import WriteTables
from transforms.web.politeness.shards import shard_key, shard_name, shard_of_url


@dataclass(frozen=True, slots=True)
class RunWork:
    """All that a piece works with: the run, its settings, what earlier steps gave, and the time."""

    opened: OpenedRun
    files: PieceFiles
    shards: int
    clock: Clock

    @property
    def run(self) -> Run:
        """The run."""
        return self.opened.begun.run

    @property
    def settings(self) -> IngestSettings:
        """The run's settings."""
        return self.opened.settings

    def outputs(self, step: str, name: str) -> Iterator[Any]:
        """The elements of one output of all pieces of an earlier step."""
        for outcome in self.outcomes(step):
            yield from outcome.get(name, ())

    def outcomes(self, step: str) -> Iterator[Outcome]:
        """What all pieces of an earlier step gave."""
        return self.files.outcomes(step, self.shards if step in SPREAD else 1)


def do_step(step: str, work: RunWork, number: int) -> Outcome:
    """What piece `number` of a step gives."""
    return _STEPS[step](work, number)


def _poll(work: RunWork, number: int) -> Outcome:
    """Polls the feeds of one shard of hosts."""
    specs = tuple(spec for spec in feeds_of(work.opened.begun).specs if shard_of_url(spec.url, work.shards) == number)
    if not specs:
        return {}
    shard = shard_key(work.run.run_id, number), [RunShard(work.run, specs=specs)]
    worker = _worker()
    work.files.claim("poll", number, worker)
    step = polling(work.settings, work.clock, entry_shards=1, check=partial(_check_claim, "poll", number, worker))
    return _gathered("entries", _results(step.fn, shard))


def _select(work: RunWork, _: int) -> Outcome:
    """Selects which entries are fetched, among those that feeds list and those left over, and what is revisited."""
    due = _gathered("revisits", FindRevisits(work.settings)(work.run)) if work.settings.revisit_us else {}
    pending = _joined(due, _gathered("entries", pending_entries(feeds_of(work.opened.begun), 1)))
    shards = [shard for _, shard in (*work.outputs("poll", "entries"), *pending.get("entries", ()))]
    told: Outcome = {name: pending[name] for name in ("facts", "rows", "revisits") if name in pending}
    if not shards:
        return told
    selected = _results(selecting(work.settings, work.clock).fn, (shard_key(work.run.run_id, 0), shards))
    return _joined(told, _gathered("entries", selected))


def _fetch(work: RunWork, number: int) -> Outcome:
    """Fetches the pages of one shard of hosts, and makes drafts of those stored so far while requests go on."""
    key = shard_key(work.run.run_id, number)
    given = [shard for of, shard in work.outputs("select", "entries") if of == key]
    given += [shard for of, shard in work.outputs("select", "revisits") if of == key]
    given += [shard for of, shard in work.outputs("poll", "memories") if of == key]
    given += [shard for of, shard in adopted_pages(feeds_of(work.opened.begun), work.shards) if of == key]
    worker = _worker()
    is_first_try = work.files.claim("fetch", number, worker)
    stored = [] if is_first_try else pages_of_shard(work.run, shard_name(key), work.clock.now_us())
    if not given and not stored:
        return {}
    fetch = fetching(work.settings, work.clock, check=partial(_check_claim, "fetch", number, worker)).fn
    # The files have names of their own: a worker that was taken for dead may still be writing.
    have = stored_keys(work.run, stored)
    fetched = _results(fetch, (f"{key}-{worker}", _without(work.run, given, have)))
    outcome = _stored_before(work, given, stored, have)
    outcome["tries"] = [] if is_first_try else [number]
    extract = extracting(work.settings, work.clock).fn
    extract.setup()
    try:
        for part in stored:
            _extract(outcome, extract, (work.run, part))
        for name, element in _named("pages", fetched):
            if name == "pages":
                _extract(outcome, extract, element)
            else:
                outcome.setdefault(name, []).append(element)
    finally:
        extract.teardown()
    for name, element in (one for found in outcome.pop("withdrawn", ()) for one in _named("files", withdraw(found))):
        outcome.setdefault(name, []).append(element)
    return outcome


def _stored_before(
    work: RunWork, given: Iterable[RunShard], stored: Iterable[FilePart], have: Container[str]
) -> Outcome:
    """What the try before has done of a piece: the pages that it stored, those of revisits among them."""
    run, now_us = work.run, work.clock.now_us()
    again = [due.row for shard in given for due in shard.revisits if due.row.url_key in have]
    pages = sum(part.rows for part in stored) - len(again)
    counts = {"fetches.page": pages, "revisits.edited": len(again)}
    outcome: Outcome = {"facts": [(run.run_id, tally) for tally in counts.items() if tally[1]]}
    rows = [replace(row, asked_at_us=now_us) for row in again]
    return outcome | ({"rows": [(run.place(REVISITS.name), rows)]} if rows else {})


def _worker() -> str:
    """A name for this try at a piece, in figures, so that it can stand in the names of files."""
    return f"{secrets.randbelow(10**9):09d}"


def _check_claim(step: str, number: int, worker: str, run: Run) -> None:
    """Raise LockLostError if this try at a piece is to end: hosts must not be asked by two workers at once."""
    assert run.generation is not None, "runs of a stream hold a lock"
    PieceFiles(run.output, run.run_id, run.generation).check_claim(step, number, worker)


def _extract(outcome: Outcome, extract: beam.DoFn, page_file: tuple[Run, FilePart]) -> None:
    """Add to `outcome` what becomes of one file of stored pages."""
    for name, element in (*_named("rows", facts_of_stored(page_file)), *_named("files", extract.process(page_file))):
        outcome.setdefault(name, []).append(element)


def _without(run: Run, given: Iterable[RunShard], have: Container[str]) -> list[RunShard]:
    """The work of a shard without the entries and revisits whose pages are there; at least one shard, which may be
    empty."""
    left = [
        replace(
            shard,
            entries=tuple(entry for entry in shard.entries if entry.url_key not in have),
            revisits=tuple(due for due in shard.revisits if due.row.url_key not in have),
        )
        for shard in given
    ]
    return left or [RunShard(run)]


def _decide(work: RunWork, _: int) -> Outcome:
    """Decides all drafts of the run together."""
    files = [file for _, file in work.outputs("fetch", "files")]
    if not files:
        return {}
    return _gathered("selections", _results(deciding(work.settings, work.clock).fn, (work.run.run_id, files)))


def _write(work: RunWork, number: int) -> Outcome:
    """Writes a share of the articles."""
    selections = list(work.outputs("decide", "selections"))[number :: work.shards]
    facts = [(work.run.run_id, fact) for _, (run, rows) in selections for fact in write_articles(run, rows, work.clock)]
    return {"facts": facts}


def _commit(work: RunWork, _: int) -> Outcome:
    """Writes the small tables and the manifest, and tidies up. A run that is committed is only tidied up after."""
    storage, begun = work.files.storage, work.opened.begun
    path = manifest_path(begun.run.run_id)
    if not storage.exists(path):
        told = _joined(*(_told(outcome) for step in STEPS[:-1] for outcome in work.outcomes(step)))
        failed = _joined(*(_gathered("rows", facts_of_failure(one)) for one in told.get("failures", ())))
        told = _joined(told, failed)
        write, facts = WriteTables(TARGETS, work.clock).fn, [fact for _, fact in told.get("facts", ())]
        for target in TARGETS:
            place = begun.run.place(target.table.name)
            blocks = [block for of, block in told.get("rows", ()) if of == place]
            facts += [part for _, part in write.process((place, [begun.run, *blocks]))]
        if told.get("tries"):
            counted = {fact.path for fact in facts if isinstance(fact, FilePart)}
            delete_other_pages(work.run, counted, work.clock.now_us())
        list(CommitRun(work.clock).fn.process((begun.run.run_id, [*facts, (begun.run, begun.manifest)])))
    manifest = RunManifest.from_json(storage.get(path))
    tidied(manifest, storage, begun, work.opened.settings)
    return {}


def _told(outcome: Outcome) -> Outcome:
    """What the end of a run needs of an outcome: the rest, which may be large, is let go."""
    return {name: outcome[name] for name in ("rows", "facts", "failures", "tries") if name in outcome}


_STEPS: Final[Mapping[str, Callable[[RunWork, int], Outcome]]] = {
    "poll": _poll,
    "select": _select,
    "fetch": _fetch,
    "decide": _decide,
    "write": _write,
    "commit": _commit,
}


def _results(step: beam.DoFn, element: Any) -> Iterator[Any]:
    """What a step of the batch pipeline gives for one element."""
    step.setup()
    try:
        yield from step.process(element)
    finally:
        step.teardown()


def _named(main: str, results: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """Each result with the name of its output."""
    for result in results:
        yield (result.tag, result.value) if isinstance(result, TaggedOutput) else (main, result)


def _gathered(main: str, results: Iterable[Any]) -> Outcome:
    outcome: Outcome = {}
    for name, element in _named(main, results):
        outcome.setdefault(name, []).append(element)
    return outcome


def _joined(*outcomes: Outcome) -> Outcome:
    joined: Outcome = {}
    for outcome in outcomes:
        for name, elements in outcome.items():
            joined.setdefault(name, []).extend(elements)
    return joined

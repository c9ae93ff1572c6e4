"""Commits a run: checks its sums and writes its manifest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

import apache_beam as beam
from apache_beam.pvalue import PCollection

from schemas.run import FilePart, Run, RunManifest, Step, StepTime, Tally, iso, joined_steps
from transforms.common.clock import Clock
from transforms.lake.accounts import AccountsError, discrepancies
from transforms.lake.files.layout import manifest_path
from transforms.lake.files.lock import check_lock
from transforms.lake.files.storage import storage_of

Fact = FilePart | StepTime | Tally | tuple[Run, RunManifest]
"""What a manifest is made from: a part that was written, when a step began and ended, a count, or the run with the
manifest it started with."""


class CommitRun(beam.PTransform[PCollection[tuple[str, Fact]], PCollection[str]]):
    """The path of each run's manifest, written once all parts of the run are whole.

    Takes facts by run id; exactly one fact of each run is the manifest that it started with. Raises AccountsError if
    the sums do not add up and LockLostError if another run has taken over: no manifest is written then, so the run has
    not happened. A retry writes the same manifest again, with other times.
    """

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.fn = _CommitFn(clock)

    def expand(self, facts: PCollection[tuple[str, Fact]]) -> PCollection[str]:
        return facts | "GroupByRun" >> beam.GroupByKey() | "Commit" >> beam.ParDo(self.fn)


class _CommitFn(beam.DoFn):
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def process(self, facts: tuple[str, Iterable[Fact]]) -> Iterator[str]:
        began_us = self._clock.now_us()
        tallies: Counter[str] = Counter()
        parts: list[FilePart] = []
        steps: list[StepTime] = []
        begun: list[tuple[Run, RunManifest]] = []
        for fact in facts[1]:
            if isinstance(fact, FilePart):
                parts.append(fact)
            elif isinstance(fact, StepTime):
                steps.append(fact)
            elif isinstance(fact[0], str):
                tallies[fact[0]] += fact[1]
            else:
                begun.append(fact)
        ((run, at_start),) = begun
        manifest = completed(at_start, parts, tallies)
        storage = storage_of(run)
        if run.generation is not None:
            check_lock(storage, run.generation, thoroughly=True)
        path, now_us = manifest_path(manifest.run_id), self._clock.now_us()
        taken = joined_steps((*at_start.steps, *steps, StepTime.between(Step.COMMIT, began_us, now_us)))
        storage.put(path, replace(manifest, finished_at=iso(now_us), steps=taken).to_json())
        yield path


def completed(at_start: RunManifest, parts: list[FilePart], tallies: Counter[str]) -> RunManifest:
    """The manifest with its files and counts; raises AccountsError if the sums do not add up."""
    reasons = {name.removeprefix("reason."): n for name, n in tallies.items() if name.startswith("reason.")}
    counts = Counter({name: n for name, n in tallies.items() if not name.startswith("reason.")})
    counts.update(at_start.counts)
    rows: Counter[str] = Counter()
    for part in parts:
        rows[part.table] += part.rows
    counts.update({f"rows.{table}": n for table, n in rows.items()})
    wrong = discrepancies(counts)
    if wrong:
        raise AccountsError(f"run {at_start.run_id} does not add up:\n  " + "\n  ".join(wrong))
    return replace(
        at_start, counts=dict(counts), reasons=reasons, files=tuple(sorted(parts)), tables=dict(sorted(rows.items()))
    )

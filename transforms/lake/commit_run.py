"""The end of a run: its sums are checked, and its manifest makes it true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection

from schemas.run import FilePart, RunManifest, iso
from transforms.lake.accounts import AccountsError, discrepancies
from transforms.lake.layout import manifest_path
from transforms.lake.lock import check_lock
from transforms.lake.storage import Storage
from transforms.text.clock import Clock

Tally = tuple[str, int]


class CommitRun(beam.PTransform[tuple[PCollection[FilePart], PCollection[Tally]], PCollection[str]]):
    """The path of the manifest, written once all parts of the run are whole.

    Takes the run's parts and its tallies (name, n). Raises AccountsError when the sums do not add up and
    LockLostError when another run has taken over: then there is no manifest and the run has not happened. A retry
    writes the same manifest again.
    """

    def __init__(self, storage: Storage, lock_generation: int, draft: RunManifest, clock: Clock) -> None:
        super().__init__()
        self._fn = _CommitFn(storage, lock_generation, draft, clock)

    def expand(self, inputs: tuple[PCollection[FilePart], PCollection[Tally]]) -> PCollection[str]:
        parts, tallies = inputs
        summed = tallies | "SumTallies" >> beam.CombinePerKey(sum) | "TallyFacts" >> beam.Map(_as_fact)
        files = parts | "FileFacts" >> beam.Map(_as_fact)
        always = parts.pipeline | "Always" >> beam.Create([("", None)])
        return (
            (summed, files, always)
            | "AllFacts" >> beam.Flatten()
            | "Gather" >> beam.GroupByKey()
            | "Commit" >> beam.ParDo(self._fn)
        )


def _as_fact(fact: FilePart | Tally) -> tuple[str, FilePart | Tally]:
    return ("", fact)


class _CommitFn(beam.DoFn):
    def __init__(self, storage: Storage, lock_generation: int, draft: RunManifest, clock: Clock) -> None:
        self._storage = storage
        self._lock_generation = lock_generation
        self._draft = draft
        self._clock = clock

    def process(self, gathered: tuple[str, Iterable[Any]]) -> Iterator[str]:
        facts = list(gathered[1])
        manifest = settled(
            self._draft,
            [fact for fact in facts if isinstance(fact, FilePart)],
            dict(fact for fact in facts if isinstance(fact, tuple)),
        )
        check_lock(self._storage, self._lock_generation)
        path = manifest_path(manifest.run_id)
        self._storage.put(path, replace(manifest, finished_at=iso(self._clock.now_us())).to_json())
        yield path


def settled(draft: RunManifest, parts: list[FilePart], tallies: dict[str, int]) -> RunManifest:
    """The manifest with files and counts filled in; AccountsError when its sums do not add up."""
    reasons = {name.removeprefix("reason."): n for name, n in tallies.items() if name.startswith("reason.")}
    counts = Counter({name: n for name, n in tallies.items() if not name.startswith("reason.")})
    counts.update(draft.counts)
    rows: Counter[str] = Counter()
    for part in parts:
        rows[part.table] += part.rows
    counts.update({f"rows.{table}": n for table, n in rows.items()})
    wrong = discrepancies(counts)
    if wrong:
        raise AccountsError(f"run {draft.run_id} does not add up:\n  " + "\n  ".join(wrong))
    return replace(
        draft, counts=dict(counts), reasons=reasons, files=tuple(sorted(parts)), tables=dict(sorted(rows.items()))
    )

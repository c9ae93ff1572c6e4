"""The end of a run: its sums are checked, and its manifest makes it true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

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
        return (
            inputs
            | "AllFacts" >> beam.Flatten()
            | "Gather" >> beam.CombineGlobally(_GatherFn())
            | "Commit" >> beam.ParDo(self._fn)
        )


Gathered = tuple[dict[str, int], list[FilePart]]


class _GatherFn(beam.CombineFn):
    """Sums tallies by name and lists parts; of no facts at all it makes an empty run's."""

    def create_accumulator(self) -> Gathered:
        return {}, []

    def add_input(self, gathered: Gathered, fact: FilePart | Tally) -> Gathered:
        tallies, parts = gathered
        if isinstance(fact, FilePart):
            parts.append(fact)
        else:
            tallies[fact[0]] = tallies.get(fact[0], 0) + fact[1]
        return gathered

    def merge_accumulators(self, several: Iterable[Gathered]) -> Gathered:
        merged = self.create_accumulator()
        for tallies, parts in several:
            for tally in tallies.items():
                self.add_input(merged, tally)
            merged[1].extend(parts)
        return merged

    def extract_output(self, gathered: Gathered) -> Gathered:
        return gathered


class _CommitFn(beam.DoFn):
    def __init__(self, storage: Storage, lock_generation: int, draft: RunManifest, clock: Clock) -> None:
        self._storage = storage
        self._lock_generation = lock_generation
        self._draft = draft
        self._clock = clock

    def process(self, gathered: Gathered) -> Iterator[str]:
        tallies, parts = gathered
        manifest = settled(self._draft, parts, tallies)
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

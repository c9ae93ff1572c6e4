"""Manifests whose every count is another, so that a value that comes from the wrong one is seen."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from schemas.article import PageKind
from schemas.failure import Reason, Stage
from schemas.run import ATTENTION, FilePart, RunManifest, Step, StepTime
from schemas.tables import DATA, STATE
from transforms.lake.accounts import SUMS

RELATIONS = ("original", "exact", "near", "abridged", "revision")


def full_manifest(run_id: str = "20260302T080000.000000Z", first: int = 1) -> RunManifest:
    """A manifest in which each count is there, and is a number of its own from `first` on. It does not add up."""
    number = count(first)
    terms = dict.fromkeys(term for _, came, ended in SUMS for term in (*came, *ended))
    names: Iterator[str] = iter(
        (
            *terms,
            *(f"relation.{relation}" for relation in RELATIONS),
            *(f"kind.{kind}" for kind in PageKind if kind != PageKind.ARTICLE),
            *ATTENTION,
            "bytes.pages",
            "articles_incomplete",
        )
    )
    day, hour = run_id[:8], run_id[9:11]
    start = f"{day[:4]}-{day[4:6]}-{day[6:]}T{hour}"
    steps = [
        StepTime(str(step), f"{start}:00:{n:02d}.000000Z", f"{start}:00:{n + 2:02d}.500000Z")
        for n, step in enumerate(Step)
    ]
    return RunManifest(
        run_id=run_id,
        command="ingest",
        started_at=f"{start}:00:00.000000Z",
        finished_at=f"{start}:00:30.250000Z",
        settings={},
        versions={},
        counts={name: next(number) for name in names},
        reasons={f"{stage}/{reason}": next(number) for stage in Stage for reason in (Reason.TIMEOUT, Reason.CRASH)},
        files=tuple(
            FilePart(table.name, f"{table.name}/part-{run_id}-{n:05d}.parquet", next(number), next(number))
            for table in (*DATA, *STATE)
            for n in range(2)
        ),
        steps=tuple(steps),
    )

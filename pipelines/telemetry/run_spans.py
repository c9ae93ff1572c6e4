"""A run as spans: one for the run, below it one for each of its steps. Plain Python, without OpenTelemetry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from pipelines.telemetry.names import COMMITTED
from schemas.run import RunManifest, Step

Attribute = str | int

_COUNTS: Final[Mapping[str, tuple[str, ...]]] = {
    Step.POLL: ("polls.", "feeds."),
    Step.SELECT: ("entries.",),
    Step.FETCH: ("fetches.", "bytes."),
    Step.READ: ("archives.", "records.", "filtered.", "bytes."),
    Step.EXTRACT: ("pages.",),
    Step.DECIDE: ("articles.", "relation."),
    Step.WRITE: ("kind.",),
    Step.TABLES: ("rows.",),
}
"""Which counts of a manifest belong to which step, by the beginnings of their names."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Span:
    """One span, from `started_us` to `ended_us`. `error` says why a run was not committed."""

    name: str
    started_us: int
    ended_us: int
    attributes: Mapping[str, Attribute]
    children: tuple[Span, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class TriedRun:
    """How a try at a run ended, as in `RUN_STATUSES`, and why if it failed. `run_id` is None if it had none yet."""

    command: str
    status: str
    started_us: int
    ended_us: int
    run_id: str | None = None
    reason: str = ""

    def settled(self, committed: Sequence[str]) -> TriedRun:
        """The try as it is known once the lake was looked at: a run may be committed, and its command be interrupted
        or fail after that."""
        is_committed = self.run_id in committed and self.status not in COMMITTED
        return replace(self, status="committed") if is_committed else self


def span_of_run(manifest: RunManifest, lake: str) -> Span:
    """The span of a committed run, with its sums as attributes, over those of its steps with theirs."""
    about: dict[str, Attribute] = {"newsbeam.run_id": manifest.run_id, "newsbeam.lake": lake}
    sums: dict[str, Attribute] = {f"newsbeam.counts.{name}": n for name, n in sorted(manifest.counts.items())}
    sums |= {f"newsbeam.failures.{name.replace('/', '.')}": n for name, n in sorted(manifest.reasons.items())}
    status = "attention" if manifest.attention else "committed"
    steps = tuple(
        Span(time.step, _us(time.started_at), _us(time.finished_at), about | _of_step(time.step, sums))
        for time in manifest.steps
    )
    return Span(
        f"newsbeam {manifest.command}",
        _us(manifest.started_at),
        _us(manifest.finished_at),
        about | {"newsbeam.command": manifest.command, "newsbeam.status": status} | sums,
        steps,
    )


def span_of_failure(failed: TriedRun, lake: str) -> Span:
    """The span of a run that was not committed. One that only found the lake taken is no error."""
    about: dict[str, Attribute] = {
        "newsbeam.lake": lake,
        "newsbeam.command": failed.command,
        "newsbeam.status": failed.status,
    }
    if failed.run_id is not None:
        about["newsbeam.run_id"] = failed.run_id
    error = None if failed.status == "locked" else failed.reason or failed.status
    return Span(f"newsbeam {failed.command}", failed.started_us, failed.ended_us, about, error=error)


def _of_step(step: str, sums: Mapping[str, Attribute]) -> dict[str, Attribute]:
    mine = tuple(f"newsbeam.counts.{beginning}" for beginning in _COUNTS.get(step, ()))
    return {name: n for name, n in sums.items() if name.startswith(mine)} if mine else {}


def _us(instant: str) -> int:
    return (datetime.fromisoformat(instant) - _EPOCH) // timedelta(microseconds=1)

"""The exit statuses that each command has, and what they mean."""

from __future__ import annotations

from typing import Final

from pipelines.checks import FINDINGS, INTERRUPTED, LOCKED, LOOK, TERMINATED, UNDELIVERED

MEANINGS: Final = {
    0: "done; of a run: it was committed",
    1: "failed: one line on standard error says why; of a run: nothing was committed, and the next one goes on",
    2: "a mistake in the command line, the settings file or a file that it names; nothing was done",
    LOOK: "done, or committed, but someone should look; what is printed says at what",
    FINDINGS: "`check` has found something",
    UNDELIVERED: "`check` could not deliver its message, whatever it has found",
    LOCKED: "another command is writing to the lake: no mistake, try again when it has ended",
    INTERRUPTED: "interrupted, as by Ctrl-C",
    TERMINATED: "ended by SIGTERM, where the run's job on a cluster had to be ended first",
}
"""Each status, in plain words. A process that was killed by a signal has none of these: shells say 137 or 143."""

_OF_ALL: Final = (0, 1, 2, INTERRUPTED)
_RUNS: Final = (LOOK, LOCKED, TERMINATED)
_OTHERS: Final[dict[str, tuple[int, ...]]] = {
    "ingest": _RUNS,
    "stream": _RUNS,
    "backfill": _RUNS,
    "demo": _RUNS,
    "rebuild": (LOOK, LOCKED),
    "repair": (LOOK, LOCKED),
    "compact": (LOCKED,),
    "retain": (LOCKED,),
    "forget": (LOCKED,),
    "verify": (LOOK,),
    "check": (FINDINGS, UNDELIVERED),
    "export pages": (LOOK,),
    "dedupe": (LOOK,),
}


def statuses_of(command: str) -> tuple[int, ...]:
    """The exit statuses of a command (``ingest``, ``feeds status``), in order."""
    return tuple(sorted((*_OF_ALL, *_OTHERS.get(command, ()))))

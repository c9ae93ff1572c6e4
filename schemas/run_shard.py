"""What one shard of a run is given to work on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from schemas.feed import FeedEntry, FeedSpec
from schemas.host import HostMemory
from schemas.run import Run


@dataclass(frozen=True, slots=True)
class RunShard:
    """A part of a run's work beside the run: what travels between the steps that talk to the network.

    `specs` are feeds to poll, `entries` are to be selected or fetched, `deferred` are entries that a limit keeps from
    being fetched in this run, and `memories` what the run has learned of hosts.
    """

    run: Run
    specs: tuple[FeedSpec, ...] = ()
    entries: tuple[FeedEntry, ...] = ()
    deferred: tuple[FeedEntry, ...] = ()
    memories: tuple[HostMemory, ...] = ()

    @classmethod
    def joined(cls, parts: Iterable[RunShard]) -> RunShard:
        """All that came for one shard as one; at least one part, all of the same run."""
        first, *others = parts
        if not others:
            return first
        every = (first, *others)
        return cls(
            first.run,
            tuple(chain.from_iterable(part.specs for part in every)),
            tuple(chain.from_iterable(part.entries for part in every)),
            tuple(chain.from_iterable(part.deferred for part in every)),
            tuple(chain.from_iterable(part.memories for part in every)),
        )

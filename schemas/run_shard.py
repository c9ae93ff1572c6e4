"""The work of one shard of a run: feeds to poll or entries to fetch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from schemas.feed import FeedEntry, FeedSpec
from schemas.host import HostMemory
from schemas.revisit import DueRevisit
from schemas.run import FilePart, Run


@dataclass(frozen=True, slots=True)
class RunShard:
    """A run and a part of its work; it travels between the steps that talk to the network.

    `specs` are feeds to poll, `entries` are entries to select or fetch, `deferred` are entries that a limit excludes
    from this run, `revisits` are pages to ask for again, `memories` are what the run has learned of hosts, and
    `adopted` are page files of runs that died.
    """

    run: Run
    specs: tuple[FeedSpec, ...] = ()
    entries: tuple[FeedEntry, ...] = ()
    deferred: tuple[FeedEntry, ...] = ()
    memories: tuple[HostMemory, ...] = ()
    adopted: tuple[FilePart, ...] = ()
    revisits: tuple[DueRevisit, ...] = ()

    @classmethod
    def joined(cls, parts: Iterable[RunShard]) -> RunShard:
        """All parts of one shard as one value; `parts` holds at least one, all of the same run."""
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
            tuple(chain.from_iterable(part.adopted for part in every)),
            tuple(chain.from_iterable(part.revisits for part in every)),
        )

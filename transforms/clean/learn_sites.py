"""Furniture learned from the pages of each site, grouped by Beam."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import apache_beam as beam
from apache_beam.pvalue import PCollection, TaggedOutput

from schemas.site import SiteMemory, SitePage
from transforms.clean.site_blocks import learn_site
from transforms.text.clock import Clock

_SHARDS = 16
"""Sites are learned in groups, so that one look into the lake's state serves many."""

MemoryOf = Callable[[Sequence[str]], Mapping[str, SiteMemory]]


class SitesLearned(NamedTuple):
    """(page id, hashes of the blocks that are its site's) for the pages that hold such; the memory of each site."""

    furniture: PCollection[tuple[str, frozenset[int]]]
    memories: PCollection[SiteMemory]


class LearnSites(beam.PTransform[PCollection[SitePage], SitesLearned]):
    """What is furniture on each page, from all pages of its site in the window and the memory of those before.

    Bounded input, or windowed: each window's pages are learned together. Deterministic, whatever the order. One
    memory comes out for each site that has pages, and replaces what `memory_of` gave for it; it counts once it is
    committed. `memory_of` is a picklable look-up of many sites at once.
    """

    def __init__(self, memory_of: MemoryOf, clock: Clock) -> None:
        super().__init__()
        self._fn = _LearnFn(memory_of, clock)

    def expand(self, pages: PCollection[SitePage]) -> SitesLearned:
        outputs = (
            pages
            | "KeyBySite" >> beam.Map(_by_shard)
            | "GroupSites" >> beam.GroupByKey()
            | "Learn" >> beam.ParDo(self._fn).with_outputs("memories", main="furniture")
        )
        return SitesLearned(furniture=outputs.furniture, memories=outputs.memories)


def _by_shard(page: SitePage) -> tuple[int, SitePage]:
    return zlib.crc32(page.site.encode()) % _SHARDS, page


class _LearnFn(beam.DoFn):
    def __init__(self, memory_of: MemoryOf, clock: Clock) -> None:
        self._memory_of = memory_of
        self._clock = clock

    def process(
        self, group: tuple[int, Iterable[SitePage]]
    ) -> Iterator[tuple[str, frozenset[int]] | TaggedOutput[Literal["memories"], SiteMemory]]:
        sites: defaultdict[str, list[SitePage]] = defaultdict(list)
        for page in group[1]:
            sites[page.site].append(page)
        memories: Mapping[str, Any] = self._memory_of(sorted(sites))
        for site, pages in sites.items():
            learned = learn_site(pages, memories.get(site), self._clock.now_us())
            yield from learned.furniture.items()
            yield TaggedOutput("memories", learned.memory)

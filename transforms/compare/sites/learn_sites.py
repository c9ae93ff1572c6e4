"""Learns the furniture of each site, and its publisher's name, from its pages in a run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from schemas.site import SiteMemory, SitePage
from transforms.compare.rounds import ONE_ROUND, Rounds
from transforms.compare.sites.publisher_name import name_of_site
from transforms.compare.sites.site_blocks import learn_site

MemoryOf = Callable[[Sequence[str]], Mapping[str, SiteMemory]]
"""Takes sites and returns what earlier runs learned of them; unknown sites are left out."""


LEARNED_TOGETHER: Final = 50
"""As many pages as a site's memory holds, of which each page fades 2 %: 1 / 0.02."""


class SitesLearned(NamedTuple):
    """For each page with furniture, by page_id, the hashes of its furniture blocks; for each page the publisher's name,
    the site's or else its own; and the new memory of each site."""

    furniture: dict[str, frozenset[int]]
    names: dict[str, str | None]
    memories: list[SiteMemory]


def learn_sites(
    pages: Iterable[SitePage], memory_of: MemoryOf, now_us: int, rounds: Rounds = ONE_ROUND
) -> SitesLearned:
    """The furniture of each page and the name of its publisher, learned from all pages of its site in the run and from
    the memory of earlier runs.

    The order of the pages does not matter. Each site with pages gets one new memory, learned at `now_us`; it replaces
    the memory that `memory_of` gave. Where several `rounds` are decided together, a site's pages are learned from in
    order of time, `LEARNED_TOGETHER` of them or more at once: so its first pages are known by those that follow, and
    what the site printed long before or after says nothing of a page.
    """
    sites: defaultdict[str, list[SitePage]] = defaultdict(list)
    for page in pages:
        sites[page.site].append(page)
    known = memory_of(sorted(sites))
    furniture: dict[str, frozenset[int]] = {}
    names: dict[str, str | None] = {}
    memories = []
    for site in sorted(sites):
        memory = known.get(site)
        for some in _together(sites.pop(site), rounds):
            learned = learn_site(some, memory, now_us)
            furniture.update(learned.furniture)
            memory = learned.memory
            name = name_of_site(memory.names)
            names.update((page.page_id, name or page.publisher_name) for page in some)
        if memory is not None:
            memories.append(memory)
    return SitesLearned(furniture, names, memories)


def _together(pages: Sequence[SitePage], rounds: Rounds) -> Iterator[list[SitePage]]:
    """Pages in order of time, in groups of whole rounds; a rest that is too small stays with the group before it."""
    by_round: dict[int, list[SitePage]] = {}
    for page in pages:
        by_round.setdefault(rounds.of(page.page_id).number, []).append(page)
    rest = len(pages)
    group: list[SitePage] = []
    for number in sorted(by_round):
        group += by_round[number]
        rest -= len(by_round[number])
        if len(group) >= LEARNED_TOGETHER and rest >= LEARNED_TOGETHER:
            yield group
            group = []
    if group:
        yield group

"""Furniture learned from the pages of each site in a run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from schemas.site import SiteMemory, SitePage
from transforms.compare.sites.site_blocks import learn_site

MemoryOf = Callable[[Sequence[str]], Mapping[str, SiteMemory]]
"""Sites to what earlier runs learned of them; unknown sites are left out."""


class SitesLearned(NamedTuple):
    """The hashes of the blocks that are its site's, for each page that holds such; and the memory of each site."""

    furniture: dict[str, frozenset[int]]
    memories: list[SiteMemory]


def learn_sites(pages: Iterable[SitePage], memory_of: MemoryOf, now_us: int) -> SitesLearned:
    """What is furniture on each page, from all pages of its site in the run and the memory of those before.

    The order of the pages does not matter. One memory comes out for each site that has pages, learned at `now_us`, and
    replaces what `memory_of` gave for it.
    """
    sites: defaultdict[str, list[SitePage]] = defaultdict(list)
    for page in pages:
        sites[page.site].append(page)
    known = memory_of(sorted(sites))
    furniture: dict[str, frozenset[int]] = {}
    memories = []
    for site in sorted(sites):
        learned = learn_site(sites[site], known.get(site), now_us)
        furniture.update(learned.furniture)
        memories.append(learned.memory)
    return SitesLearned(furniture, memories)

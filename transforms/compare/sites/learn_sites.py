"""Learns the furniture of each site from its pages in a run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from schemas.site import SiteMemory, SitePage
from transforms.compare.sites.site_blocks import learn_site

MemoryOf = Callable[[Sequence[str]], Mapping[str, SiteMemory]]
"""Takes sites and returns what earlier runs learned of them; unknown sites are left out."""


class SitesLearned(NamedTuple):
    """For each page with furniture, by page_id, the hashes of its furniture blocks; and the new memory of each site."""

    furniture: dict[str, frozenset[int]]
    memories: list[SiteMemory]


def learn_sites(pages: Iterable[SitePage], memory_of: MemoryOf, now_us: int) -> SitesLearned:
    """The furniture of each page, learned from all pages of its site in the run and from the memory of earlier runs.

    The order of the pages does not matter. Each site with pages gets one new memory, learned at `now_us`; it replaces
    the memory that `memory_of` gave.
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

"""Learns a site's furniture: blocks that stand on several of its pages and belong to none of their stories.

General rules know "Leave a Reply" and the model knows where menus stand, but neither can know that a paper closes each
report with "Got a tip? Text the night desk". The site's other pages show it: a block that stands on two other pages is
furniture. Three rules keep stories safe.

*A repetition is not another page.* An agency's text may be printed at many addresses of one site, an article be
published again, a live blog grow. A page that shares more than half of its text with what the site printed before is no
evidence: its blocks are remembered, but not counted again.

*A story's own paragraphs stay.* Desks repeat paragraphs of background. A block that reads as a paragraph and stands
between the page's own paragraphs is removed only if it stands on a quarter of the site's pages.

*A page is never emptied.* If no paragraph of its own would remain, all blocks stay.

Known weak cases: background that three pages repeat as their last paragraph is removed (and kept in `removed`).
Furniture that is longer than the stories above it makes each page a repetition, and is not learned. A line that changes
from page to page (a date, a count) is not learned either.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.article import Article, RemovalReason, Removed
from schemas.site import NameCount, SiteMemory, SitePage
from transforms.compare.sites.publisher_name import counted_names
from transforms.text.body_blocks import without_lines
from transforms.text.lines import BodyLine, body_lines

Hashes = NDArray[np.uint64]

_DECAY: Final = 0.98
"""Each page of a site reduces the counts of earlier pages by 2 %. Half is gone after 34 pages, so a redesign is
learned within about fifty pages, and a line on every tenth page is still known (0.1 / 0.02 = 5)."""

_OTHER_PAGES: Final = 1.5
"""The count of a block that makes it furniture: two other pages, the older at most 34 pages ago (1 + 0.5)."""

_OFTEN: Final = 4.0
_OFTEN_SHARE: Final = 0.25
_FORGOTTEN: Final = 0.5
_MAX_BLOCKS: Final = 4096
"""The most blocks remembered of a site (48 KiB), the most frequent first; room for 160 pages' blocks seen once."""


class Learned(NamedTuple):
    """For each page with furniture, by page_id, the hashes of its furniture blocks; and the site's new memory."""

    furniture: Mapping[str, frozenset[int]]
    memory: SiteMemory


def site_page(page_id: str, article: Article) -> SitePage:
    """The blocks of an article, from which its site's furniture is learned."""
    blocks = body_lines(article.article_body)
    return SitePage(
        page_id=page_id,
        article_id=article.article_id,
        site=article.publisher_domain,
        blocks=np.array([block_hash(block) for block in blocks], dtype="<u8").tobytes(),
        sizes=np.array([len(block.text) for block in blocks], dtype="<u4").tobytes(),
        stories=bytes(block.is_story for block in blocks),
        publisher_name=article.publisher_name,
    )


def hashes_of(article_id: str, text: str) -> frozenset[int]:
    """The hashes that the memory of a site may have of one article: of its id and of its lines."""
    return frozenset({_hash(article_id), *map(block_hash, body_lines(text))})


def block_hash(block: BodyLine) -> int:
    """A hash of a block's words, whatever their case and punctuation; of its text if it has no words."""
    return _hash(" ".join(block.words) or block.text)


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def learn_site(pages: Sequence[SitePage], before: SiteMemory | None, now_us: int) -> Learned:
    """The furniture on these pages of one site, and the site's new memory.

    `pages` are the site's pages of one run, or of one window of a stream: at least one, in any order.
    """
    articles = _articles(pages)
    known, seen_pages = _faded_counts(before, len(articles))
    printed = Counter(block for sizes in articles.values() for block in sizes)
    again = {name for name, sizes in articles.items() if _is_repetition(name, sizes, known, printed)}
    fresh = Counter(block for name, sizes in articles.items() if name not in again for block in sizes)
    counted = _Counted(known, fresh, again, seen_pages + len(articles))
    furniture = {page.page_id: found for page in pages if (found := counted.furniture(page, articles[page.article_id]))}
    names = _names(pages, before, _DECAY ** len(articles))
    return Learned(furniture, _remembered(pages[0].site, articles, counted, names, now_us))


def _names(pages: Sequence[SitePage], before: SiteMemory | None, faded: float) -> tuple[NameCount, ...]:
    stated = {page.article_id: page.publisher_name for page in sorted(pages, key=lambda page: page.page_id)}
    return counted_names(stated.values(), before.names if before else (), faded)


def _articles(pages: Sequence[SitePage]) -> dict[str, dict[int, int]]:
    """The blocks of each article and their sizes, from all of its pages in the run."""
    articles: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for page in pages:
        articles[page.article_id].update(
            zip(_hashes(page.blocks).tolist(), np.frombuffer(page.sizes, dtype="<u4").tolist(), strict=True)
        )
    return articles


def _hashes(stored: bytes) -> Hashes:
    return np.frombuffer(stored, dtype="<u8")


def _faded_counts(before: SiteMemory | None, new_pages: int) -> tuple[dict[int, float], float]:
    if before is None:
        return {}, 0.0
    faded = _DECAY**new_pages
    counts = (np.frombuffer(before.counts, dtype="<f4") * faded).tolist()
    return dict(zip(_hashes(before.blocks).tolist(), counts, strict=True)), before.pages * faded


def _is_repetition(
    article_id: str, sizes: Mapping[int, int], known: Mapping[int, float], printed: Mapping[int, int]
) -> bool:
    shared = sum(size for block, size in sizes.items() if block in known or printed[block] > 1)
    return _hash(article_id) in known or 2 * shared > sum(sizes.values())


class _Counted(NamedTuple):
    known: Mapping[int, float]
    fresh: Mapping[int, int]
    repetitions: set[str]
    pages: float

    def furniture(self, page: SitePage, sizes: Mapping[int, int]) -> frozenset[int]:
        """The hashes of the blocks of a page that are furniture."""
        blocks = _hashes(page.blocks).tolist()
        stories = [bool(story) for story in page.stories]
        others = [self._other_pages(page.article_id, block) for block in blocks]
        shared = [count >= _OTHER_PAGES for count in others]
        own = [number for number, is_story in enumerate(stories) if is_story and not shared[number]]
        if not own or not any(shared):
            return frozenset()
        often = max(_OFTEN, _OFTEN_SHARE * self.pages)
        return frozenset(
            block
            for number, block in enumerate(blocks)
            if shared[number] and not (stories[number] and own[0] < number < own[-1] and others[number] < often)
        )

    def _other_pages(self, article_id: str, block: int) -> float:
        earlier = self.known.get(block, 0.0)
        own_earlier = min(earlier, self.known.get(_hash(article_id), 0.0))
        own_now = 0 if article_id in self.repetitions else 1
        return earlier - own_earlier + max(0, self.fresh.get(block, 0) - own_now)


def _remembered(
    site: str,
    articles: Mapping[str, Mapping[int, int]],
    counted: _Counted,
    names: tuple[NameCount, ...],
    now_us: int,
) -> SiteMemory:
    counts: dict[int, float] = {block: count for block, count in counted.known.items() if count >= _FORGOTTEN}
    for block, count in counted.fresh.items():
        counts[block] = counts.get(block, 0.0) + count
    for name, sizes in articles.items():
        counts[_hash(name)] = 1.0
        if name in counted.repetitions:
            counts.update({block: max(1.0, counts.get(block, 0.0)) for block in sizes})
    kept = sorted(sorted(counts, key=lambda block: (-counts[block], block))[:_MAX_BLOCKS])
    return SiteMemory(
        site=site,
        pages=counted.pages,
        blocks=np.array(kept, dtype="<u8").tobytes(),
        counts=np.array([counts[block] for block in kept], dtype="<f4").tobytes(),
        learned_at_us=now_us,
        names=names,
    )


def without_site_blocks(article: Article, furniture: frozenset[int]) -> Article:
    """The article without the blocks of these hashes, which are moved to `removed`."""
    gone = {block.line: block.text for block in body_lines(article.article_body) if block_hash(block) in furniture}
    taken = tuple(Removed(text, str(RemovalReason.SITE)) for text in gone.values())
    recovered = tuple(text for text in article.recovered if text not in gone.values())
    return replace(without_lines(article, gone), removed=article.removed + taken, recovered=recovered)

"""Pages with gold data as training data of the two models of text blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from lxml.html import HtmlElement

from benchmarks.block_labels import block_labels
from benchmarks.pages import PageSet, address, page_f1, words_of
from benchmarks.passages import has_passages, passage_labels
from transforms.extract.body.alone import nothing_covered, prose_window
from transforms.extract.body.features.block_features import block_features, measured
from transforms.extract.body.features.block_table import Floats
from transforms.extract.body.isolate import page_blocks, picked, scored_window
from transforms.extract.body.other_stories import other_stories
from transforms.extract.body.seed import Seed, fast_seed, is_trusted, slow_seed
from transforms.extract.facts.page_facts import page_facts
from transforms.extract.lines.lines import lines_of
from transforms.extract.page.story_tree import into_story_tree
from transforms.extract.page.text_blocks import TextBlock
from transforms.extract.parsing.parse import parse_page
from transforms.text.charset import decode_body
from transforms.web.urls import registrable_domain

_LEAST_F1 = 0.8
"""A page whose blocks cannot make up its gold text better than so teaches nothing: the gold text is of another page."""

_SMALLEST_PAGE = 30
_LARGEST_SHARE = 0.5
_BELONGS = 0.5


class Rows(NamedTuple):
    """The features of some blocks of a page and their names, the blocks' labels, and the weight of each error."""

    features: Floats
    names: tuple[str, ...]
    labels: Floats
    weights: Floats


@dataclass(frozen=True, slots=True)
class Sample:
    """A page as training data of both models; `alone` is None where nothing on it reads as prose."""

    site: str
    alone: Rows | None
    seeded: Rows


def samples_of(sets: Sequence[PageSet]) -> list[Sample]:
    """The pages of all sets, without those that have no block or another page's gold text."""
    found = (_sample(pages, page_id, body) for pages in sets for page_id, body in pages.bodies.items())
    return [sample for sample in found if sample is not None]


def site_of(pages: PageSet, page_id: str) -> str:
    """The domain of a page's address: equal in all folders, whatever their ids and gold data call the publisher."""
    return registrable_domain(address(pages, page_id))


def _sample(pages: PageSet, page_id: str, body: bytes) -> Sample | None:
    url, tree = address(pages, page_id), parse_page(decode_body(body, None)[0])
    if tree is None:
        return None
    facts = page_facts(tree, url)
    root = into_story_tree(tree, other_stories(tree, facts, url)).root
    blocks = page_blocks(root)
    if not blocks:
        return None
    seed = _seed(root, url, blocks)
    label, weight = _judged(pages, page_id, blocks, seed)
    if not has_passages(pages.rows) and _attainable_f1(blocks, label, pages.gold[page_id]) < _LEAST_F1:
        return None
    is_known = ~np.isnan(label)
    prose = prose_window(blocks)
    known = measured(blocks, facts, prose)

    def rows(covered: Floats, window: slice) -> Rows:
        features, names = block_features(known, covered, window)
        told = is_known[window]
        return Rows(features[told], names, label[window][told], weight[window][told])

    alone = None if prose.start == prose.stop else rows(nothing_covered(blocks), prose)
    return Sample(site_of(pages, page_id), alone, rows(seed.coverage, scored_window(seed.coverage)))


def _seed(root: HtmlElement, url: str, blocks: Sequence[TextBlock]) -> Seed:
    fast = fast_seed(root, url, blocks)
    return fast if is_trusted(fast, blocks) else slow_seed(root, url, blocks)


def _attainable_f1(blocks: Sequence[TextBlock], labels: Floats, gold: str) -> float:
    """The F1 of the text of the blocks that belong to the article by their labels."""
    return page_f1(gold, "\n".join(line.text for line in lines_of(picked(blocks, labels >= _BELONGS))))


def _judged(pages: PageSet, page_id: str, blocks: Sequence[TextBlock], seed: Seed) -> tuple[Floats, Floats]:
    """The label of each block, NaN where nothing is known of it, and what a wrong label costs the page's F1."""
    if has_passages(pages.rows):
        labels = passage_labels(blocks, pages.rows[page_id], seed)
        words = [len(words_of(block.text)) for block in blocks]
        article = len(words_of(seed.text))
    else:
        labels, words = block_labels([block.text for block in blocks], pages.gold[page_id])
        article = sum(size * label for size, label in zip(words, labels, strict=True))
    return np.array(labels, dtype=np.float32), _weights(words, article)


def _weights(words: Sequence[int], article: float) -> Floats:
    """What a wrong label of each block costs the page's F1: its share of the article's words, at most half."""
    size = np.array(words, dtype=np.float32)
    return np.minimum((size + 1.0) / (article + _SMALLEST_PAGE), _LARGEST_SHARE) * 100

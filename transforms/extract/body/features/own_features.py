"""The features of a window's blocks by themselves, of which another window of the same page can take its part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from transforms.extract.body.features.block_words import OWN_NAMES, Columns, own_columns
from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.page.text_blocks import TextBlock, sentences


class OwnFeatures(NamedTuple):
    """The features (features × blocks) and the sentences of the blocks of a window."""

    window: slice
    columns: Columns
    told: list[list[str]]

    def told_twice(self) -> Columns:
        """The share of each block's sentences that other blocks of the window tell too."""
        seen = Counter(chain.from_iterable(map(frozenset, self.told)))
        twice = frozenset([sentence for sentence, times in seen.items() if times > 1])
        return np.array([_share(one, twice) for one in self.told])

    def of(self, window: slice, blocks: Sequence[TextBlock], facts: PageFacts) -> OwnFeatures:
        """The same for another window of the page with these blocks: what both windows share is not read again."""
        start, stop = max(window.start, self.window.start), min(window.stop, self.window.stop)
        if start >= stop:
            return own_features(blocks, window, facts)
        shared = slice(start - self.window.start, stop - self.window.start)
        columns, told, before = self.columns[:, shared], self.told[shared], start - window.start
        missing = [*blocks[window.start : start], *blocks[stop : window.stop]]
        if missing:
            new, new_told = own_columns(blocks, missing, facts), _told(missing)
            columns = np.concatenate((new[:, :before], columns, new[:, before:]), axis=1)
            told = [*new_told[:before], *told, *new_told[before:]]
        return OwnFeatures(window, columns, told)


def own_features(blocks: Sequence[TextBlock], window: slice, facts: PageFacts) -> OwnFeatures:
    """The features of each block of the window; their names are `OWN_NAMES`."""
    judged = blocks[window]
    columns = own_columns(blocks, judged, facts) if judged else np.zeros((len(OWN_NAMES), 0))
    return OwnFeatures(window, columns, _told(judged))


def _told(judged: Sequence[TextBlock]) -> list[list[str]]:
    return [sentences(block.text) for block in judged]


def _share(told: Sequence[str], twice: frozenset[str]) -> float:
    chars = sum([len(sentence) for sentence in told if sentence in twice])
    return chars / sum(map(len, told)) if chars else 0.0

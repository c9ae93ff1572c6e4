"""Captions of pictures, and posts shown from social networks, among the blocks that a model takes for the text.

A caption belongs to its picture, which the text does without. Templates say so by the element or its class. Of posts
only those count that carry their network's own mark for embedding.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.extract.body.features.block_words import HEADINGS
from transforms.extract.page.text_blocks import Place, TextBlock
from transforms.text.agency_names import load_agencies

Flags = NDArray[np.bool_]

_MOST_CHARS: Final = 600
"""A longer caption holds a text of its own."""

_MOST_SHARE: Final = 1 / 3
"""Where more of a text are captions, it is told by them: the text of a gallery."""

_NEAR_PLACES: Final = 3
_CAPTION_WORDS: Final = frozenset(
    "caption captions imagecaption photocaption picturecaption figcaption imgcaption bildunterschrift bildtext "
    "bildlegende didascalia imgdesc imagedescription".split()
)
_IMAGE_WORDS: Final = frozenset("image images img imginline imagebox imgbox picture photo foto bild".split())
_SHOWING: Final = frozenset(("figure", "figcaption", "table", "caption", "tr", "td", "tfoot"))
_CHART_WORDS: Final = frozenset("chart charts infographic infographics graphic diagram datawrapper flourish".split())
_LABEL_CHARS: Final = 40
_BODY_WORDS: Final = frozenset("content body text article post".split())
_SHOWN: Final = re.compile(r"\b(?:fb-post|fb-video|fb-xfbml-parse-ignore|instagram-media|tiktok-embed)\b")


def stand_by_pictures(blocks: Sequence[TextBlock], chosen: Flags) -> Flags:
    """Which of the chosen blocks are captions or shown posts. Linear in the number of blocks."""
    captions = np.zeros(len(blocks), dtype=np.bool_)
    numbers: list[int] = np.flatnonzero(chosen).tolist()
    found = [number for number in numbers if _stands_by_picture(blocks[number])]
    if _chars(found, blocks) <= _MOST_SHARE * _chars(numbers, blocks):
        captions[found] = True
    return captions


def sources_by_pictures(blocks: Sequence[TextBlock]) -> frozenset[str]:
    """The texts of blocks that name the source of a picture, chart or table ("Source: AFP") by what they stand in, and
    that stand nowhere else."""
    agencies = load_agencies()
    found = [block for block in blocks if ":" in block.text[:_LABEL_CHARS] or "：" in block.text[:_LABEL_CHARS]]
    found = [block for block in found if agencies.opens_credit(block.text.replace("：", ":"))]
    shown = frozenset(block.text for block in found if _shows_source(block))
    return shown and shown - frozenset(block.text for block in found if not _shows_source(block))


def _shows_source(block: TextBlock) -> bool:
    near = _near(block.place)
    return any(one.tag in _SHOWING or not _CHART_WORDS.isdisjoint(one.words) for one in near) or _is_caption(near)


def _chars(numbers: Sequence[int], blocks: Sequence[TextBlock]) -> int:
    return sum(len(blocks[number].text) for number in numbers)


def _stands_by_picture(block: TextBlock) -> bool:
    near = _near(block.place)
    may_be_caption = block.place.tag not in HEADINGS and len(block.text) <= _MOST_CHARS
    return (may_be_caption and _is_caption(near)) or any(one.names and _is_shown(one.names) for one in near)


def _is_caption(near: Sequence[Place]) -> bool:
    """Whether a place, the first of these, is a caption's. The others are those around it."""
    words = near[0].words
    if any(one.tag == "figcaption" for one in near) or any(_is_named_caption(one) for one in near[:2]):
        return True
    return not _IMAGE_WORDS.isdisjoint(words) and _BODY_WORDS.isdisjoint(words)


def _is_named_caption(place: Place) -> bool:
    return not _CAPTION_WORDS.isdisjoint(place.words)


@lru_cache(maxsize=4096)
def _is_shown(names: str) -> bool:
    return _SHOWN.search(names) is not None


def _near(place: Place) -> list[Place]:
    """A place and the next ones around it."""
    near: list[Place] = []
    here: Place | None = place
    while here is not None and len(near) < _NEAR_PLACES:
        near.append(here)
        here = here.holder
    return near

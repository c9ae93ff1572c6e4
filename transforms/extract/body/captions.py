"""Captions of pictures, and posts shown from social networks, among the blocks that a model takes for the text.

A caption belongs to its picture, which the text does without. Templates say so by the element or its class. Of posts
only those count that carry their network's own mark for embedding.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.extract.page.text_blocks import Place, TextBlock

Flags = NDArray[np.bool_]

_MOST_CHARS: Final = 600
"""A longer caption holds a text of its own."""

_MOST_SHARE: Final = 1 / 3
"""Where more of a text are captions, it is told by them: the text of a gallery."""

_NEAR_PLACES: Final = 3
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_CAPTION_WORDS: Final = frozenset(
    "caption captions imagecaption photocaption picturecaption figcaption imgcaption bildunterschrift bildtext "
    "bildlegende didascalia imgdesc imagedescription".split()
)
_IMAGE_WORDS: Final = frozenset("image images img imginline imagebox imgbox picture photo foto bild".split())
_BODY_WORDS: Final = frozenset("content body text article post".split())
_SHOWN: Final = re.compile(r"\b(?:fb-post|fb-video|fb-xfbml-parse-ignore|instagram-media|tiktok-embed)\b")


def stand_by_pictures(blocks: Sequence[TextBlock], chosen: Flags) -> Flags:
    """Which of the chosen blocks are captions or shown posts. Linear in the number of blocks."""
    captions = np.zeros(len(blocks), dtype=np.bool_)
    numbers: list[int] = np.flatnonzero(chosen).tolist()
    found = [number for number in numbers if _is_caption(blocks[number]) or _is_shown(blocks[number].place)]
    if _chars(found, blocks) <= _MOST_SHARE * _chars(numbers, blocks):
        captions[found] = True
    return captions


def _chars(numbers: Sequence[int], blocks: Sequence[TextBlock]) -> int:
    return sum(len(blocks[number].text) for number in numbers)


def _is_caption(block: TextBlock) -> bool:
    place = block.place
    if place.tag in _HEADINGS or len(block.text) > _MOST_CHARS:
        return False
    if not _CAPTION_WORDS.isdisjoint(place.words) or any(one.tag == "figcaption" for one in _near(place)):
        return True
    if place.holder is not None and not _CAPTION_WORDS.isdisjoint(place.holder.words):
        return True
    return not _IMAGE_WORDS.isdisjoint(place.words) and _BODY_WORDS.isdisjoint(place.words)


def _is_shown(place: Place) -> bool:
    return any(_SHOWN.search(one.names) for one in _near(place))


def _near(place: Place) -> list[Place]:
    """A place and the next ones around it."""
    near: list[Place] = []
    here: Place | None = place
    while here is not None and len(near) < _NEAR_PLACES:
        near.append(here)
        here = here.holder
    return near

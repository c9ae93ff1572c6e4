"""All that leaves the text by its form, whatever the model says, besides what points to other articles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from transforms.extract.body.known_out.captions import stand_by_pictures
from transforms.extract.body.known_out.dated_lists import dated_lists
from transforms.extract.body.known_out.named_boxes import stand_in_named_boxes
from transforms.extract.body.known_out.popups import stand_in_popups
from transforms.extract.body.known_out.told_again import told_again
from transforms.extract.page.text_blocks import TextBlock


def known_out(blocks: Sequence[TextBlock], chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which of the chosen blocks are captions, shown posts, lists of other news, comments, popups, boxes about authors,
    calls to buy or subscribe, or a second copy of the story. Linear in the number of blocks."""
    return (
        stand_by_pictures(blocks, chosen)
        | dated_lists(blocks, chosen)
        | stand_in_popups(blocks, chosen)
        | stand_in_named_boxes(blocks, chosen)
        | told_again(blocks, chosen)
    )

"""How the indexes of the state's merged parts are made, for each table that has them."""

from __future__ import annotations

from typing import Final

from schemas.fingerprint import FINGERPRINTS
from schemas.state import SEEN
from schemas.story import STORIES
from transforms.compare.copies.stored.index_entries import fingerprint_index
from transforms.compare.stories.sketch_index import story_index
from transforms.lake.index.part_index import Indexes
from transforms.lake.state import seen_index

INDEXES: Final[Indexes] = {
    SEEN.name: seen_index,
    FINGERPRINTS.name: fingerprint_index,
    STORIES.name: story_index,
}

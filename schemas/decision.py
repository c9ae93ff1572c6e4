"""What was decided of the drafts that become articles, and where they stand."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

SELECTION: Final = pa.schema(
    [
        pa.field("file", pa.string(), nullable=False),
        pa.field("row", pa.int32(), nullable=False),
        pa.field("partition", pa.string(), nullable=False),
        pa.field("shard", pa.string(), nullable=False),
        pa.field("revision", pa.int32(), nullable=False),
        pa.field("cluster_id", pa.string()),
        pa.field("relation", pa.string()),
        pa.field("duplicate_of", pa.string()),
        pa.field("similarity", pa.float64()),
        pa.field("story_id", pa.string()),
    ]
)
"""Drafts to write: the row of the draft file, the part to write it to, and the article's columns that were decided."""

DECIDED: Final = ("revision", "cluster_id", "relation", "duplicate_of", "similarity", "story_id")
"""The columns of articles that are known only when a run's drafts have met."""

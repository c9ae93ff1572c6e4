"""The decisions on a run's drafts: which become articles, and with what revision, cluster and story."""

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
        pa.field("publisher_name", pa.string()),
    ]
)
"""One row for each draft to write: its draft file and row, the part to write it to, and its columns in `DECIDED`."""

DECIDED: Final = ("revision", "cluster_id", "relation", "duplicate_of", "similarity", "story_id", "publisher_name")
"""The columns of `articles` that can be set only after all drafts of a run have been compared."""

"""What a lake knows of a page that an archive holds too."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from schemas.run import Run
from tests.rows import NOON_US
from transforms.lake.captured.captures import Captures
from transforms.lake.committed import committed
from transforms.lake.files.storage import Storage
from transforms.lake.state import state_parts

OLD_LAKE = Path(__file__).resolve().parents[2] / "lakes/0.1.0"


def test_what_feeds_said_of_pages_is_found_also_in_files_that_lack_later_columns() -> None:
    tables = [pq.read_table(file) for file in OLD_LAKE.glob("pages/*/*.parquet")]
    assert all("entry_usage" not in table.column_names for table in tables)
    stored = sorted((row for table in tables for row in table.to_pylist()), key=lambda row: str(row["fetched_at"]))
    newest = {row["url_key"]: (row["entry_title"], tuple(row["entry_authors"]), ()) for row in stored}
    run = Run("run", NOON_US, str(OLD_LAKE), state=state_parts(committed(Storage(str(OLD_LAKE)))))
    entries = Captures(run).entries(sorted(newest))
    assert {key: (entry.title, entry.authors, entry.usage) for key, entry in entries.items()} == newest

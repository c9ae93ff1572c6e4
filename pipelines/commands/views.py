"""``newsbeam views``: prints DuckDB views of the lake's tables, as ``lake.duckdb`` holds them."""

from __future__ import annotations

import argparse

from pipelines.given.lakes import lake_at, reading_lake, runs_of
from transforms.lake.committed import committed
from transforms.lake.views import views_sql


def views(given: argparse.Namespace) -> int:
    """0, after printing the views as SQL statements."""
    with reading_lake():
        storage = lake_at(given.output)
        runs_of(storage, given.output)  # else a mistyped folder would look like an empty lake
        print("\n".join(views_sql(committed(storage), given.output)))
    return 0

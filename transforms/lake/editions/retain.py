"""Drops whole partitions of the tables that are older than they are to be kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from schemas.run import RunManifest
from schemas.table import day_of
from schemas.tables import DATA
from transforms.common.clock import DAY_US
from transforms.lake.committed import committed
from transforms.lake.editions.edition import open_edition
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import Storage


class Expired(NamedTuple):
    """The files of one partition that is older than its table's limit."""

    table: str
    partition: str
    paths: tuple[str, ...]
    rows: int
    size_bytes: int


def expired(storage: Storage, now_us: int, days_by_table: Mapping[str, int]) -> list[Expired]:
    """The partitions whose day, in UTC, lies more than the given days before today; ordered by table and day.

    Tables that are not named are kept whole. With 1 day, today and yesterday stay.
    """
    held, reader, found = committed(storage), PartReader(storage), []
    for table in DATA:
        if table.name not in days_by_table:
            continue
        oldest = day_of(now_us - days_by_table[table.name] * DAY_US)
        stats, by_day = storage.stats(table.name), dict[str, list[str]]()
        for path in held.among(sorted(stats)):
            day = path.split("/")[1].partition("=")[2]
            if day < oldest:
                by_day.setdefault(day, []).append(path)
        for day, paths in sorted(by_day.items()):
            rows = sum(reader.row_count(path) for path in paths)
            found.append(Expired(table.name, day, tuple(paths), rows, sum(stats[path].size_bytes for path in paths)))
    return found


def retain(
    storage: Storage, generation: int, now_us: int, days_by_table: Mapping[str, int]
) -> tuple[RunManifest | None, list[Expired]]:
    """The edition without the partitions that are `expired`, and what they were; None if there are none.

    Call it under the lock of `generation`. The state stays as it is: what was seen stays seen, and copies are still
    recognised. The files stay for the grace of all editions (`delete_replaced`).
    """
    gone = expired(storage, now_us, days_by_table)
    if not gone:
        return None, gone
    settings = {"days": dict(sorted(days_by_table.items()))}
    with open_edition(storage, generation, "retain", now_us, settings) as edition:
        for one in gone:
            edition.counts.update({f"replaced.{one.table}": one.rows, f"dropped.{one.table}": one.rows})
        return edition.commit([], [path for one in gone for path in one.paths], now_us), gone

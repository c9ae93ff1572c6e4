"""Makes few large files of the many small ones that runs leave in a partition."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from schemas.run import FilePart, RunManifest
from schemas.table import Table, day_of
from schemas.tables import DATA
from transforms.lake.committed import Committed, committed
from transforms.lake.editions.edition import Edition, open_edition
from transforms.lake.editions.sorted_rows import sorted_rows
from transforms.lake.files.layout import edition_shard
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import Storage

TARGET_BYTES: Final = 128 << 20
"""The size of a file at which it is left alone: what Spark reads by default as one piece."""

MANY_FILES: Final = 12
"""An open partition with more files than this is compacted after a run: each costs a query a millisecond or two."""

FEW_FILES: Final = 2
"""The same for a closed partition: a large file, and a small one of what came late."""

SMALL_BYTES: Final = 4 << 20
"""Files of a closed partition that are together at most so large become one, whatever the size of each: it takes a
tenth of a second, while each file costs every query a part of a millisecond for ever."""


LARGE_BYTES: Final = 2 << 20
"""A file of this size counts for a quarter of one: opening it costs a query less than reading it. A run of a thousand
pages leaves a dozen of such, and to write them anew at once would cost a twentieth of its time."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Files of one partition that become one."""

    table: Table[Any]
    partition: str
    paths: tuple[str, ...]


def compact(
    storage: Storage, generation: int, now_us: int, target_bytes: int = TARGET_BYTES, with_today: bool = False
) -> RunManifest | None:
    """The edition in which each closed partition has as few files as `target_bytes` allows; None if all have.

    A partition is closed when its day, in UTC, is over; `with_today` takes the others too. Call it under the lock of
    `generation`. Rows are the same, in the table's order within each file.
    """
    today = "9999" if with_today else day_of(now_us)
    merges = [
        Merge(table, day, paths)
        for (table, day), sizes in _partitions(committed(storage))
        if day < today
        for paths in packed(sizes, target_bytes)
    ]
    return _compacted(storage, generation, now_us, merges, {"target_bytes": target_bytes})


def compact_crowded(
    held: Committed,
    generation: int,
    now_us: int,
    written: Iterable[FilePart] | None,
    many: int = MANY_FILES,
    few: int = FEW_FILES,
) -> RunManifest | None:
    """The edition in which partitions with more than `many` files (`few` if they are closed) have fewer; None if there
    is none; a large file counts for a quarter. Looks at the partitions that a run has `written` to, or at all.

    Cheap enough to follow each run: of a large partition only files are merged that are not much larger than those
    merged with them, so a row is written anew a few times in all.
    """
    today = day_of(now_us)
    folders = None if written is None else {os.path.dirname(part.path) for part in written}
    merges = [
        Merge(table, day, paths)
        for (table, day), sizes in _partitions(held, folders)
        if _crowding(sizes.values()) > (few if day < today else many)
        for paths in packed(_worth_merging(sizes, is_closed=day < today), TARGET_BYTES)
    ]
    settings = {"target_bytes": TARGET_BYTES, "many": many, "few": few}
    return _compacted(held.storage, generation, now_us, merges, settings)


def packed(sizes: Mapping[str, int], target_bytes: int) -> Iterator[tuple[str, ...]]:
    """Groups of two files or more, in the order of their names, that are together at most `target_bytes` large."""
    group: list[str] = []
    held = 0
    for path in sorted(sizes):
        if sizes[path] >= target_bytes:
            continue
        if group and held + sizes[path] > target_bytes:
            if len(group) > 1:
                yield tuple(group)
            group, held = [], 0
        group.append(path)
        held += sizes[path]
    if len(group) > 1:
        yield tuple(group)


def _crowding(sizes: Iterable[int]) -> float:
    return sum(0.25 if size >= LARGE_BYTES else 1 for size in sizes)


def _worth_merging(sizes: dict[str, int], *, is_closed: bool) -> dict[str, int]:
    return sizes if is_closed and sum(sizes.values()) <= SMALL_BYTES else of_like_size(sizes)


def of_like_size(sizes: Mapping[str, int]) -> dict[str, int]:
    """The small files: from the smallest on, until one is larger than all before it together and twice the last."""
    by_size = sorted(sizes.items(), key=lambda one: (one[1], one[0]))
    held = by_size[0][1] if by_size else 0
    for number, (before, after) in enumerate(pairwise(by_size), 1):
        if after[1] > held and after[1] > 2 * before[1]:
            return dict(by_size[:number])
        held += after[1]
    return dict(by_size)


def _partitions(
    held: Committed, folders: Collection[str] | None = None
) -> Iterator[tuple[tuple[Table[Any], str], dict[str, int]]]:
    """Each partition of the tables, or those in `folders`, with its committed files and their sizes."""
    for table in DATA:
        wanted = [table.name] if folders is None else [one for one in folders if one.startswith(f"{table.name}/")]
        stats = {path: stat for folder in sorted(wanted) for path, stat in held.storage.stats(folder).items()}
        days: dict[str, dict[str, int]] = {}
        for path in held.among(sorted(stats)):
            days.setdefault(path.split("/")[1].partition("=")[2], {})[path] = stats[path].size_bytes
        for day, sizes in days.items():
            yield (table, day), sizes


def _compacted(
    storage: Storage, generation: int, now_us: int, merges: Sequence[Merge], settings: Mapping[str, Any]
) -> RunManifest | None:
    if not merges:
        return None
    with open_edition(storage, generation, "compact", now_us, settings) as edition:
        files = [_merged(edition, merge, number) for number, merge in enumerate(merges)]
        return edition.commit(files, [path for merge in merges for path in merge.paths], now_us)


def _merged(edition: Edition, merge: Merge, number: int) -> FilePart:
    reader = PartReader(edition.storage)
    rows = sum(reader.row_count(path) for path in merge.paths)
    edition.counts.update({f"replaced.{merge.table.name}": rows, f"kept.{merge.table.name}": rows})
    pieces = sorted_rows(reader, merge.table, merge.paths)
    return edition.writer.write_sorted(merge.table, pieces, edition_shard(number), merge.partition)

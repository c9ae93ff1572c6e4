"""The names of all files and folders of a lake; tells our files from files that others put there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from schemas import tables
from schemas.run import is_run_id
from schemas.table import Table

RUNS = "runs"
EDITIONS = "editions"
"""The folder of the manifests of editions: switches of committed files by others, such as fewer and larger ones."""
STATE = "_state"
OPEN_RUNS = f"{STATE}/open"
LOCKS = f"{STATE}/lock"
REPLACED = f"{STATE}/replaced"
"""The folder of lists of files that an edition has replaced and that are still there, for readers that know them."""
PIECES = f"{STATE}/pieces"
"""The folder of what the steps of a run on a cluster have done; it goes with its run."""
ORDERS = f"{STATE}/feed_orders"
"""The folder of operators' orders for feeds; the file with the highest number holds all that stand."""
WEBSUB = f"{STATE}/websub"
"""The folder of the subscriptions of streams to hubs, a file for each address of callbacks."""
DAMAGED = f"{STATE}/damaged"
"""The folder to which `repair` moves damaged files of tables, which no reader can read."""
MERGED = "merged"
"""The shard name of a state part that was merged from the parts of many runs."""
VIEWS_FILE = "lake.duckdb"
"""The DuckDB file with views over exactly the committed files."""
VIEWS_SOURCE = f"{STATE}/views.sql"
"""The statements from which that file was made."""
SCHEMA_FILE = "_common_metadata"
"""The name that pyarrow, Dask and Spark give to a file that holds a dataset's schema and no rows."""
OWN_FOLDERS = (RUNS, EDITIONS, STATE, *(table.name for table in tables.DATA))
"""The folders of a lake in which our files lie."""

_RUN = r"(?P<run_id>\d{8}T\d{6}\.\d{6}Z)"
_SHARD = rf"e?\d+(?:-\d+)*|{MERGED}"
"""The shard in a part's name, like ``00000``, or ``e00000`` in a part of an edition; ``part-…-00000-copy.parquet`` is
an operator's file, not ours."""
_PART = rf"part-{_RUN}-(?P<shard>{_SHARD})\.parquet"
_DATA_FOLDER = "|".join(rf"{table.name}/{table.partition}=[^/]+" for table in tables.DATA)
_STATE_FOLDER = "|".join(rf"{STATE}/{table.name}" for table in tables.STATE + tables.PASSING)
_OWN_PART = re.compile(rf"(?:{_DATA_FOLDER}|{_STATE_FOLDER})/{_PART}", re.ASCII)
_OWN_RUN = re.compile(rf"(?:{RUNS}|{EDITIONS}|{OPEN_RUNS}|{REPLACED})/{_RUN}\.json", re.ASCII)
_OWN_SIGN = re.compile(rf"{EDITIONS}/{_RUN}\.forget", re.ASCII)
_OWN_LOCK = re.compile(rf"{LOCKS}/(?P<number>\d{{10,15}})\.json", re.ASCII)
_OWN_ORDERS = re.compile(rf"{ORDERS}/(?P<number>\d{{10,15}})\.json", re.ASCII)
_OWN_SUBSCRIPTIONS = re.compile(rf"{WEBSUB}/[0-9a-f]{{16}}\.json", re.ASCII)
_OWN_PIECE = re.compile(rf"{PIECES}/{_RUN}/[a-z]+-\d{{5}}\.(?:pickle|json)", re.ASCII)
_OWN_NOTE = re.compile(rf"(?:{_STATE_FOLDER})/part-{_RUN}-(?:{_SHARD})\.json", re.ASCII)
_OWN_INDEX = re.compile(rf"(?P<part>(?:{_STATE_FOLDER})/part-{_RUN}-{MERGED})\.index", re.ASCII)
_OWN_FOLDER = re.compile(
    rf"{_DATA_FOLDER}|{_STATE_FOLDER}|{PIECES}(?:/{_RUN})?|{'|'.join(table.name for table in tables.DATA)}", re.ASCII
)
_OWN_SCHEMA = re.compile(rf"(?:{'|'.join(table.name for table in tables.DATA)})/{SCHEMA_FILE}", re.ASCII)
_OWN_VIEWS = re.compile(rf"{re.escape(VIEWS_FILE)}|{VIEWS_SOURCE}", re.ASCII)
_OWN_DAMAGED = re.compile(rf"{DAMAGED}/(?:{_DATA_FOLDER})/{_PART}", re.ASCII)
_OWN_NAMES = (
    _OWN_PART,
    _OWN_RUN,
    _OWN_SIGN,
    _OWN_LOCK,
    _OWN_ORDERS,
    _OWN_SUBSCRIPTIONS,
    _OWN_PIECE,
    _OWN_NOTE,
    _OWN_INDEX,
    _OWN_SCHEMA,
    _OWN_VIEWS,
    _OWN_DAMAGED,
)
_LEFT = re.compile(r"(?P<path>.+)#\d+", re.ASCII)


def part_path(table: Table[Any], partition: str, run_id: str, shard: str) -> str:
    """The path of a part. It names run and shard: a retry replaces its own part, a new run never replaces one."""
    return f"{table_folder(table, partition)}/part-{run_id}-{shard}.parquet"


def table_folder(table: Table[Any], partition: str = "") -> str:
    """The folder of a table's parts."""
    return f"{table.name}/{table.partition}={partition}" if table.partition else f"{STATE}/{table.name}"


def run_of(path: str) -> str | None:
    """The run that wrote a part, or None if the path is not that of a part of our tables."""
    match = _OWN_PART.fullmatch(path)
    return match["run_id"] if match and is_run_id(match["run_id"]) else None


def day_of_part(path: str) -> date | None:
    """The day in the name of the folder of a table's part; None for a folder that someone else has named."""
    try:
        return date.fromisoformat(path.split("/")[1].partition("=")[2])
    except ValueError:
        return None


def shard_of(path: str) -> str | None:
    """The shard in the name of a part, or None if the path is not that of a part of our tables."""
    match = _OWN_PART.fullmatch(path)
    return match["shard"] if match else None


def is_merged(path: str) -> bool:
    """Whether a part of the state was merged from the parts of many runs."""
    return run_of(path) is not None and shard_of(path) == MERGED


def edition_shard(number: int) -> str:
    """The shard name of a part of an edition, which is never taken for a part that a run has written itself."""
    return f"e{number:05d}"


def is_of_edition(path: str) -> bool:
    """Whether a part was written by an edition from parts that were there before."""
    return run_of(path) is not None and (shard_of(path) or "").startswith("e")


def note_path(part: str) -> str:
    """The path of the note (size, checksum) beside a state part that no manifest describes: merged or rebuilt."""
    return part.removesuffix(".parquet") + ".json"


def index_path(part: str) -> str:
    """The path of the index beside a merged part of the state."""
    return part.removesuffix(".parquet") + ".index"


def indexed_part(path: str) -> str | None:
    """The part to which an index belongs; None if the path is not that of an index."""
    match = _OWN_INDEX.fullmatch(path)
    return f"{match['part']}.parquet" if match and is_run_id(match["run_id"]) else None


def manifest_path(run_id: str) -> str:
    """The path of a run's manifest; a run is committed once the manifest is there."""
    return f"{RUNS}/{run_id}.json"


def edition_path(edition_id: str) -> str:
    """The path of an edition's manifest; the switch has happened once the manifest is there."""
    return f"{EDITIONS}/{edition_id}.json"


def forgets_path(edition_id: str) -> str:
    """The path of the sign beside the manifest of an edition that forgets: the record can be rebuilt from there."""
    return f"{EDITIONS}/{edition_id}.forget"


def forgetting(paths: Iterable[str]) -> list[str]:
    """The editions to which such signs in a listing belong."""
    found = (_OWN_SIGN.fullmatch(path) for path in paths)
    return [match["run_id"] for match in found if match and is_run_id(match["run_id"])]


def replaced_path(edition_id: str) -> str:
    """The path of the list of files that an edition has replaced and that are not deleted yet."""
    return f"{REPLACED}/{edition_id}.json"


def open_path(run_id: str) -> str:
    """The path of the marker of a run or an edition that has begun and is not cleaned up."""
    return f"{OPEN_RUNS}/{run_id}.json"


def piece_path(run_id: str, step: str, number: int, kind: str = "pickle") -> str:
    """The path of what piece `number` of a run's step has done."""
    return f"{PIECES}/{run_id}/{step}-{number:05d}.{kind}"


def is_piece(path: str) -> bool:
    """Whether a path is that of a piece of a run."""
    return _OWN_PIECE.fullmatch(path) is not None


def lock_path(generation: int) -> str:
    """The path of the lock of a generation."""
    return f"{LOCKS}/{generation:010d}.json"


def lock_number(path: str) -> int | None:
    """The generation of a lock, or None if the path is not that of a lock of ours."""
    match = _OWN_LOCK.fullmatch(path)
    return int(match["number"]) if match else None


def orders_path(number: int) -> str:
    """The path of the file of orders with a number."""
    return f"{ORDERS}/{number:010d}.json"


def orders_number(path: str) -> int | None:
    """The number of a file of orders, or None if the path is not that of one of ours."""
    match = _OWN_ORDERS.fullmatch(path)
    return int(match["number"]) if match else None


def subscriptions_path(name: str) -> str:
    """The path of a file of subscriptions; its name is 16 hexadecimal digits."""
    return f"{WEBSUB}/{name}.json"


def is_subscriptions(path: str) -> bool:
    """Whether a path is that of a file of subscriptions of ours."""
    return _OWN_SUBSCRIPTIONS.fullmatch(path) is not None


def run_ids(paths: Iterable[str]) -> list[str]:
    """The run ids in paths of manifests or markers, in the order of `paths`; other paths are skipped."""
    return [match["run_id"] for match in map(_OWN_RUN.fullmatch, paths) if match and is_run_id(match["run_id"])]


def is_left(path: str) -> bool:
    """Whether a file was left by a killed write of ours: one of our names followed by ``#`` and a number."""
    match = _LEFT.fullmatch(path)
    if match is None:
        return False
    found = filter(None, (own.fullmatch(match["path"]) for own in _OWN_NAMES))
    return any("run_id" not in one.groupdict() or is_run_id(one["run_id"]) for one in found)


def is_own_folder(path: str) -> bool:
    """Whether a folder is made only for our parts: a table, one of its partitions, or a table of the state."""
    return _OWN_FOLDER.fullmatch(path) is not None

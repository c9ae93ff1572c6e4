"""Makes an Iceberg table hold exactly the committed files of a table of the lake. Needs pyiceberg."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyiceberg.catalog import Catalog
from pyiceberg.exceptions import (
    CommitFailedException,
    NoSuchNamespaceError,
    NoSuchTableError,
    ValidationException,
)
from pyiceberg.io.pyarrow import parquet_files_to_data_files
from pyiceberg.table import Table as IcebergTable
from pyiceberg.table import Transaction

from pipelines.checks import CommandError, UsageError
from schemas.table import Table

_TRIES: Final = 3
_NAME_MAPPING: Final = "schema.name-mapping.default"
_OF_TABLE, _OF_LAKE = "newsbeam.table", "newsbeam.lake"

_PROPERTIES: Final = {
    # The files are the lake's: no one may delete them because a snapshot has expired.
    "gc.enabled": "false",
    # A second try of pyiceberg's own would add files that someone else has added meanwhile.
    "commit.retry.num-retries": "0",
    # One small manifest a call, and one metadata file: these do not pile up.
    "commit.manifest-merge.enabled": "true",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "20",
}


@dataclass(frozen=True, slots=True)
class Registered:
    """What was done: how many files were added and removed, and how many files and rows the table has now."""

    table: str
    added: int
    removed: int
    files: int
    rows: int


def register_table(
    catalog: Catalog, identifier: tuple[str, ...], table: Table[Any], lake: str, files: Callable[[], Sequence[str]]
) -> Registered:
    """Make the Iceberg table, if it is not there, and let it hold the files that `files` lists, in one snapshot.

    `files` gives URIs, and is asked again where someone else has changed table or lake meanwhile. Raises UsageError if
    there is a table of that name that this lake does not keep, CommandError if someone is always faster.
    """
    for _ in range(_TRIES):
        made = _loaded(catalog, identifier, table, lake)
        _check_owner(made, identifier, table, lake)
        wanted = files()
        held = {task.file.file_path: task.file for task in made.scan().plan_files()}
        new = sorted(set(wanted) - set(held))
        gone = [held[path] for path in sorted(set(held) - set(wanted))]
        try:
            with made.transaction() as change:
                _add_columns(change, table)
                if gone:
                    _replace(change, made, new, gone)
                elif new:
                    change.add_files(new)
        except (CommitFailedException, ValidationException, FileNotFoundError):
            continue
        return Registered(table.name, len(new), len(gone), len(wanted), _rows(made))
    raise CommandError(
        f"{'.'.join(identifier)} was changed by someone else {_TRIES} times, or its files were: try again later"
    )


def _loaded(catalog: Catalog, identifier: tuple[str, ...], table: Table[Any], lake: str) -> IcebergTable:
    try:
        return catalog.load_table(identifier)
    except (NoSuchTableError, NoSuchNamespaceError):
        pass
    catalog.create_namespace_if_not_exists(identifier[:-1])
    owner = {_OF_TABLE: table.name, _OF_LAKE: lake}
    return catalog.create_table_if_not_exists(identifier, table.schema, properties=_PROPERTIES | owner)


def _check_owner(made: IcebergTable, identifier: tuple[str, ...], table: Table[Any], lake: str) -> None:
    name, properties = ".".join(identifier), made.properties
    if properties.get(_OF_TABLE) != table.name:
        raise UsageError(f"the catalog's table {name} is not one of newsbeam's: give another --namespace")
    if properties.get(_OF_LAKE) != lake:
        raise UsageError(
            f"the catalog's table {name} holds the lake at {properties.get(_OF_LAKE)}: give another --namespace; if "
            "the lake has moved, drop the table first (without its files)"
        )


def _add_columns(change: Transaction, table: Table[Any]) -> None:
    """Add the columns that are newer than the Iceberg table, and the names by which files without ids are read."""
    there = set(change.table_metadata.schema().column_names)
    if not there.issuperset(table.schema.names):
        with change.update_schema() as update:
            update.union_by_name(table.schema)
    if _NAME_MAPPING not in change.table_metadata.properties:
        change.set_properties({_NAME_MAPPING: change.table_metadata.schema().name_mapping.model_dump_json()})


def _replace(change: Transaction, made: IcebergTable, new: Sequence[str], gone: Sequence[Any]) -> None:
    """Swap files for others in one snapshot: readers see the rows of either, and never both."""
    with change.update_snapshot().overwrite() as swap:
        for file in parquet_files_to_data_files(made.io, change.table_metadata, iter(new)):
            swap.append_data_file(file)
        for file in gone:
            swap.delete_data_file(file)


def _rows(made: IcebergTable) -> int:
    snapshot = made.current_snapshot()
    return int(snapshot.summary["total-records"]) if snapshot is not None and snapshot.summary is not None else 0

"""``newsbeam register``: lets the tables of an Iceberg catalog hold exactly the committed files of a lake."""

from __future__ import annotations

import argparse
import logging
import os
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from pipelines.checks import CommandError, UsageError, nearest
from pipelines.commands.lake.files import committed_files
from pipelines.given.lakes import lake_at, reading_lake, runs_of
from pipelines.printable import json_text, plain
from schemas.table import Table
from schemas.tables import DATA
from transforms.lake.files.storage import Storage

if TYPE_CHECKING:  # needs pyiceberg
    from pipelines.commands.lake.iceberg_table import Registered

_TABLES = {table.name: table for table in DATA}


def register(given: argparse.Namespace) -> int:
    """0, after the tables in the catalog hold the committed rows of the lake, all of them and no others.

    Raises UsageError (status 2) without a lake, pyiceberg, or a catalog that is configured, and for tables of others;
    CommandError (status 1) if lake or catalog cannot be reached.
    """
    chosen, namespace = _tables(given.tables), _namespace(given.namespace)
    try:
        from pipelines.commands.lake.catalog import open_catalog  # noqa: PLC0415
        from pipelines.commands.lake.iceberg_table import register_table  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise UsageError(f"{error.name} is missing: pip install 'newsbeam[iceberg]'") from None
    logging.getLogger("pyiceberg").setLevel(logging.ERROR)  # it warns of each column without statistics in each file
    with reading_lake():
        storage = lake_at(given.output)
        runs_of(storage, given.output)
        lake = uri_of(storage)
        catalog, secrets = open_catalog(given.catalog)
        done: list[Registered] = []
        for table in chosen:
            listed = partial(committed_files, storage, table, lake)
            try:
                done.append(register_table(catalog, (*namespace, table.name), table, lake, listed))
            except (UsageError, CommandError, MemoryError):
                raise
            except Exception as error:  # of a catalog, its server or its driver, of which there are many
                why = secrets.without(str(error)) or type(error).__name__
                raise CommandError(f"cannot register {table.name} in {given.catalog}: {why}") from None
            if not given.json:
                _show(done[-1], given)
    if given.json:
        said = {"output": given.output, "catalog": given.catalog, "namespace": given.namespace}
        print(json_text(said | {"tables": [asdict(one) for one in done]}, sort_keys=True))
    return 0


def uri_of(storage: Storage) -> str:
    """The lake's URI, with which its files' paths begin in a catalog. Raises UsageError if it cannot stand there."""
    if storage.folder is None:
        return storage.root.rstrip("/")
    folder = os.path.abspath(storage.folder)
    if set("#?%") & set(folder):
        raise UsageError(f"the lake at {folder} cannot be registered: Iceberg takes no path with #, ? or %")
    return f"file://{folder}"


def _tables(names: str) -> list[Table[Any]]:
    """The tables of a list with commas."""
    words = [word.strip() for word in names.split(",")]
    for word in words:
        if word not in _TABLES:
            near = nearest(word, _TABLES)
            meant = f"did you mean {near}?" if near else f"there are {', '.join(_TABLES)}"
            raise UsageError(f"there is no table {word!r}; {meant}")
    return [_TABLES[word] for word in dict.fromkeys(words)]


def _namespace(text: str) -> tuple[str, ...]:
    levels = tuple(text.split("."))
    if not all(levels):
        raise UsageError(f"{text!r} is no namespace: write it like newsbeam or archive.news")
    return levels


def _show(done: Registered, given: argparse.Namespace) -> None:
    changed = done.added or done.removed
    change = f"{done.added} file(s) added, {done.removed} removed" if changed else "as it was"
    print(plain(f"{given.namespace}.{done.table}: {change}; {done.files} file(s), {done.rows} rows"))

"""Opens an Iceberg catalog as its user configured it. Needs pyiceberg."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import strictyaml
from pyiceberg.catalog import Catalog, load_catalog
from pyiceberg.exceptions import NotInstalledError
from pyiceberg.utils.config import Config

from pipelines.checks import CommandError, UsageError, read_input
from pipelines.commands.lake.secrets import Secrets

SQLITE = "sqlite:///"
LOCAL_NAME = "newsbeam"
"""What pyiceberg calls the catalog of a SQLite file: PYICEBERG_CATALOG__NEWSBEAM__S3__ENDPOINT is an option of it."""


def open_catalog(name: str) -> tuple[Catalog, Secrets]:
    """The catalog that is meant by a name of pyiceberg's configuration, a file of such configuration, or a SQLite file.

    Raises UsageError if it is not configured, or in a way that pyiceberg does not take; CommandError if it does not
    answer.
    """
    if name.startswith(SQLITE):
        named, options = LOCAL_NAME, _sqlite(name.removeprefix(SQLITE))
    elif "://" in name:
        raise UsageError(
            "a catalog's address and credentials belong into pyiceberg's configuration, and --catalog names it there "
            f"(docs/reading.md); only a SQLite file is given as {SQLITE}FILE"
        )
    elif name.endswith((".yaml", ".yml")):
        named, options = _from_file(name)
    else:
        named, options = name, {}
    try:
        known = Config().get_catalog_config(named) or {}
    except (ValueError, strictyaml.YAMLError):
        raise UsageError("pyiceberg's configuration cannot be read: is .pyiceberg.yaml well-formed?") from None
    if not known and not options:
        raise UsageError(
            f"pyiceberg knows no catalog {name!r}: describe it in ~/.pyiceberg.yaml, in a file that --catalog names, "
            f"or in variables like PYICEBERG_CATALOG__{named.upper()}__URI"
        )
    secrets = Secrets({**known, **options})
    try:
        return load_catalog(named, **options), secrets
    except (ValueError, NotInstalledError) as error:
        raise UsageError(f"the catalog {name!r}: {secrets.without(str(error))}") from None
    except Exception as error:  # of a server or a driver, of which there are many
        raise CommandError(f"cannot reach the catalog {name!r}: {secrets.without(str(error))}") from None


def _sqlite(path: str) -> dict[str, Any]:
    """The options of a catalog in a SQLite file; its tables' metadata is in the folder `warehouse` beside it."""
    file = Path(path).absolute()
    if not path or file.is_dir() or not file.parent.is_dir():
        raise UsageError(f"{SQLITE}{path} is no catalog: give a file in a folder that is there")
    if set("#?%") & set(str(file)):
        raise UsageError(f"{SQLITE}{path} is no catalog: Iceberg takes no path with #, ? or %")
    return {"type": "sql", "uri": f"{SQLITE}{file}", "warehouse": f"file://{file.parent}/warehouse"}


def _from_file(name: str) -> tuple[str, dict[str, Any]]:
    """Name and options of the one catalog in a file that is written like ``.pyiceberg.yaml``."""
    try:
        read = strictyaml.load(read_input(name, "the catalog's file").decode()).data
    except (UnicodeDecodeError, strictyaml.YAMLError):  # whose text would repeat the file's
        raise UsageError(f"{name} is no configuration of pyiceberg: it cannot be read as YAML") from None
    catalogs: Any = None
    with suppress(AttributeError, KeyError):
        catalogs = read["catalog"]
        only = next(iter(catalogs)) if len(catalogs) == 1 else read["default-catalog"]
        if isinstance(catalogs[only], dict):
            return str(only), {str(option): value for option, value in catalogs[only].items()}
    raise UsageError(
        f"{name} names no catalog: write it like .pyiceberg.yaml, with one entry below catalog:, or default-catalog:"
    )

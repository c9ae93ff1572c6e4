"""Which files hold texts, by their names."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from transforms.texts.json_texts import JsonTexts
from transforms.texts.parquet_texts import ParquetTexts
from transforms.texts.text_row import TextFile, TextFileError

_LINES: Final = (".jsonl", ".ndjson", ".json")
_PACKINGS: Final = {"": None, ".gz": "gzip", ".zst": "zstd", ".zstd": "zstd"}
FORMS: Final = ".parquet, .jsonl, .jsonl.gz or .jsonl.zst"


class Form(NamedTuple):
    """What a file's name says it is: Parquet or JSON lines, and how these are packed."""

    is_parquet: bool
    packing: str | None = None


def form_of(name: str) -> Form | None:
    """The form of a file by its name; None for a name that says none. ``.json`` is taken for lines of JSON."""
    name = name.lower()
    if name.endswith(".parquet"):
        return Form(is_parquet=True)
    for ending, packing in _PACKINGS.items():
        if name.endswith(tuple(f"{lines}{ending}" for lines in _LINES)):
            return Form(is_parquet=False, packing=packing)
    return None


def open_texts(path: str) -> TextFile:
    """The file of texts at a path. Raises TextFileError."""
    form = form_of(path)
    if form is None:
        raise TextFileError(f"{path} is no file of texts by its name: it should end in {FORMS}")
    return ParquetTexts(path) if form.is_parquet else JsonTexts(path, form.packing)


def found_files(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The files that are meant by names of files and folders, and what each is called in a folder of results.

    Of a folder all files of texts in it are meant, sorted. Raises TextFileError for a name that is neither.
    """
    for name in names:
        if os.path.isdir(name):
            inside = sorted(path for path in Path(name).rglob("*") if path.is_file() and form_of(path.name))
            if not inside:
                raise TextFileError(f"the folder {name} holds no file of texts ({FORMS})")
            yield from ((str(path), str(path.relative_to(name))) for path in inside)
        elif os.path.isfile(name):
            yield name, os.path.basename(name)
        else:
            raise TextFileError(f"there is no file {name}")

"""Where files with marks come to lie: one file, or a folder that appears whole."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, NamedTuple, Protocol

from pipelines.checks import UsageError
from pipelines.commands.export.new_files import NewFiles
from pipelines.commands.export.new_folder import NewFolder
from transforms.texts.text_files import FORMS, Form, form_of


class Planned(NamedTuple):
    """A file that is written: of which file, where (in the folder), and how it is packed."""

    source: str
    name: str
    packing: str | None


class Target(Protocol):
    """Where files are written."""

    @property
    def folder(self) -> Path:
        """A folder for scratch files."""
        ...

    def begin(self, planned: Planned) -> IO[bytes]:
        """A file to write to."""
        ...

    def keep(self) -> list[Path]:
        """The files, after they have got their names."""
        ...


def planned_files(found: Sequence[tuple[str, str]], output: str) -> list[Planned]:
    """What is written for each file. Raises UsageError where two have one name, or the output fits no form."""
    form = form_of(output)
    if form is None:
        names = [name for _, name in found]
        if again := next((name for name in names if names.count(name) > 1), None):
            raise UsageError(f"there are two files {again}, which would be one in {output}; mark them one by one")
        return [Planned(path, name, _form(path).packing) for path, name in found]
    if len(found) != 1 or os.path.isdir(output):
        raise UsageError(f"{output} is a file, for one file; give a folder for {len(found)} file(s)")
    [(path, name)] = found
    if form.is_parquet != _form(path).is_parquet:
        raise UsageError(f"{path} stays in its form: give a name for the output that ends like {name}")
    return [Planned(path, os.path.basename(output), form.packing)]


def _form(path: str) -> Form:
    form = form_of(path)
    if form is None:
        raise UsageError(f"{path} is no file of texts by its name: it should end in {FORMS}")
    return form


@contextmanager
def marked_files(output: str) -> Iterator[Target]:
    """The place for the output; without `keep` nothing remains. Raises UsageError if something is there already."""
    with ExitStack() as stack:
        if form_of(output) is None:
            yield _InFolder(stack.enter_context(NewFolder(output)))
        else:
            suffix = "." + os.path.basename(output).partition(".")[2]
            yield _OneFile(stack.enter_context(NewFiles(output, suffix, numbered=False)))


class _InFolder:
    def __init__(self, folder: NewFolder) -> None:
        self._folder = folder
        self._names: list[str] = []

    @property
    def folder(self) -> Path:
        return self._folder.folder

    def begin(self, planned: Planned) -> IO[bytes]:
        self._names.append(planned.name)
        return self._folder.begin(planned.name)

    def keep(self) -> list[Path]:
        place = self._folder.keep()
        return [place / name for name in self._names]


class _OneFile:
    def __init__(self, files: NewFiles) -> None:
        self._files = files

    @property
    def folder(self) -> Path:
        return self._files.folder

    def begin(self, planned: Planned) -> IO[bytes]:
        return self._files.begin(0)

    def keep(self) -> list[Path]:
        return self._files.keep()

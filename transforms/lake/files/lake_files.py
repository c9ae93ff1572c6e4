"""A lake's storage as a file system that pyarrow reads from, for lakes in object stores."""

from __future__ import annotations

from typing import Any, NoReturn

import pyarrow as pa
from pyarrow import fs

from transforms.common.ending import called_by_arrow
from transforms.lake.files.storage import Storage


class LakeFiles(fs.FileSystemHandler):
    """Opens objects for reading, range by range. Everything else that a file system can do is refused."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def get_type_name(self) -> str:
        """The kind of file system, for messages."""
        return "newsbeam lake"

    def normalize_path(self, path: str) -> str:
        """The path as it is: lakes name their objects in one way."""
        return path

    @called_by_arrow
    def get_file_info(self, paths: list[str]) -> list[fs.FileInfo]:
        """Size and kind of objects; those that are not there are told so."""
        found = [(path, self._storage.stat(path)) for path in paths]
        return [
            fs.FileInfo(path, fs.FileType.NotFound)
            if stat is None
            else fs.FileInfo(path, fs.FileType.File, size=stat.size_bytes)
            for path, stat in found
        ]

    @called_by_arrow
    def open_input_file(self, path: str) -> pa.NativeFile:
        """An object for reading in any order."""
        return self._storage.open(path)

    open_input_stream = open_input_file

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise NotImplementedError("a lake is only read here")

    get_file_info_selector = create_dir = delete_dir = delete_dir_contents = delete_root_dir_contents = _refuse
    delete_file = move = copy_file = open_output_stream = open_append_stream = _refuse

"""A folder of files that appears whole; one that holds something is never replaced."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO

from pipelines.checks import CommandError, UsageError

_SUFFIX = ".newsbeam-part"


class NewFolder:
    """The folder `out`, which is not there yet, or is empty. Until `keep` it is called ``….newsbeam-part``.

    What is left of one that was killed is used again by the next. Use it as a context manager; without `keep` nothing
    remains. Raises UsageError if the folder cannot be made.
    """

    def __init__(self, out: str) -> None:
        self._out = _checked(out)
        self._part = self._out.with_name(f"{self._out.name}{_SUFFIX}")
        self._files: list[IO[bytes]] = []
        self._lock: int | None = None

    def __enter__(self) -> NewFolder:
        try:
            self._part.mkdir(exist_ok=True)
            self._lock = os.open(self._part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError as error:
            raise UsageError(f"cannot write {self._out}: {error.strerror}") from None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            raise UsageError(f"another newsbeam is writing {self._part}") from None
        for left in self._part.iterdir():
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)
            else:
                left.unlink()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._files:
            with suppress(OSError):  # of what could not be written: that is being told already
                file.close()
        shutil.rmtree(self._part, ignore_errors=True)  # after `keep` it has another name
        if self._lock is not None:
            os.close(self._lock)

    @property
    def folder(self) -> Path:
        """Where the files lie for now; for scratch files too, which must be gone before `keep`."""
        return self._part

    def begin(self, path: str) -> IO[bytes]:
        """A new file to write to, at a path like ``data/a.parquet``. It is closed by `keep`."""
        place = self._part / path
        place.parent.mkdir(parents=True, exist_ok=True)
        file = open(place, "xb")  # noqa: SIM115  # closed at the end of all
        self._files.append(file)
        return file

    def rename(self, path: str, name: str) -> None:
        """Give a file another name in its folder."""
        place = self._part / path
        place.rename(place.with_name(name))

    def flush(self) -> None:
        """Let what was written so far be in the files."""
        for file in self._files:
            file.flush()

    def keep(self) -> Path:
        """The folder, after all of it is on disk and it has got its name. Raises CommandError if another has it."""
        for file in self._files:
            file.flush()
            os.fsync(file.fileno())
            file.close()
        for folder, _, _ in os.walk(self._part):
            _sync(folder)
        try:
            os.rename(self._part, self._out)  # onto nothing, or an empty folder
        except OSError as error:
            if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
                raise CommandError(f"{self._out} was made by someone else meanwhile; nothing was replaced") from None
            raise
        _sync(self._out.parent)
        return self._out


def _checked(out: str) -> Path:
    if "://" in out or not out.strip():
        raise UsageError(f"cannot write {out or repr(out)}: give a folder on a local disk")
    place = Path(os.path.abspath(out))
    try:
        held = sorted(os.listdir(place))
    except FileNotFoundError:
        held = []
    except NotADirectoryError:
        raise UsageError(f"cannot write {out}: it is no folder") from None
    except OSError as error:
        raise UsageError(f"cannot write {out}: {error.strerror}") from None
    if held:
        raise UsageError(f"{out} holds {held[0]} already; remove it first, or give another name")
    if os.path.islink(place) or not place.name:
        raise UsageError(f"cannot write {out}: give a folder of its own")
    if not place.parent.is_dir():
        raise UsageError(f"cannot write {out}: there is no folder {place.parent}")
    return place


def _sync(folder: str | Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)

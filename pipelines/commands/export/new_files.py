"""Files that get their names when all of them are whole; one that exists is never replaced."""

from __future__ import annotations

import errno
import fcntl
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO

from pipelines.checks import CommandError, UsageError, check_output


class NewFiles:
    """The file `out`, and numbered ones beside it: ``pages.warc.gz``, ``pages-00001.warc.gz``, ….

    Until `keep` they are called ``….part``. What is left of one that was killed is used again by the next. Use it as a
    context manager; without `keep` nothing remains. Raises UsageError if one of the files exists, or cannot be made.
    Where there will be one file only, numbered ones beside it, which are not `numbered` by this one, do not matter.
    """

    def __init__(self, out: str, suffix: str, numbered: bool = True) -> None:
        name = os.path.basename(out)
        if "://" in out or not name.endswith(suffix) or name == suffix:
            raise UsageError(f"cannot write {out or repr(out)}: give a file on a local disk, named like pages{suffix}")
        check_output(out)
        self._out = Path(out)
        self._suffix = suffix
        self._parts: list[IO[bytes]] = []
        taken = [self._out] if os.path.lexists(out) else []
        stem = name.removesuffix(suffix)
        if numbered:
            taken += [path for path in self._out.parent.iterdir() if _is_numbered(path.name, stem, suffix)]
        if taken:
            raise UsageError(f"{taken[0]} exists; remove it first, or give another name")

    @property
    def folder(self) -> Path:
        """Where the files come to lie."""
        return self._out.parent

    def __enter__(self) -> NewFiles:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for part in self._parts:
            with suppress(OSError):  # of what could not be written: that is being told already
                part.close()
            Path(part.name).unlink(missing_ok=True)

    def begin(self, number: int) -> IO[bytes]:
        """File `number`, counted from 0, to write to."""
        part = open(f"{self._path(number)}.part", "w+b", opener=_not_cut)  # noqa: SIM115  # closed at the end of all
        try:
            fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            part.close()
            raise UsageError(f"another export is writing {part.name}") from None
        part.truncate()
        self._parts.append(part)
        return part

    def keep(self) -> list[Path]:
        """The files, after they have got their names, `out` last."""
        paths = [self._path(number) for number in range(len(self._parts))]
        for part in self._parts:
            part.flush()
            os.fsync(part.fileno())
        for part, path in [*zip(self._parts, paths, strict=True)][::-1]:
            _name(part.name, path)
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return paths

    def _path(self, number: int) -> Path:
        if not number:
            return self._out
        return self._out.with_name(f"{self._out.name.removesuffix(self._suffix)}-{number:05d}{self._suffix}")


def _not_cut(path: str, flags: int) -> int:
    """A file that is opened for writing without losing what another export may be writing to it."""
    return os.open(path, flags & ~os.O_TRUNC, 0o666)


def _is_numbered(name: str, stem: str, suffix: str) -> bool:
    middle = name.removeprefix(f"{stem}-").removesuffix(suffix)
    return name == f"{stem}-{middle}{suffix}" and middle.isdecimal()


def _name(part: str, path: Path) -> None:
    """Give a file its name, unless another has it by now. Raises CommandError."""
    try:
        os.link(part, path)
        os.unlink(part)
    except FileExistsError:
        raise CommandError(f"{path} was made by someone else meanwhile; nothing was replaced") from None
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK):
            raise
        if os.path.lexists(path):  # a file system without hard links; there is a moment between look and deed
            raise CommandError(f"{path} was made by someone else meanwhile; nothing was replaced") from None
        os.rename(part, path)

"""Why a run was not committed, in one line, whatever layers the error has come through."""

from __future__ import annotations

import errno
import os
import re
import traceback
from typing import Final

from transforms.lake.accounts import AccountsError
from transforms.lake.lock import LakeGoneError, LockLostError
from transforms.lake.parts import DamagedPartError
from transforms.lake.storage import StorageError
from transforms.sandbox import NoWorkersError, told

GOES_ON: Final = "run again: pages that were stored are not fetched again"
_WORDS_CHARS: Final = 300
REFUSALS: Final = (AccountsError, LockLostError, LakeGoneError, StorageError, DamagedPartError, NoWorkersError)
"""Errors by which a run itself says why it is not committed."""
_STATED: Final = re.compile(
    rf"(?:{'|'.join(error.__name__ for error in REFUSALS)}): (?P<why>.*?)(?: \[while running|\n\n|$)", re.DOTALL
)
_NO_ROOM: Final = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the file system is read-only",
    errno.EFBIG: "files may not grow so large here",
}


def stated_reason(error: BaseException) -> str | None:
    """What the run itself says of its end (sums, lock, lake, workers), found also in another process's error text."""
    stated = _STATED.search("".join(traceback.format_exception_only(error)))
    return stated["why"].strip() if stated else None


def no_room(error: BaseException) -> str | None:
    """Which want of the disk ended the run; None where it is something else.

    The storage and Beam pass the system's error on as text only.
    """
    text = "".join(traceback.format_exception(error))
    for number, said in _NO_ROOM.items():
        if f"[Errno {number}]" in text or f"(os error {number})" in text:
            return f"{said} ({os.strerror(number)})"
    return None


def last_word(error: BaseException) -> str:
    """What ended a command that was not ready for it, in one line: the disk, the lake, or a bug and where it is."""
    said = no_room(error) or stated_reason(error)
    return said or f"a bug of newsbeam: {told(error)} (with PYTHONDEVMODE=1 it shows how it came there)"


def in_one_line(error: BaseException) -> str:
    """The error's type and words, without the layers around it."""
    words = " ".join(str(error).split())
    return f"{type(error).__name__}: {words}"[:_WORDS_CHARS]

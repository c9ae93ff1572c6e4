"""Finds the reason why a run was not committed, in one line, however Beam has wrapped the error."""

from __future__ import annotations

import errno
import logging
import os
import re
import traceback
from typing import Final

from transforms.common.this_code import OtherVersionError
from transforms.lake.accounts import AccountsError
from transforms.lake.files.lock import LakeGoneError, LockLostError
from transforms.lake.files.storage import DamagedPartError, StorageError
from transforms.sandbox import NoWorkersError, told
from transforms.web.chosen.secrets import MissingSecretError

GOES_ON: Final = "run again: pages that were stored are not fetched again"
_WORDS_CHARS: Final = 300
REFUSALS: Final = (
    AccountsError,
    LockLostError,
    LakeGoneError,
    StorageError,
    DamagedPartError,
    NoWorkersError,
    OtherVersionError,
    MissingSecretError,
)
"""Exceptions whose message says why a run was not committed."""
_STATED: Final = re.compile(
    rf"(?:{'|'.join(error.__name__ for error in REFUSALS)}): (?P<why>.*?)(?: \[while running|\n\n|$)", re.DOTALL
)
_WORKERS_FAULTS: Final = (
    (
        r"ModuleNotFoundError: No module named '(?:schemas|transforms|pipelines)\b[^\n\[]*|"
        r"AttributeError: Can't get attribute [^\n\[]*",
        "a worker cannot load this version of newsbeam; install one version on both",
    ),
    (r"NoResourceAvailableException[^\n]*", "the cluster has too few free slots for --parallelism"),
    (
        r"StatusRuntimeException: (?:CANCELLED|UNAVAILABLE)[^\n]*|"
        r"TaskManager with id [^\n]*(?:no longer reachable|timed out)[^\n]*",
        "a worker of the cluster was lost in the midst of the run",
    ),
)
"""What a cluster tells of its workers, and what it means for the user."""
_NO_ROOM: Final = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the file system is read-only",
    errno.EFBIG: "files may not grow so large here",
}


def stated_reason(error: BaseException) -> str | None:
    """The message of one of `REFUSALS` in an error, also in the text of another process's error; None without one."""
    stated = _STATED.search("".join(traceback.format_exception_only(error)))
    return stated["why"].strip() if stated else None


def workers_fault(error: BaseException) -> str | None:
    """What the workers of a cluster did that ended the run, like "a worker of the cluster was lost"; None if it was
    something else."""
    text = "".join(traceback.format_exception_only(error))
    for pattern, said in _WORKERS_FAULTS:
        if found := re.search(pattern, text):
            return f"{said} ({found[0].strip()[:_WORDS_CHARS]})"
    return None


def no_room(error: BaseException) -> str | None:
    """The problem of the disk that ended the run, like "the disk is full"; None if it was something else.

    Storage and Beam pass the system's error on as text only, so its number is searched for in the text.
    """
    text = "".join(traceback.format_exception(error))
    for number, said in _NO_ROOM.items():
        if f"[Errno {number}]" in text or f"(os error {number})" in text:
            return f"{said} ({os.strerror(number)})"
    return None


def logged_reason(log: logging.Logger, message: str, error: BaseException, **facts: object) -> str:
    """The error in one line, after logging it: with its traceback only if it is a bug, not for the disk's, the lake's
    or the run's own reasons."""
    said = no_room(error) or stated_reason(error)
    reason = said or in_one_line(error)
    log.error(message, exc_info=None if said else error, extra={**facts, "reason": reason})
    return reason


def last_word(error: BaseException) -> str:
    """An unexpected error of a command in one line: the disk, the lake, or a bug and its place."""
    said = no_room(error) or stated_reason(error)
    return said or f"a bug of newsbeam: {told(error)} (with PYTHONDEVMODE=1 it shows how it came there)"


def in_one_line(error: BaseException) -> str:
    """The error's type and message, on one line of bounded length."""
    words = " ".join(str(error).split())
    return f"{type(error).__name__}: {words}"[:_WORDS_CHARS]

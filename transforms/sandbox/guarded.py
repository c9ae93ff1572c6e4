"""Turns an exception from a bug of ours into a BugError, so that it costs one input and not the run."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from schemas.failure import Reason
from transforms.sandbox.sandbox import SandboxError
from transforms.text.well_formed import well_formed

_ROOT: Final = Path(__file__).resolve().parents[2]
_ROOMS: Final = ("pipelines", "transforms", "schemas")
_WORDS_CHARS: Final = 200


class BugError(SandboxError):
    """Our code, or a library that it calls, raised an unexpected exception; the message says which and where."""

    def __init__(self, message: str) -> None:
        super().__init__(Reason.CRASH, message)

    def __reduce__(self) -> tuple[type[BugError], tuple[str]]:
        return BugError, (self.message,)


@dataclass(frozen=True, slots=True)
class Guarded:
    """Calls `function`, and turns every exception that is not `expected` into a BugError. Can be pickled if `function`
    can.

    MemoryError and SandboxError pass unchanged: lack of memory is no bug.
    """

    function: Callable[..., Any]
    expected: tuple[type[Exception], ...] = ()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The function's result. Raises the `expected` exceptions and BugError."""
        try:
            return self.function(*args, **kwargs)
        except Exception as error:
            if isinstance(error, (*self.expected, SandboxError, MemoryError)):
                raise
            raise BugError(told(error)) from error


def told(error: BaseException) -> str:
    """An exception in words, with the line of ours that raised it: ``KeyError in metadata.py:80: 'section'``."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
    ours = [frame for frame in frames if _is_ours(frame.filename)]
    where = (ours or frames)[-1:]
    place = "".join(f" in {Path(frame.filename).name}:{frame.lineno}" for frame in where)
    words = " ".join(well_formed(str(error)).split())[:_WORDS_CHARS]
    return f"{type(error).__name__}{place}" + (f": {words}" if words else "")


def _is_ours(name: str) -> bool:
    path = Path(name)
    return path.is_relative_to(_ROOT) and path.relative_to(_ROOT).parts[0] in _ROOMS

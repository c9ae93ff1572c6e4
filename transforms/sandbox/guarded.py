"""Where a bug of ours may cost one input and no more: what it raises is told, counted, and not raised again."""

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
    """Code of ours, or a library under it, raised what it never should; the message says what and where."""

    def __init__(self, message: str) -> None:
        super().__init__(Reason.CRASH, message)

    def __reduce__(self) -> tuple[type[BugError], tuple[str]]:
        return BugError, (self.message,)


@dataclass(frozen=True, slots=True)
class Guarded:
    """Calls `function`, and turns what is none of the `expected` exceptions into a BugError. Pickles if they do.

    Lack of memory stays what it is, since it says nothing of the code.
    """

    function: Callable[..., Any]
    expected: tuple[type[Exception], ...] = ()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The function's result, or BugError."""
        try:
            return self.function(*args, **kwargs)
        except Exception as error:
            if isinstance(error, (*self.expected, SandboxError, MemoryError)):
                raise
            raise BugError(told(error)) from error


def told(error: BaseException) -> str:
    """What was raised and by which of our lines, ``KeyError in metadata.py:80: 'section'``."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
    ours = [frame for frame in frames if _is_ours(frame.filename)]
    where = (ours or frames)[-1:]
    place = "".join(f" in {Path(frame.filename).name}:{frame.lineno}" for frame in where)
    words = " ".join(well_formed(str(error)).split())[:_WORDS_CHARS]
    return f"{type(error).__name__}{place}" + (f": {words}" if words else "")


def _is_ours(name: str) -> bool:
    path = Path(name)
    return path.is_relative_to(_ROOT) and path.relative_to(_ROOT).parts[0] in _ROOMS

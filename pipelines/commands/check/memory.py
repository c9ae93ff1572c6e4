"""What the last message of ``newsbeam check`` told of, in a file of the user's."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from pipelines.checks import CommandError, UsageError

Key = tuple[str, str]
"""A finding's rule and subject."""


def remembered(file: str) -> frozenset[Key]:
    """What the file holds; nothing if it is not there, or is none of ours. Raises UsageError if it cannot be read."""
    try:
        told = json.loads(Path(file).read_bytes())["told"]
        return frozenset((str(rule), str(subject)) for rule, subject in told)
    except FileNotFoundError:
        return frozenset()
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}") from None
    except (ValueError, TypeError, KeyError, RecursionError):
        return frozenset()


def remember(file: str, keys: Iterable[Key]) -> None:
    """Write what was told, as a whole or not at all. Raises CommandError."""
    beside = Path(f"{file}.{os.getpid()}.new")
    try:
        beside.write_text(json.dumps({"told": sorted(keys)}, indent=1) + "\n", encoding="utf-8")
        beside.replace(file)
    except OSError as error:
        raise CommandError(f"cannot write {file}: {error.strerror}; the message is sent again") from None
    finally:
        beside.unlink(missing_ok=True)

"""Errors that libraries raise on hostile bytes, turned into failures of one page."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager


class LibraryError(Exception):
    """A library raised an error on a page; the message names the library and its error."""


@contextmanager
def library_call(name: str) -> Iterator[None]:
    """Turn any error that the library raises into LibraryError, so that the page fails and not the run.

    Put only the library's own call inside: a bug of ours would be taken for an error of the library. MemoryError passes
    through. trafilatura's log of discarded pages is silenced, because the failure row states the reason and the
    address.
    """
    logger = logging.getLogger("trafilatura")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    except MemoryError:
        raise
    except Exception as error:
        raise LibraryError(f"{name} raised {type(error).__name__}: {error}"[:500]) from error
    finally:
        logger.setLevel(level)

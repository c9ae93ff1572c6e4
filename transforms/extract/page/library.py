"""A library's call on hostile bytes."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager


class LibraryError(Exception):
    """A library raised on a page's bytes; the message names it and what it raised."""


@contextmanager
def library_call(name: str) -> Iterator[None]:
    """Whatever the library raises on a page is a LibraryError: the page's failure, not the run's.

    Put nothing but the library's own call inside: a bug of ours there would be taken for the library's. Its log of each
    discarded page is kept to itself: the failure row says it, with the address. MemoryError passes.
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

"""Splits a file's pages into portions: what a worker process is given at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from schemas.page import Page

_MOST_PAGES: Final = 8
_MOST_BYTES: Final = 512 * 1024
"""Pages of this size together take about a second."""
_PORTIONS_PER_WORKER: Final = 4


def portions(pages: Iterable[Page], rows: int, workers: int) -> Iterator[list[Page]]:
    """The pages in order, in lists of at most 8; a list ends with the page that brings it to 512 KiB.

    Of the `rows` pages a portion takes at most a fourth of each worker's share in what is left, so that portions become
    single pages toward the end and no worker waits long for the last one.
    """
    portion: list[Page] = []
    size_bytes = 0
    left = rows
    for page in pages:
        portion.append(page)
        size_bytes += len(page.body) + len(page.entry_content_html or "")
        fair = left // (_PORTIONS_PER_WORKER * workers)
        if len(portion) >= min(fair, _MOST_PAGES) or size_bytes >= _MOST_BYTES:
            yield portion
            left -= len(portion)
            portion, size_bytes = [], 0
    if portion:
        yield portion

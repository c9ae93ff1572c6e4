"""Makes fingerprints of texts, in worker processes where there are many."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from typing import Final, NamedTuple

import pyarrow as pa

from pipelines.checks import CommandError
from schemas.article import Article
from schemas.fingerprint import FINGERPRINTS
from transforms.clean.rules import is_headline
from transforms.compare.copies.fingerprint import fingerprint_of
from transforms.text.lines import body_line, words_of

_ALONE: Final = 4
"""Batches of texts that are done before workers are started, which takes a second."""


class TextToMark(NamedTuple):
    """A text, its number (`page_id`), and what tells it apart (`article_id`: the number, or that of a row of the same
    address)."""

    page_id: str
    article_id: str
    text: str
    title: str | None
    published_us: int | None
    at_us: int


def fingerprints(batches: Iterable[Sequence[TextToMark]], workers: int) -> Iterator[pa.Table]:
    """The fingerprints of each batch, in order. Raises CommandError if a worker is killed."""
    remaining = iter(batches)
    yield from map(fingerprints_of, islice(remaining, _ALONE))
    first = next(remaining, None)
    if first is None:
        return
    remaining = chain([first], remaining)
    if workers < 2:
        yield from map(fingerprints_of, remaining)
        return
    context = multiprocessing.get_context("spawn")  # a process forked from one with Arrow's threads may hang
    with ProcessPoolExecutor(workers, context) as pool:
        under_way: deque[Future[pa.Table]] = deque()
        try:
            for batch in remaining:
                under_way.append(pool.submit(fingerprints_of, batch))
                if len(under_way) > 2 * workers:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        except BrokenProcessPool:
            raise CommandError("a worker process was killed; was there enough memory?") from None


def fingerprints_of(texts: Sequence[TextToMark]) -> pa.Table:
    """The fingerprints of some texts, as a table."""
    return FINGERPRINTS.as_given([fingerprint_of(_article(one), one.page_id) for one in texts])


def _article(one: TextToMark) -> Article:
    """A text as an article; without its first line where that is its title, as a run takes it out of pages."""
    return Article(
        article_id=one.article_id,
        url="",
        canonical_url="",
        publisher_domain="",
        publisher_name=None,
        feed_url="",
        entry_id="",
        fetched_at_us=one.at_us,
        article_body=_without_title(one.text, one.title),
        body_source="",
        extractor="",
        content_hash="",
        date_published_us=one.published_us,
    )


def _without_title(text: str, title: str | None) -> str:
    if not title:
        return text
    first, _, rest = text.lstrip().partition("\n")
    return rest if rest.strip() and is_headline(body_line(first), words_of(title)) else text

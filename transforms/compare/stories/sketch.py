"""Makes an article's sketch: the words that tell what it is about, and its figures."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

import numpy as np

from schemas.article import Article
from schemas.story import Sketch
from transforms.text.shingles import has_unspaced, normalise

LEAD_WORDS: Final = 150
"""The words of a text that count as its lead. News has its news at the head; later comes shared background."""

HEADLINE_WEIGHT: Final = 2

PASSAGE_WORDS: Final = 20
"""The length of a passage: about a sentence. A word in many passages is ordinary. Counting passages, five articles are
enough to tell "the" from "ceasefire"; counting articles takes hundreds."""

MAX_CHARACTERS: Final = 40_000

_NAMES: Final = re.compile(r"[^\W\d_a-z](?<!\w\w)\w*")  # and other words whose first letter is not ASCII
_FIGURES: Final = re.compile(r"\d(?:[\d.,:]*\d)?")
_MOST: Final = 255


def sketch_of(article: Article, page_id: str, normalised: str | None = None) -> Sketch:
    """The sketch of a draft article, whose page is `page_id`; `normalised` is its whole text, if known. Takes about
    0.3 ms for 750 words; pure."""
    body = article.article_body[:MAX_CHARACTERS]
    if normalised is None or len(article.article_body) > MAX_CHARACTERS:
        normalised = normalise(body)
    headline = _terms(normalise(article.headline or ""))
    text = _terms(normalised)
    counts: Counter[str] = Counter()
    for term in headline:
        counts[term] += HEADLINE_WEIGHT
    counts.update(text[:LEAD_WORDS])
    counts.update([name.casefold() for name in _NAMES.findall(body) if name[0].isupper()])
    passages = _passages([*headline, *text])
    found = Counter(chain.from_iterable(passages))
    terms = sorted(counts)
    return Sketch(
        page_id=page_id,
        article_id=article.article_id,
        partition=article.published_date,
        language=(article.in_language or "").partition("-")[0],
        published_us=article.date_published_us,
        word_count=len(text),
        passage_count=len(passages),
        terms=_hashes(terms),
        counts=bytes([min(counts[term], _MOST) for term in terms]),
        passages=bytes([min(found.get(term, 1), _MOST) for term in terms]),
        figures=_hashes(sorted(set(figures_of(body)))),
        fetched_at_us=article.fetched_at_us,
    )


def without_terms(sketch: Sketch) -> Sketch:
    """The sketch without terms and figures, which only reports in its own language are compared by."""
    return replace(sketch, terms=b"", counts=b"", passages=b"", figures=b"")


def not_found(sketch: Sketch) -> Sketch:
    """The sketch without all that others are compared by, as it is kept of a copy."""
    return replace(without_terms(sketch), vector=None, marks=None)


def figures_of(text: str) -> Iterator[str]:
    """The figures of a text, digits only (``1.250``: ``1250``). Figures of one digit go: all texts share them."""
    for figure in _FIGURES.findall(text):
        digits = figure if figure.isdecimal() else re.sub(r"\D", "", figure)
        if len(digits) > 1:
            yield digits


def _terms(normalised: str) -> list[str]:
    """The words of a normalised text; in scripts without spaces, pairs of neighbouring characters."""
    words = normalised.split()
    if not has_unspaced(normalised):
        return words
    terms = []
    for word, after in zip(words, [*words[1:], ""], strict=True):
        if not has_unspaced(word):
            terms.append(word)
        elif has_unspaced(after):
            terms.append(word + after)
    return terms


def _passages(terms: Sequence[str]) -> list[frozenset[str]]:
    """The terms of each passage; at the end, a rest of less than half a passage is left out."""
    starts = range(0, max(len(terms) - PASSAGE_WORDS // 2, 1), PASSAGE_WORDS)
    return [frozenset(terms[start : start + PASSAGE_WORDS]) for start in starts]


def _hashes(terms: Sequence[str]) -> bytes:
    return np.array([zlib.crc32(term.encode("utf-8", "surrogatepass")) for term in terms], dtype="<u4").tobytes()

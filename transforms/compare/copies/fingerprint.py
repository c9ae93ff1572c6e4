"""Makes the fingerprint by which copies of an article are recognised, about a tenth of a page's size."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from schemas.article import Article
from schemas.fingerprint import Fingerprint
from transforms.compare.copies.listed import listed_words
from transforms.text.shingles import (
    FIGURE_BIT,
    SHINGLE_WORDS,
    UNSPACED_BIT,
    Hashes,
    first_occurrences,
    hash_normalised,
    normalise,
    shingle_sequence,
)

Shingles = NDArray[np.uint32]
"""The upper 32 bits of each shingle's hash; the two lowest of these are flags. Two unrelated texts of 35,000 words
share about one by chance."""

SAMPLE_MASK: Final = np.uint64(15)
"""One shingle in 16 is an index key, chosen by its hash. Two texts that share 100 shingles share about six keys."""

LEAD_SHINGLES: Final = 80
LEAD_BIT: Final = np.uint64(16)
"""Of the first 80 shingles every second is a key too, chosen by its hash: a teaser is short, and is cut from there."""

MIN_SHINGLES: Final = 20
"""A text with fewer shingles is a copy only of a text with the same words, because shared shingles prove too little."""


def fingerprint_of(article: Article, page_id: str, normalised: str | None = None) -> Fingerprint:
    """The fingerprint of a draft article, whose page is `page_id`; `normalised` is its text, if known. Takes 0.3 ms for
    750 words; pure and picklable."""
    if normalised is None:
        normalised = normalise(article.article_body)
    sequence = shingle_sequence(normalised)
    is_first = first_occurrences(sequence)
    shingles = sequence[is_first]
    digest = hash_normalised(normalised)
    return Fingerprint(
        page_id=page_id,
        article_id=article.article_id,
        canonical_url=article.canonical_url,
        publisher_domain=article.publisher_domain,
        published_us=article.date_published_us,
        fetched_at_us=article.fetched_at_us,
        partition=article.published_date,
        content_hash=digest,
        revision=1,
        cluster_id=None,
        word_count=normalised.count(" ") + 1 if normalised else 0,
        keys=to_bytes(index_keys(shingles, digest)) if normalised else b"",
        shingles=(shingles >> np.uint64(32)).astype("<u4").tobytes(),
        listed=_listed(article.article_body, is_first),
        withdrawn_at_us=article.withdrawn_at_us,
    )


def _listed(text: str, is_first: NDArray[np.bool_]) -> bytes | None:
    """The value of `Fingerprint.listed`. None too if the lines, normalised one by one, give another number of words
    than the whole text.
    """
    words = listed_words(text)
    if words.size != is_first.size + SHINGLE_WORDS - 1 or not words.any():
        return None
    return np.packbits(words[: is_first.size][is_first]).tobytes()


def is_listed(listed: bytes | None, size: int) -> NDArray[np.bool_]:
    """Which of a text's `size` shingles begin in a list."""
    if listed is None:
        return np.zeros(size, dtype=np.bool_)
    return np.unpackbits(np.frombuffer(listed, dtype=np.uint8), count=size).astype(np.bool_)


def index_keys(shingles: Hashes, digest: str) -> Hashes:
    """The sorted keys by which candidates are found: sampled shingles, and the content hash (for equal texts)."""
    is_key = (shingles & SAMPLE_MASK) == 0
    is_key[:LEAD_SHINGLES] |= (shingles[:LEAD_SHINGLES] & LEAD_BIT) == 0
    if shingles.size < MIN_SHINGLES:
        is_key[:] = False
    keys = np.append(shingles[is_key], np.uint64(int(digest[:16], 16)))
    keys.sort()
    return keys


def to_bytes(hashes: Hashes) -> bytes:
    """Hashes as stored: little-endian bytes."""
    return hashes.astype("<u8", copy=False).tobytes()


def from_bytes(stored: bytes) -> Hashes:
    """Hashes from stored bytes, without a copy."""
    return np.frombuffer(stored, dtype="<u8")


def shingles_of(stored: bytes) -> Shingles:
    """A text's distinct shingles in the order of first occurrence, from stored bytes without a copy."""
    return np.frombuffer(stored, dtype="<u4")


def items_a_word(shingles: Shingles) -> float:
    """Shingles for each word: 1, or up to 2 in scripts without spaces, where each character begins a shingle."""
    if not shingles.size:
        return 1.0
    return 1.0 + float(np.mean((shingles & np.uint32(UNSPACED_BIT >> np.uint64(32))) != 0))


def has_figure(shingles: Shingles) -> NDArray[np.bool_]:
    """Which shingles begin with a word that has a digit."""
    return np.asarray((shingles & np.uint32(FIGURE_BIT >> np.uint64(32))) != 0)

"""How near two articles in different languages are: by the meaning of headline and lead, and by their marks.

An embedding alone takes the same kind of event elsewhere for the same event ("bus falls into ravine", in Kerala and in
Nepal); countries and figures alone take everything of a place for one. Together each corrects the other. The weights
are those of a logistic regression, divided by that of the cosine (docs/decisions/0041-stories-across-languages.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.story import Sketch
from transforms.common.clock import DAY_US
from transforms.compare.stories.across.marks import MarkKind, Marks, shared

NEAR: Final = 0.93
"""The least nearness of two articles on one event."""

SIZE: Final = 384
"""The numbers of a vector, a byte each. One of another size, which another model would make, is not compared."""

LEAST_COSINE: Final = 0.84
"""Below this no marks help. Of two articles that have nothing to do with each other it is mostly 0.75 to 0.83."""

WORTH: Final = {
    MarkKind.COUNTRY: (0.044, 1),
    MarkKind.FIGURE_OF_DAY: (0.016, 2),
    MarkKind.FIGURE: (0.057, 2),
    MarkKind.NAME: (0.011, 3),
}
"""What a shared mark of each kind adds to the cosine, and how many of them count."""

DAYS_APART_US: Final = 3 * DAY_US
"""The same event is news in all languages within days; an anniversary is another event."""

_AT_ONCE: Final = 4_000_000
"""Cosines that are computed together: 16 MB."""

Vectors = NDArray[np.float32]


class Traces(NamedTuple):
    """Articles as other languages see them; all columns are of one length."""

    article_ids: Sequence[str]
    languages: NDArray[np.str_]
    published_us: NDArray[np.int64]
    vectors: Vectors
    """Of length 1."""
    marks: Sequence[Marks]
    story_ids: Sequence[str]


def traces_of(sketches: Sequence[Sketch]) -> Traces:
    """The traces of sketches that have a date, a vector and a story; others are left out."""
    some = [one for one in sketches if len(one.vector or b"") == SIZE and one.published_us is not None and one.story_id]
    vectors = np.frombuffer(b"".join(one.vector or b"" for one in some), np.int8).reshape(len(some), SIZE)
    vectors = vectors.astype(np.float32)
    return Traces(
        article_ids=[one.article_id for one in some],
        languages=np.array([one.language for one in some], dtype=np.str_),
        published_us=np.array([one.published_us for one in some], dtype=np.int64),
        vectors=vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1.0),
        marks=[np.frombuffer(one.marks or b"", "<u4") for one in some],
        story_ids=[one.story_id or "" for one in some],
    )


def nearness(cosine: float, one: Marks, other: Marks) -> float:
    """How near two articles are: the cosine of their vectors, and more for each mark that they share."""
    counts = shared(one, other)
    return cosine + sum(worth * min(counts[mark], most) for mark, (worth, most) in WORTH.items())


def near_pairs(some: Traces, others: Traces) -> Iterator[tuple[float, int, int]]:
    """The nearness of each pair in different languages, published within days, that is near; by number in each."""
    if not len(some.article_ids) or not len(others.article_ids):
        return
    rows = max(1, _AT_ONCE // len(others.article_ids))
    for start in range(0, len(some.article_ids), rows):
        piece = slice(start, start + rows)
        cosines = some.vectors[piece] @ others.vectors.T
        may = cosines >= LEAST_COSINE
        may &= some.languages[piece, np.newaxis] != others.languages
        may &= np.abs(some.published_us[piece, np.newaxis] - others.published_us) <= DAYS_APART_US
        for one, other in np.argwhere(may).tolist():
            near = nearness(float(cosines[one, other]), some.marks[start + one], others.marks[other])
            if near >= NEAR:
                yield near, start + one, other

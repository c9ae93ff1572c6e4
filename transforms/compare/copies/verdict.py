"""The verdict on a draft: whether it becomes a row, and whether it is a copy or a revision."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What becomes of a draft: a row (`ARTICLE`), or no row for one of three reasons."""

    ARTICLE = "article"
    UNCHANGED = "unchanged"
    SAME_ARTICLE = "same_article"
    SUPERSEDED = "superseded"


class Relation(StrEnum):
    """How an article relates to the article in `duplicate_of`, which is empty for an original."""

    ORIGINAL = "original"
    EXACT = "exact"
    NEAR = "near"
    ABRIDGED = "abridged"
    REVISION = "revision"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on the draft of page `page_id`. A run has exactly one for each of its fingerprints.

    `outcome` is ``article`` (write it), ``unchanged`` (an earlier run wrote the same words of this article),
    ``same_article`` (another page of this run stands for it) or, only where runs are decided anew, ``superseded``
    (later rows of the article have the number that it would need). `relation`, `duplicate_of` and `similarity` (0..1)
    are set only for ``article``, the last two not for originals. `is_unlike`: the draft has no passage in common with
    another text of its article_id, of this run or the former revision.
    """

    page_id: str
    article_id: str
    partition: str
    outcome: str
    revision: int
    relation: str | None = None
    duplicate_of: str | None = None
    cluster_id: str | None = None
    similarity: float | None = None
    is_unlike: bool = False

"""What is decided about a draft article."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What becomes of a draft: a row, or none and why."""

    ARTICLE = "article"
    UNCHANGED = "unchanged"
    SAME_ARTICLE = "same_article"


class Relation(StrEnum):
    """How an article relates to the one that `duplicate_of` names. An original names none."""

    ORIGINAL = "original"
    EXACT = "exact"
    NEAR = "near"
    ABRIDGED = "abridged"
    REVISION = "revision"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on the draft that page `page_id` gave. Exactly one for each fingerprint of a run.

    `outcome` is ``article`` (write it), ``unchanged`` (an earlier run wrote the same words of this article) or
    ``same_article`` (another page of this run stands for it); `relation`, `duplicate_of` and `similarity` (0..1) are
    set for the first only, `similarity` and `duplicate_of` not for originals. `is_unlike` says that the draft shares
    its article_id with a text that it has nothing in common with, of this run or the revision before.
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

"""Finds the articles that belong to one: its copies and originals, and the members of its story."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from schemas.article import ARTICLES
from schemas.fingerprint import FINGERPRINTS
from schemas.story import STORIES
from schemas.table import Table
from transforms.lake.committed import Committed
from transforms.lake.files.parts import PartReader
from transforms.lake.lookup.find_rows import Finder, Row

_SHOWN: Final = (
    "article_id", "canonical_url", "publisher_name", "headline", "in_language", "date_published", "fetched_at",
    "relation", "duplicate_of", "similarity",
)  # fmt: skip


@dataclass
class Relatives:
    """Articles of one cluster of copies and of one story, the earliest first, without the article itself.

    At most `most` of each are read; the numbers are of all.
    """

    copies: list[Row] = field(default_factory=list)
    copies_count: int = 0
    story: list[Row] = field(default_factory=list)
    story_count: int = 0


def relatives(reader: PartReader, held: Committed, article: Row, most: int) -> Relatives:
    """The relatives of an article, given its latest row. Raises DamagedPartError."""
    finder, found = Finder(reader, held), Relatives()
    if article.get("cluster_id"):
        members = _members(finder, FINGERPRINTS, "cluster_id", article)
        found.copies_count, found.copies = len(members), _articles(finder, members, most)
    if article.get("story_id"):
        members = _members(finder, STORIES, "story_id", article)
        found.story_count, found.story = len(members), _articles(finder, members, most)
    return found


def _members(finder: Finder, table: Table[Any], column: str, article: Row) -> dict[str, str]:
    """The partitions of the other articles of a group, by their ids."""
    rows = finder.rows(table, {column: {article[column]}}, ("article_id", "partition"))
    found = {row["article_id"]: row["partition"] for row in rows}
    found.pop(article["article_id"], None)
    return found


def _articles(finder: Finder, members: dict[str, str], most: int) -> list[Row]:
    """The latest row of each of the `most` articles of the earliest partitions."""
    first = sorted(members, key=lambda one: (members[one], one))[:most]
    days: Collection[date] = {date.fromisoformat(members[one]) for one in first}
    latest: dict[str, Row] = {}
    for row in finder.rows(ARTICLES, {"article_id": first}, _SHOWN, days):
        known = latest.get(row["article_id"])
        if known is None or known["fetched_at"] <= row["fetched_at"]:
            latest[row["article_id"]] = row
    return sorted(latest.values(), key=lambda row: (row.get("date_published") or row["fetched_at"], row["article_id"]))

"""The queries of docs/recipes.md, over a lake of which the answers are known, and over one without articles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schemas.article import Article
from tests import rows
from tests.test_export_articles import add_run
from tests.test_usage_recipe import NO_OBJECTIONS, OBJECTIONS, QUERY
from transforms.lake.committed import committed
from transforms.lake.files.storage import Storage
from transforms.lake.views import views_sql

PAGE = (Path(__file__).resolve().parents[1] / "docs/recipes.md").read_text()
RECIPES = dict(re.findall(r"^<!-- recipe ([\w ]+) -->\n```sql\n(.*?)^```$", PAGE, re.M | re.S))
HOUR_US = 3_600_000_000
CC_BY = "https://creativecommons.org/licenses/by/4.0/"


def article(number: int, hour: int = 0, **values: Any) -> Article:
    """An article of its own, published and fetched so many hours after noon, the number being its publisher's too."""
    article_id = f"{number:032x}"
    at = {"date_published_us": rows.NOON_US + hour * HOUR_US, "fetched_at_us": rows.NOON_US + hour * HOUR_US}
    own = {"article_id": article_id, "cluster_id": article_id, "story_id": article_id, "relation": "original"}
    place = {"publisher_domain": f"p{number}.example", "canonical_url": f"https://p{number}.example/{number}"}
    text = {"headline": f"Story {number}", "word_count": 10, "page_kind": "article", "run_id": "r"}
    return rows.article(**at | own | place | text | values)


def copy(number: int, of: int, hour: int, **values: Any) -> Article:
    first = f"{of:032x}"
    marks = {"cluster_id": first, "duplicate_of": first, "story_id": first, "relation": "near", "similarity": 0.9}
    return article(number, hour, **marks | values)


ARTICLES = [
    article(1, license=CC_BY),
    copy(2, 1, 1, license=CC_BY),
    copy(3, 1, 3, publisher_domain="p2.example", relation="abridged", similarity=0.8),
    article(4, 5, story_id=f"{1:032x}"),
    article(4, 5, story_id=f"{1:032x}", relation="revision", revision=2, similarity=0.5, headline="Edited",
            fetched_at_us=rows.NOON_US + 7 * HOUR_US, content_hash="b" * 32),
    article(4, 5, story_id=f"{1:032x}", relation="revision", revision=3, similarity=0.75, headline="Edited again",
            fetched_at_us=rows.NOON_US + 9 * HOUR_US, content_hash="c" * 32),
    article(5, 13, page_kind="gallery"),
    article(6, 14, word_count=30),
    article(7, license="https://creativecommons.org/licenses/by-nc/4.0/"),
    article(9, 100, license=CC_BY),
    article(9, 100, license=CC_BY, relation="revision", revision=2, fetched_at_us=rows.NOON_US + 101 * HOUR_US,
            withdrawn_at_us=rows.NOON_US + 101 * HOUR_US),
    article(8, license="https://creativecommons.org/publicdomain/zero/1.0/", is_accessible_for_free=False),
    *(article(20 + n, 100, license=CC_BY, usage_directives=(said,)) for n, said in enumerate(OBJECTIONS)),
    *(article(40 + n, 100, license=CC_BY, usage_directives=(said,)) for n, said in enumerate(NO_OBJECTIONS)),
]  # fmt: skip


def opened(lake: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("\n".join(views_sql(committed(Storage(str(lake))), str(lake))))
    connection.execute(RECIPES["latest"])
    return connection


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("recipes") / "lake"
    add_run(folder, 0, ARTICLES)
    with opened(folder) as connection:
        yield connection


def test_the_newest_revisions(lake: duckdb.DuckDBPyConnection) -> None:
    found = lake.sql("select article_id, headline from latest").fetchall()
    assert len(found) == len({one.article_id for one in ARTICLES})
    assert dict(found)[f"{4:032x}"] == "Edited again"


def test_daily_counts(lake: duckdb.DuckDBPyConnection) -> None:
    first, second, *_ = lake.sql(RECIPES["daily counts"]).fetchall()
    assert first == (date(2026, 3, 2), 6, 4, 5, 60), "a copy counts as an article, and not as a text"
    assert second == (date(2026, 3, 3), 1, 1, 1, 30), "a gallery is no article"


def test_who_copies_whom(lake: duckdb.DuckDBPyConnection) -> None:
    assert lake.sql(RECIPES["who copies whom"]).fetchall() == [
        ("p1.example", "p2.example", 2, 0.85, timedelta(hours=2)),
    ]


def test_the_time_line_of_a_story(lake: duckdb.DuckDBPyConnection) -> None:
    found = lake.sql(RECIPES["story time line"]).fetchall()
    assert [(publisher, headline) for _, publisher, _, headline in found] == [
        ("p1.example", "Story 1"),
        ("p2.example", "Story 2"),
        ("p2.example", "Story 3"),
        ("p4.example", "Edited again"),
    ]


def test_the_most_edited(lake: duckdb.DuckDBPyConnection) -> None:
    [(article_id, headline, edits, first_seen, last_edit, least_kept)] = lake.sql(RECIPES["most edited"]).fetchall()
    assert (article_id, headline, edits, least_kept) == (f"{4:032x}", "Edited again", 2, 0.5)
    assert last_edit - first_seen == timedelta(hours=4)


def test_a_sample_for_training_respects_licences_and_objections(lake: duckdb.DuckDBPyConnection) -> None:
    found = {row[0] for row in lake.sql(RECIPES["sample for training"]).fetchall()}
    allowed = {f"https://p{number}.example/{number}" for number in (1, *range(40, 40 + len(NO_OBJECTIONS)))}
    assert found == allowed
    condition = QUERY.partition("not exists")[2].rpartition(")")[0].split()
    assert " ".join(condition) in " ".join(RECIPES["sample for training"].split())


def test_none_fails_without_articles(tmp_path: Path) -> None:
    add_run(tmp_path / "lake", 0, [])
    with opened(tmp_path / "lake") as connection:
        for name, query in RECIPES.items():
            if name != "latest":
                assert connection.sql(query).fetchall() == [], name

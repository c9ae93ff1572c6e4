"""The query of docs/tables.md for articles whose publishers do not object to training, over each form of objection."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

TABLES = (Path(__file__).resolve().parents[1] / "docs/tables.md").read_text()
SECTION = TABLES.split("### Usage directives\n", 1)[1].split("\n### ", 1)[0]
[QUERY] = re.findall(r"^<!-- no objection to training -->\n```sql\n(.*?)^```$", SECTION, re.M | re.S)

OBJECTIONS = (
    "noai", "gptbot:noai", "noml", "tdm-reservation=1", "content-usage:train-ai=n",
    "robots.txt:content-usage:train-ai=n", "robots.txt:content-signal:ai-train=no", "robots.txt:gptbot=disallow",
    "robots.txt:kangaroo bot=disallow", "robots.txt:*=disallow", "rsl:prohibits-usage=ai-train",
    "rsl:permits-usage=search;payment=crawl", "feed:rsl:prohibits-usage=ai-all",
    "robots.txt:rsl:license=https://paper.example/license.xml",
)  # fmt: skip
NO_OBJECTIONS = (
    "noindex", "noimageai", "googlebot:noarchive", "tdm-reservation=0", "tdm-policy=https://paper.example/tdm",
    "content-usage:train-ai=y", "content-usage:search=n", "robots.txt:content-signal:search=no",
    "robots.txt:gptbot=allow",
)  # fmt: skip


def found(*rows: tuple[str, list[str] | None]) -> list[str]:
    """The headlines that the query finds among articles with these headlines and directives."""
    with duckdb.connect() as lake:
        lake.execute(
            "create table articles (headline varchar, publisher_name varchar, canonical_url varchar, "
            "usage_directives varchar[])"
        )
        lake.executemany("insert into articles values (?, null, null, ?)", [list(row) for row in rows])
        return [headline for headline, *_ in lake.execute(QUERY).fetchall()]


@pytest.mark.parametrize("statement", OBJECTIONS)
def test_an_article_is_left_out_for_one_objection_among_others(statement: str) -> None:
    assert found(("objects", sorted([statement, "noarchive"])), ("silent", [])) == ["silent"]


def test_other_statements_and_silence_leave_none_out() -> None:
    rows: list[tuple[str, list[str] | None]] = [(one, [one]) for one in NO_OBJECTIONS]
    assert sorted(found(*rows, ("silent", []), ("unknown", None))) == sorted([*NO_OBJECTIONS, "silent", "unknown"])

"""The published day is the one that the page prints, in the page's own zone, and the offset is the one stated."""

from __future__ import annotations

from datetime import date

import duckdb
import pyarrow as pa
import pytest

from schemas.article import ARTICLES
from tests.rows import article
from tests.transforms.extract.documents import json_ld, metadata_of, story
from transforms.text.dates.instants import read_instant


def us(text: str) -> int:
    instant = read_instant(text)
    assert instant is not None
    return instant.us


def day_of(head: str = "", body: str = "", attributes: str = "", **values: object) -> tuple[str, int | None] | None:
    said = metadata_of(head, body, attributes, **values)
    return (said.published_day.isoformat(), said.date_offset_minutes) if said.published_day is not None else None


@pytest.mark.parametrize(
    ("stated", "expected", "offset"),
    [
        ("2026-03-03T00:30:00+01:00", "2026-03-03", 60), ("2026-03-02T23:30:00Z", "2026-03-02", 0),
        ("2026-03-02T23:30:00-08:00", "2026-03-02", -480), ("2026-03-03T04:00:00+05:45", "2026-03-03", 345),
        ("Mon, 2 Mar 2026 23:30:00 -0500", "2026-03-02", -300), ("Mon, 02 Mar 2026 23:30:00 GMT", "2026-03-02", 0),
        ("Mon Mar 02 2026 23:30:00 GMT-0800 (PST)", "2026-03-02", -480), ("2 March 2026 23:30 EST", "2026-03-02", -300),
        ("2026-03-02T23:30:00", "2026-03-02", None), ("2026-03-02", "2026-03-02", None),
        ("2 March 2026", "2026-03-02", None), ("1772494200", "2026-03-02", None),
    ],
)  # fmt: skip
def test_the_day_is_that_of_the_source_in_its_own_offset(stated: str, expected: str, offset: int | None) -> None:
    meta = f'<meta property="article:published_time" content="{stated}">'
    assert day_of(json_ld(datePublished=stated)) == (expected, offset)
    assert day_of(meta) == (expected, offset)
    assert day_of("", story(f'<time datetime="{stated}">last night</time>')) == (expected, offset)


@pytest.mark.parametrize("stated", ["2026-03-02T23:30:00Z", "2026-03-02T23:30:00", "1772494200"])
@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("3 March 2026", "en-GB"), ("Am 3. März 2026", "de"), ("3 Mars 2026, 00h30", "fr"),
        ("Publié le 3 mars 2026", "fr"),
        ("Публикация: 3 марта 2026", "ru"), ("2026年3月3日", "ja"), ("3 de marzo de 2026", "es"), ("03.03.2026", "de"),
        ("۱۲ اسفند ۱۴۰۴", "fa"), ("3 มีนาคม 2569", "th"), ("2026년 3월 3일", "ko"), ("٣ مارس ٢٠٢٦", "ar"),
    ],
)  # fmt: skip
def test_a_source_in_utc_or_without_an_offset_leaves_the_day_to_what_is_printed(
    stated: str, line: str, language: str
) -> None:
    found = day_of(json_ld(datePublished=stated), story(f"<p>{line}</p>"), f'lang="{language}"')
    assert found is not None
    assert found[0] == "2026-03-03"


def test_the_day_of_the_feed_is_the_printed_one_and_else_that_in_utc() -> None:
    feed = {"entry_published_us": us("2026-03-02T23:30:00Z")}
    assert day_of("", story("<p>Oldport, 3.3.2026</p>"), 'lang="de"', **feed) == ("2026-03-03", None)
    assert day_of("", story(), **feed) == ("2026-03-02", None)
    assert day_of("", story("<p>5 March 2026</p>"), **feed) == ("2026-03-02", None)


def test_without_a_printed_day_the_address_may_tell_it() -> None:
    late = json_ld(datePublished="2026-03-03T02:30:00Z")
    assert day_of(late, story(), final_url="https://example.org/2026/03/02/quay") == ("2026-03-02", 0)
    assert day_of(late, story(), final_url="https://example.org/2026/02/02/quay") != ("2026-02-03", 0)


def test_a_stated_offset_is_believed_before_what_is_printed() -> None:
    stated = json_ld(datePublished="2026-03-02T23:30:00-08:00")
    assert day_of(stated, story("<p>3 March 2026</p>")) == ("2026-03-02", -480)


def test_the_day_of_an_edit_is_not_that_of_the_publication_unless_it_is_close_to_midnight() -> None:
    def stated(published: str) -> str:
        return json_ld(datePublished=published, dateModified="2026-03-03T09:00:00Z")

    line = story("<p>3 March 2026</p>")
    assert day_of(stated("2026-03-02T17:30:00Z"), line) == ("2026-03-02", 0)
    assert day_of(stated("2026-03-02T22:30:00Z"), line) == ("2026-03-03", 0)
    assert day_of(stated("2026-03-02T17:30:00Z"), story("<p>Updated 3 March 2026</p>")) == ("2026-03-02", 0)


def test_a_time_element_has_the_day_that_it_shows() -> None:
    element = '<time datetime="2026-03-02T23:30:00Z">{}</time>'
    assert day_of("", story(element.format("3 March 2026, 00:30"))) == ("2026-03-03", 0)
    assert day_of("", story(element.format("yesterday"))) == ("2026-03-02", 0)
    shown = '<time datetime="2026-03-06T10:18:00Z">Publié le 3 mars 2026</time>'
    assert day_of("", story(shown), 'lang="fr"') == ("2026-03-03", None)


def test_a_page_without_a_date_has_no_day() -> None:
    said = metadata_of("", story())
    assert (said.published_day, said.date_offset_minutes) == (None, None)


def test_readers_see_a_date() -> None:
    rows = ARTICLES.to_arrow([article(published_day=date(2026, 3, 3), date_offset_minutes=60), article()])
    assert duckdb.sql("select typeof(published_day) as kind, count(*) from rows group by all").fetchall() == [
        ("DATE", 2)
    ]
    assert pa.types.is_date32(rows.schema.field("published_day").type)
    assert rows.column("published_day").to_pylist() == [date(2026, 3, 3), None]

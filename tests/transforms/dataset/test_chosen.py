"""Which articles a dataset holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from schemas.article import ARTICLES
from tests.rows import NOON_US, article
from transforms.dataset.chosen import Chooser, LeftOut, Sums
from transforms.dataset.newest import Revisions, revisions_in
from transforms.dataset.one_of_copies import OneOfCopies
from transforms.dataset.wanted import Wanted

HOUR_US = 3_600_000_000
ALL = Wanted()
NONE = Revisions(pa.array([], pa.string()), pa.array([], pa.string()))


def rows(*some: dict[str, Any]) -> pa.Table:
    return ARTICLES.as_given(article(**one) for one in some)


def chosen(table: pa.Table, chooser: Chooser) -> tuple[list[str], Sums]:
    sums = Sums()
    kept = table.filter(pa.array(chooser.among(table, sums)))
    assert sums.read == kept.num_rows + sum(sums.left_out.values())
    return kept.column("headline").to_pylist(), sums


def pieces(table: pa.Table, at_once: int) -> Iterable[pa.Table]:
    return (table.slice(start, at_once) for start in range(0, table.num_rows, at_once))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"languages": frozenset({"de", "fr"})}, ["b"]),
        ({"countries": frozenset({"AT"})}, ["a", "b"]),
        ({"topics": frozenset({"politics"})}, ["c"]),
        ({"domains": frozenset({"example.org"})}, ["a"]),
        ({"hosts": frozenset({"news.example.com"})}, ["b"]),
        ({"hosts": frozenset({"example.com"})}, ["b", "c"]),
        ({"page_kinds": frozenset({"live_blog"})}, ["c"]),
        ({"min_words": 200}, ["b", "c"]),
        ({"min_words": 200, "languages": frozenset({"en"})}, ["c"]),
    ],
)
def test_by_facts(wanted: dict[str, Any], found: list[str]) -> None:
    table = rows(
        {"headline": "a", "in_language": "en", "countries": ("CH", "AT"), "word_count": 199},
        {
            "headline": "b",
            "in_language": "de",
            "countries": ("AT",),
            "word_count": 200,
            "publisher_domain": "example.com",
            "canonical_url": "https://news.example.com/b",
        },
        {
            "headline": "c",
            "in_language": "en",
            "word_count": 900,
            "topic": "politics",
            "page_kind": "live_blog",
            "publisher_domain": "example.com",
            "canonical_url": "https://www.example.com/c",
        },
    )
    kept, sums = chosen(table, Chooser(Wanted(**wanted), NONE))
    assert kept == found
    assert +sums.left_out == +Counter({LeftOut.NOT_WANTED: 3 - len(found)})


def test_days_are_from_the_first_on_and_before_the_last() -> None:
    wanted = Wanted(since=date(2026, 3, 2), until=date(2026, 3, 4))
    assert [day for day in range(1, 6) if wanted.has_day(date(2026, 3, day))] == [2, 3]
    assert ALL.has_day(date(1996, 1, 1))


@pytest.mark.parametrize("at_once", [1, 2, 100])
def test_only_the_newest_revision_stays_also_of_one_run(at_once: int) -> None:
    table = rows(
        {"headline": "new", "article_id": "a" * 32, "fetched_at_us": NOON_US + HOUR_US, "revision": 2, "run_id": "1"},
        {"headline": "old", "article_id": "a" * 32, "run_id": "1"},
        {"headline": "older", "article_id": "a" * 32, "fetched_at_us": NOON_US - HOUR_US, "run_id": "0"},
        {"headline": "alone", "article_id": "b" * 32},
        {"headline": "again", "article_id": "c" * 32, "run_id": "0"},
        {"headline": "last", "article_id": "c" * 32, "run_id": "1"},
    )
    revisions = revisions_in(lambda: pieces(table, at_once))
    kept, sums = chosen(table, Chooser(ALL, revisions))
    assert kept == ["new", "alone", "last"]
    assert sums.left_out[LeftOut.OLDER] == 3
    assert len(chosen(table, Chooser(ALL, revisions, all_revisions=True))[0]) == table.num_rows


@pytest.mark.parametrize("at_once", [1, 2, 100])
def test_what_its_newest_revision_says_is_withdrawn_is_left_out_with_all_revisions(at_once: int) -> None:
    later, last = NOON_US + HOUR_US, NOON_US + 2 * HOUR_US
    gone = {"article_id": "a" * 32, "run_id": "0"}
    back = {"article_id": "b" * 32, "run_id": "0"}
    withdrawn = {"revision": 2, "run_id": "1", "fetched_at_us": later, "withdrawn_at_us": later}
    table = rows(
        {"headline": "gone"} | gone,
        {"headline": "gone now"} | gone | withdrawn,
        {"headline": "back"} | back,
        {"headline": "away"} | back | withdrawn,
        {"headline": "back again", "revision": 3} | back | {"run_id": "2", "fetched_at_us": last},
        {"headline": "only its end is kept", "article_id": "c" * 32} | withdrawn,
    )
    revisions = revisions_in(lambda: pieces(table, at_once))
    kept, sums = chosen(table, Chooser(ALL, revisions))
    assert (kept, sums.withdrawn, sums.left_out[LeftOut.WITHDRAWN]) == (["back again"], 2, 2)
    kept, sums = chosen(table, Chooser(ALL, revisions, all_revisions=True))
    assert (kept, sums.withdrawn) == (["back", "away", "back again"], 3)
    kept, sums = chosen(table, Chooser(ALL, revisions, keeps_withdrawn=True))
    assert kept == ["gone now", "back again", "only its end is kept"]
    assert (sums.withdrawn, sums.left_out[LeftOut.WITHDRAWN]) == (2, 0)


def test_objections_are_counted_by_kind_and_heeded_unless_they_are_not() -> None:
    table = rows(
        {"headline": "a", "usage_directives": ("noai", "tdm-reservation=1")},
        {"headline": "b", "usage_directives": ("noml",), "in_language": "de"},
        {"headline": "c", "usage_directives": ("noarchive",)},
    )
    kept, sums = chosen(table, Chooser(ALL, NONE))
    assert (kept, sums.objecting, sums.left_out[LeftOut.OBJECTS]) == (["c"], 2, 2)
    assert sums.objections == {"no_ai": 2, "no_mining": 1}
    kept, sums = chosen(table, Chooser(ALL, NONE, honours_objections=False))
    assert (kept, sums.objecting, sums.left_out[LeftOut.OBJECTS]) == (["a", "b", "c"], 2, 0)
    _, sums = chosen(table, Chooser(Wanted(languages=frozenset({"de"})), NONE))
    assert sums.objections == {"no_ai": 1}, "what is not wanted objects to nothing"


def copies_of(table: pa.Table, wanted: Wanted = ALL, at_once: int = 1) -> list[str]:
    before = Chooser(wanted, NONE)
    copies = OneOfCopies(
        lambda: (piece.filter(pa.array(before.among(piece, Sums()))) for piece in pieces(table, at_once))
    )
    kept, sums = chosen(table, Chooser(wanted, NONE, copies=copies))
    assert sums.left_out[LeftOut.COPY] == table.num_rows - len(kept) - sums.left_out[LeftOut.NOT_WANTED]
    return kept


CLUSTER = rows(
    {"headline": "copy", "article_id": "b" * 32, "cluster_id": "a" * 32, "duplicate_of": "a" * 32, "relation": "near"},
    {
        "headline": "early copy",
        "article_id": "c" * 32,
        "cluster_id": "a" * 32,
        "duplicate_of": "a" * 32,
        "relation": "exact",
        "date_published_us": NOON_US - HOUR_US,
        "in_language": "de",
    },
    {"headline": "original", "article_id": "a" * 32, "cluster_id": "a" * 32, "relation": "original"},
    {"headline": "edited", "article_id": "a" * 32, "cluster_id": "a" * 32, "relation": "revision", "revision": 2},
    {"headline": "edited copy", "article_id": "b" * 32, "cluster_id": "a" * 32, "relation": "revision", "revision": 2},
    {"headline": "other", "article_id": "d" * 32, "cluster_id": "d" * 32, "relation": "original", "in_language": "de"},
)


@pytest.mark.parametrize("at_once", [1, 100])
def test_of_copies_the_original_stays_with_its_revisions(at_once: int) -> None:
    assert copies_of(CLUSTER, at_once=at_once) == ["original", "edited", "other"]


def test_where_the_original_is_not_among_them_the_earliest_copy_stays() -> None:
    assert copies_of(CLUSTER.slice(0, 2)) == ["early copy"]
    assert copies_of(CLUSTER, Wanted(languages=frozenset({"de"}))) == ["early copy", "other"]


def test_rows_of_old_lakes_without_clusters_are_no_copies() -> None:
    assert copies_of(rows({"headline": "a", "cluster_id": None}, {"headline": "b", "cluster_id": None})) == ["a", "b"]

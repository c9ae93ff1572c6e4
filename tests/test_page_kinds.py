"""Rows that are no articles are counted by what they are, and shown in the report."""

from __future__ import annotations

import io

from rich.console import Console

from pipelines.build_articles import _tally_kinds
from pipelines.report import print_run
from schemas.run import RunManifest, iso
from tests.rows import NOON_US, article
from transforms.lake.accounts import SUMS


def test_a_row_counts_by_its_kind_unless_it_is_an_article_and_outside_the_sums() -> None:
    kinds = ("article", "video", "live_blog", "article", "video")
    group = ("2026-03-02", [article(page_kind=kind) for kind in kinds])
    tallies = list(_tally_kinds(group))
    assert tallies == [("kind.video", 1), ("kind.live_blog", 1), ("kind.video", 1)]
    assert {name for name, _ in tallies}.isdisjoint(
        {term for _, terms_in, terms_out in SUMS for term in (*terms_in, *terms_out)}
    )


def test_the_report_names_the_kinds_where_there_are_any() -> None:
    def shown(counts: dict[str, int]) -> str:
        page = io.StringIO()
        manifest = RunManifest("run", "ingest", iso(NOON_US), iso(NOON_US), {}, {}, counts, {}, ())
        print_run(manifest, Console(file=page, width=200))
        return page.getvalue()

    assert "other kinds   2 video, 1 live_blog" in shown({"kind.video": 2, "kind.live_blog": 1})
    assert "other kinds" not in shown({"rows.articles": 9})

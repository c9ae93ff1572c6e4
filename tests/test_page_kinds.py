"""Rows that are no articles are shown in the report by what they are."""

from __future__ import annotations

import io

from rich.console import Console

from pipelines.commands.report.report import print_run
from schemas.run import RunManifest, iso
from tests.rows import NOON_US


def test_the_report_names_the_kinds_where_there_are_any() -> None:
    def shown(counts: dict[str, int]) -> str:
        page = io.StringIO()
        manifest = RunManifest("run", "ingest", iso(NOON_US), iso(NOON_US), {}, {}, counts, {}, ())
        print_run(manifest, Console(file=page, width=200))
        return page.getvalue()

    assert "other kinds   2 video, 1 live_blog" in shown({"kind.video": 2, "kind.live_blog": 1})
    assert "other kinds" not in shown({"rows.articles": 9})

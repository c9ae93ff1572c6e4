"""Revisits in a stream on a cluster: what bounded runs give, also where the worker of a piece dies."""

from __future__ import annotations

from typing import Any

import pytest

from newsroom import Answer
from pipelines.stream.do_pieces import do_piece
from pipelines.stream.piece import Piece
from pipelines.stream.piece_files import PieceFiles
from pipelines.stream.steps import RunWork, do_step
from schemas.run import iso
from tests.conftest import Desk
from tests.stream.engine import Engine, few_feeds
from tests.stream.test_stream_runs import assert_same_lakes

pytestmark = [pytest.mark.stream, pytest.mark.timeout(300)]
HOURS = 2
_DATE = ("Date", "Mon, 02 Mar 2026 09:00:00 GMT")


def change(desk: Desk) -> tuple[str, str]:
    """Edit an article and withdraw another, of which no feed tells."""
    listed = [row["url"] for row in sorted(desk.rows("articles", "batch"), key=lambda row: row["url"])]
    edited, gone = listed[0], listed[-1]
    text = "".join(f"<p>Paragraph {n} of the text as the desk has rewritten it since.</p>" for n in range(20))
    html = f"<html><body><article><h1>Rewritten</h1>{text}</article></body></html>"
    desk.room.script(edited, Answer(200, (("Content-Type", "text/html"), _DATE), html.encode()))
    desk.room.script(gone, Answer(410, (_DATE,), b""))
    return edited, gone


@pytest.mark.parametrize("dies", ["", "select", "fetch", "decide"])
def test_a_stream_on_a_cluster_revisits_as_bounded_runs_do(desk: Desk, dies: str) -> None:
    few_feeds(desk)
    engine = Engine(desk, "stream", "--revisit", "1h,7d")
    desk.run("batch", "--revisit", "1h,7d")
    engine.tick()
    edited, gone = change(desk)
    engine.clock.wait(HOURS * 3600)
    now = iso(desk.room.now_us + HOURS * 3_600_000_000)
    batch = desk.run("batch", "--revisit", "1h,7d", "--now", now)
    assert batch["counts"]["revisits.withdrawn"] == 1
    assert batch["counts"]["revisits.edited"] == 1

    def dies_once(piece: Piece, clock: Any) -> None:
        if piece.step == dies:  # it does all of its work, and nobody hears of it
            files = PieceFiles.of(piece)
            do_step(dies, RunWork(files.opened(), files, piece.shards, clock), piece.number)
        do_piece(piece, clock)

    engine.do = dies_once
    engine.tick()
    assert_same_lakes(desk, ("pages",))
    found = {lake: revisions(desk, lake, edited, gone) for lake in ("batch", "stream")}
    assert found["stream"] == found["batch"] == {edited: [(1, False), (2, False)], gone: [(1, False), (2, True)]}
    engine.clock.wait(60)
    engine.tick()
    assert revisions(desk, "stream", edited, gone) == found["batch"], "they are not due again"


def revisions(desk: Desk, lake: str, *urls: str) -> dict[str, list[tuple[int, bool]]]:
    rows = desk.rows("articles", lake)
    return {
        url: sorted((row["revision"], row["withdrawn_at"] is not None) for row in rows if row["url"] == url)
        for url in urls
    }

"""The fork server starts early only for runs that will probably build pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines import start_workers
from pipelines.start_workers import PRELOAD, start_workers_early

OLDER, NEWER = "20260302T080000.000000Z", "20260302T090000.000000Z"
FETCHED, IDLE = {"fetches.page": 3, "feeds": 1}, {"feeds": 1}


@pytest.mark.parametrize(
    ("older", "newer", "starts"),
    [
        (None, None, True),
        (IDLE, FETCHED, True),
        (FETCHED, IDLE, False),
        (FETCHED, "damaged", False),
        (FETCHED, ["no manifest"], False),
    ],
)
def test_the_newest_run_of_the_lake_decides(
    older: object, newer: object, starts: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[str, ...]] = []
    monkeypatch.setattr(start_workers, "start_fork_server", started.append)
    feeds, lake = tmp_path / "feeds.txt", tmp_path / "lake"
    (lake / "runs").mkdir(parents=True)
    for run_id, counts in ((OLDER, older), (NEWER, newer)):
        if counts is not None:
            text = counts if isinstance(counts, str) else json.dumps({"counts": counts})
            (lake / "runs" / f"{run_id}.json").write_text(text)
    start_workers_early(str(feeds), str(lake))
    assert not started, "a run without a feed list fails at once"
    feeds.write_text("https://news.example/feed")
    start_workers_early(str(feeds), str(lake))
    assert started == ([PRELOAD] if starts else [])


def test_no_request_goes_to_an_object_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[str, ...]] = []
    monkeypatch.setattr(start_workers, "start_fork_server", started.append)
    (tmp_path / "feeds.txt").write_text("https://news.example/feed")
    start_workers_early(str(tmp_path / "feeds.txt"), "s3://bucket/lake")
    assert started == []

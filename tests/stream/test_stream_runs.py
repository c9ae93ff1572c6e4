"""A stream gives the lake that bounded runs give, whatever becomes of its pieces."""

from __future__ import annotations

import logging
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pipelines.run.acquire_pages import page_store_of
from pipelines.stream import do_pieces, piece_files
from pipelines.stream.do_pieces import do_piece
from pipelines.stream.piece import Piece
from pipelines.stream.piece_files import PieceFiles
from pipelines.stream.steps import RunWork, do_step
from schemas.page import PAGES
from schemas.run import Step
from tests.conftest import Desk
from tests.stream.engine import Engine, few_feeds
from transforms.lake.files.lock import LakeGoneError, LockLostError
from transforms.lake.files.manifests import read_manifest
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import Storage, StorageError

pytestmark = [pytest.mark.stream, pytest.mark.timeout(300)]
TABLES = ("articles", "pages", "failures", "feed_polls")


@pytest.fixture
def small(desk: Desk) -> Desk:
    """A newsroom of which two feeds are read, with a lake of bounded runs over them."""
    few_feeds(desk)
    desk.run("batch")
    return desk


def assert_same_lakes(desk: Desk, tables: tuple[str, ...] = TABLES) -> None:
    for table in tables:
        assert desk.content(table, "stream") == desk.content(table, "batch"), table


def files_of(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def fetched(desk: Desk) -> Counter[str]:
    pages = {known.canonical_url.split("/", 3)[3] for known in desk.room.truth()}
    return Counter(request.path for request in desk.room.requests if request.path.removeprefix("/") in pages)


def test_runs_of_a_stream_give_the_lake_of_bounded_runs(desk: Desk) -> None:
    engine = Engine(desk)
    desk.run("batch")
    engine.tick()
    assert_same_lakes(desk)
    desk.room.advance(hours=1)
    engine.clock.wait(3600)
    desk.run("batch")
    engine.tick()
    assert_same_lakes(desk)
    assert not list((desk.folder / "stream/_state/pieces").glob("*/*"))
    assert not list((desk.folder / "stream/_state/open").glob("*"))
    first, _ = runs = [read_manifest(Storage(str(desk.folder / "stream")), one.stem) for one in manifests(desk)]
    assert {time.step for time in first.steps} == set(Step) - {Step.READ}
    for run in runs:
        assert all(run.started_at <= time.started_at <= time.finished_at <= run.finished_at for time in run.steps)
    bodies = [len(row["body"]) for row in desk.rows("pages", "stream") if row["run_id"] == first.run_id]
    assert first.counts["bytes.pages"] == sum(bodies)


def manifests(desk: Desk) -> list[Path]:
    return sorted((desk.folder / "stream/runs").glob("*.json"))


@pytest.mark.parametrize("seed", range(3))
def test_pieces_that_come_in_any_order_and_are_done_twice_count_once(small: Desk, seed: int) -> None:
    engine = Engine(small, seed=seed)

    def twice(piece: Piece, clock: Any) -> None:
        do_piece(piece, clock)
        before = files_of(small.folder / "stream")
        do_piece(piece, clock)
        assert files_of(small.folder / "stream") == before

    engine.do = twice
    small.room.clear_requests()
    engine.tick()
    assert_same_lakes(small)
    assert max(fetched(small).values()) == 1


@pytest.mark.parametrize("step", ["poll", "select", "fetch", "decide", "write"])
def test_a_piece_whose_worker_dies_before_it_ends_is_done_again(small: Desk, step: str) -> None:
    engine = Engine(small)
    small.room.clear_requests()

    def dies_once(piece: Piece, clock: Any) -> None:
        if piece.step == step:  # it does all of its work, and nobody hears of it
            files = PieceFiles.of(piece)
            do_step(step, RunWork(files.opened(), files, piece.shards, clock), piece.number)
        do_piece(piece, clock)

    engine.do = dies_once
    engine.tick()
    assert_same_lakes(small)
    assert max(fetched(small).values()) == 1, "stored pages are not fetched again"


def test_pages_of_a_worker_that_was_taken_for_dead_count_for_nothing(small: Desk) -> None:
    engine = Engine(small)

    def slow_worker(piece: Piece, clock: Any) -> None:
        files = PieceFiles.of(piece)
        if piece.step == "fetch":  # somebody has begun with it already
            assert files.claim("fetch", piece.number, "1")
        do_piece(piece, clock)
        if piece.step == "decide":  # and stores what it fetched only now
            run = files.opened().begun.run
            (part, *_) = [path for path in files.storage.list("pages") if f"-{0:05d}-" in path]
            pages = list(PartReader(files.storage).rows(PAGES, part))
            page_store_of(run).write(pages, "00000-000000001-0000")

    engine.do = slow_worker
    engine.tick()
    assert_same_lakes(small)


def test_of_two_workers_at_one_piece_the_earlier_stops_asking_hosts(small: Desk) -> None:
    engine = Engine(small)
    told: list[str] = []

    def two_workers(piece: Piece, clock: Any) -> None:
        files = PieceFiles.of(piece)
        if piece.step in ("poll", "fetch"):
            files.claim(piece.step, piece.number, "000000001")
            files.check_claim(piece.step, piece.number, "000000001")
        do_piece(piece, clock)
        if piece.step in ("poll", "fetch") and "entries" in next(files.outcomes("poll", 1)):
            with pytest.raises(LockLostError, match="another worker"):
                files.check_claim(piece.step, piece.number, "000000001")
            told.append(piece.step)

    engine.do = two_workers
    engine.tick()
    assert set(told) == {"poll", "fetch"}
    assert_same_lakes(small)


@pytest.mark.parametrize("step", ["poll", "fetch"])
def test_a_worker_that_has_lost_its_piece_ends_without_harm_to_the_run(
    small: Desk, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    engine, claim = Engine(small), PieceFiles.claim
    lost: list[str] = []

    def claimed_by_another(files: PieceFiles, of: str, number: int, worker: str) -> bool:
        is_first = claim(files, of, number, worker)
        if of == step and not lost:
            lost.append(step)
            claim(files, of, number, "000000001")
        return is_first

    def both(piece: Piece, clock: Any) -> None:
        do_piece(piece, clock)
        if piece.step == step:  # the other one
            do_piece(piece, clock)

    monkeypatch.setattr(PieceFiles, "claim", claimed_by_another)
    engine.do = both
    engine.tick()
    assert lost
    assert engine.state.failures == 0
    assert_same_lakes(small)


def test_what_a_worker_of_a_run_that_has_ended_still_does_is_refused(small: Desk) -> None:
    engine = Engine(small)
    pieces: list[Piece] = []

    def remembering(piece: Piece, clock: Any) -> None:
        pieces.append(piece)
        do_piece(piece, clock)

    engine.do = remembering
    engine.tick()
    before = files_of(small.folder / "stream")
    for piece in pieces:
        do_piece(piece, engine.clock)  # type: ignore[arg-type]
    assert files_of(small.folder / "stream") == before


def test_a_run_whose_sums_do_not_add_up_fails_and_the_next_adopts_its_pages(
    small: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    engine = Engine(small)

    def loses_a_failure(piece: Piece, clock: Any) -> None:
        do_piece(piece, clock)
        path = small.folder / f"stream/_state/pieces/{piece.run_id}/{piece.step}-{piece.number:05d}.pickle"
        if piece.step == "poll" and path.exists():
            path.unlink()
            PieceFiles.of(piece).keep(piece, {"entries": []})

    engine.do = loses_a_failure
    with caplog.at_level(logging.ERROR):
        engine.tick()
    assert any("does not add up" in str(getattr(record, "reason", "")) for record in caplog.records)
    assert engine.state.failures == 1
    assert not small.rows("articles", "stream")
    engine.do = do_piece
    engine.tick()
    assert engine.state.failures == 0
    assert_same_lakes(small, ("articles", "pages"))


def test_a_stream_that_has_lost_its_memory_takes_over_what_its_run_stored(small: Desk) -> None:
    engine = Engine(small)
    engine.look()
    while not any(piece.step == "decide" for piece in engine.on_the_way):
        engine.carry(1)
    small.room.clear_requests()
    lost = list(engine.on_the_way)
    again = Engine(small)  # with the same name: a job that was restored from an older checkpoint
    again.tick()
    assert_same_lakes(small, ("articles", "pages"))
    assert not fetched(small), "the pages of the run that died are adopted"
    before = files_of(small.folder / "stream")
    for piece in lost:
        do_piece(piece, again.clock)  # type: ignore[arg-type]
    assert files_of(small.folder / "stream") == before


def test_a_run_that_takes_too_long_is_given_up_and_its_stragglers_write_nothing(small: Desk) -> None:
    engine = Engine(small)
    engine.look()
    lost = [*engine.on_the_way]
    engine.on_the_way.clear()
    engine.clock.wait(300)
    assert not engine.look(), "half of its time: it is under way"
    engine.clock.wait(301)
    assert not engine.look()
    assert engine.state.run_id is None
    before = files_of(small.folder / "stream")
    for piece in lost:
        do_piece(piece, engine.clock)  # type: ignore[arg-type]
    assert files_of(small.folder / "stream") == before
    engine.tick()
    assert_same_lakes(small)


def test_a_run_whose_lake_is_away_at_its_end_is_ended_as_soon_as_it_is_back(
    small: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, away = Engine(small), iter([True] * 4 + [False] * 10**6)
    check = piece_files.check_lock

    def lake_is_away(*of: Any) -> None:
        if next(away):
            raise StorageError("nobody there")
        check(*of)

    def is_away_at_the_end(piece: Piece, clock: Any) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(do_pieces, "_PAUSE_S", 0.0)
            if piece.step == "commit":
                patch.setattr(piece_files, "check_lock", lake_is_away)
                patch.setattr(do_pieces, "do_step", lake_is_away)
            do_piece(piece, clock)

    engine.do = is_away_at_the_end
    engine.tick()
    assert not next(away)
    assert (engine.state.run_id, engine.state.failures) == (None, 1)
    engine.do = do_piece
    small.room.clear_requests()
    engine.tick()
    assert_same_lakes(small, ("articles", "pages"))
    assert not fetched(small), "its pages are adopted"


def test_a_piece_of_a_lake_that_is_deleted_in_the_midst_raises_nothing(
    small: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Engine(small)

    def loses_its_lake(*_: Any) -> None:
        shutil.rmtree(small.folder / "stream")
        raise LakeGoneError("deleted")

    monkeypatch.setattr(do_pieces, "do_step", loses_its_lake)
    engine.look()
    engine.carry()
    assert not files_of(small.folder / "stream")

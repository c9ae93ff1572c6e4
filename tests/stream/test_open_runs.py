"""When a stream opens its runs, and whom it lets go first."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipelines.stream.open_runs import StreamState, _OpenRunsFn
from pipelines.stream.piece_files import PieceFiles
from tests.conftest import Desk
from tests.stream.engine import Engine, few_feeds
from transforms.lake.files.lock import LEASE_S, lake_lock
from transforms.lake.files.storage import Storage

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def idle(desk: Desk) -> Desk:
    """A newsroom of which one page is read that is no feed, so that a run has next to nothing to do."""
    desk.feeds.write_text(desk.room.feeds[3])
    return desk


def manifests(desk: Desk) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted((desk.folder / "stream/runs").glob("*.json"))]


def test_ticks_keep_their_rhythm_and_those_passed_over_are_counted(idle: Desk) -> None:
    engine = Engine(idle, "stream", "--tick", "10s")
    began_us = engine.clock.us
    engine.tick()
    assert engine.state.next_tick_us == began_us + 10_000_000
    engine.clock.wait(7)
    assert not engine.look(), "not yet"
    assert engine.opener.wait_s(engine.state) == 3.0
    engine.clock.wait(3)
    assert engine.look()
    engine.clock.wait(25)
    assert not engine.look(), "the second run is under way, and two ticks are passed over"
    assert engine.opener.wait_s(engine.state) == 1.0
    engine.carry()
    assert engine.look(), "the tick that was waiting, at once"
    assert engine.state.next_tick_us == began_us + 40_000_000
    engine.carry()
    assert [manifest["counts"]["ticks.passed_over"] for manifest in manifests(idle)] == [0, 0, 1]
    assert {manifest["command"] for manifest in manifests(idle)} == {"stream"}


def test_a_changed_feed_list_counts_from_the_next_tick_and_a_broken_one_is_logged(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    few_feeds(desk)
    engine = Engine(desk, "stream", "--poll_interval", "0")
    engine.tick()
    desk.feeds.write_text("no feed list")
    with caplog.at_level(logging.ERROR):
        while not engine.state.failures:
            engine.clock.wait(engine.opener.wait_s(engine.state))
            assert not engine.look()
    assert "feed list" in str(getattr(caplog.records[-1], "mistake", ""))
    desk.feeds.write_text("\n".join(desk.room.feeds[:1]))
    engine.tick()
    assert [manifest["counts"]["feeds"] for manifest in manifests(desk)] == [2, 1]
    assert engine.state.failures == 0


def test_a_changed_settings_file_counts_from_the_next_tick(idle: Desk) -> None:
    settings = idle.folder / "newsbeam.toml"
    settings.write_text("copies_horizon_days = 5\n")
    engine = Engine(idle, "stream", "--config", str(settings))
    engine.tick()
    settings.write_text("copies_horizon_days = 6\noutput = 'elsewhere'\n")
    engine.tick()
    assert [manifest["settings"]["copies_horizon_days"] for manifest in manifests(idle)] == [5, 6]


def test_failures_in_a_row_make_longer_pauses(idle: Desk) -> None:
    idle.feeds.unlink()
    engine = Engine(idle, "stream", "--tick", "10s")
    pauses = []
    for _ in range(4):
        engine.look()
        pauses.append((engine.state.next_tick_us - engine.clock.us) / 1e6)
        engine.clock.us = engine.state.next_tick_us
    assert pauses == [10, 20, 40, 80]


def test_a_stream_and_bounded_runs_take_turns(idle: Desk) -> None:
    engine = Engine(idle, "stream", "--tick", "10s")
    storage = Storage(str(idle.folder / "stream"))
    with lake_lock(storage, "20260302T070000.000000Z"):
        assert not engine.look()
        assert (engine.state.passed, engine.state.failures) == (1, 0)
    engine.clock.wait(10)
    assert engine.look()
    refused = idle.ended("stream")
    assert refused.returncode == 75
    assert engine.state.run_id is not None
    assert engine.state.run_id in refused.stderr
    engine.carry()
    assert idle.ended("stream").returncode == 0
    engine.clock.wait(10)
    engine.tick()
    assert len(manifests(idle)) == 3


def test_another_stream_waits_until_the_lease_has_run_out(idle: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    engine, other = Engine(idle), Engine(idle, name="other")
    engine.look()
    dead = engine.state.run_id
    assert not other.look()
    lock = idle.folder / f"stream/_state/lock/{engine.state.generation:010d}.json"
    lock.write_text(json.dumps(json.loads(lock.read_text()) | {"renewed_s": 0.0}))
    other.tick()
    assert [manifest["run_id"] > str(dead) for manifest in manifests(idle)] == [True]
    engine.clock.wait(engine.opener.wait_s(engine.state))
    engine.look()
    assert engine.state.run_id is None, "it lost the lake"


def test_the_lease_is_renewed_at_each_look(idle: Desk) -> None:
    engine = Engine(idle, "stream", "--tick", "1h")
    engine.look()
    assert engine.opener.wait_s(engine.state) <= LEASE_S / 4
    lock = idle.folder / f"stream/_state/lock/{engine.state.generation:010d}.json"
    before = json.loads(lock.read_text())["renewed_s"]
    engine.look()
    assert json.loads(lock.read_text())["renewed_s"] > before


def test_a_lake_that_cannot_be_reached_is_tried_again_and_raises_nothing(idle: Desk) -> None:
    engine = Engine(idle)
    (idle.folder / "stream").write_text("in its place")
    assert not engine.look()
    assert engine.state.failures == 1
    (idle.folder / "stream").unlink()
    engine.tick()
    assert engine.state.failures == 0


def test_what_a_stream_remembers_comes_back_from_a_checkpoint() -> None:
    state = replace(StreamState(), run_id="20260302T070000.000000Z", generation=7, failures=2)
    assert StreamState.from_json(state.to_json()) == state
    assert StreamState.from_json(None) == StreamState()


class Cell:
    """Keyed state of one value, or a timer."""

    def __init__(self) -> None:
        self.value: Any = None

    def read(self) -> Any:
        return self.value

    def write(self, value: Any) -> None:
        self.value = value

    set = write


def test_each_look_sets_the_timer_of_the_next_and_keeps_the_state(idle: Desk) -> None:
    engine = Engine(idle, "stream", "--tick", "10s")
    step, state, timer = _OpenRunsFn(engine.opener), Cell(), Cell()
    step.process(("", b""), timer)
    first = timer.value
    assert list(step.look(state, timer))
    assert float(timer.value) - float(first) == pytest.approx(10, abs=5)
    assert StreamState.from_json(state.value).run_id is not None
    assert list(step.look(state, timer)) == [], "the run is under way"


def test_a_piece_of_a_run_holds_no_code_of_others(tmp_path: Path) -> None:
    storage = Storage(str(tmp_path))
    with lake_lock(storage, "20260302T070000.000000Z") as generation:
        files = PieceFiles(str(tmp_path), "20260302T070000.000000Z", generation)
        storage.put("_state/pieces/20260302T070000.000000Z/poll-00000.pickle", b"cos\nsystem\n(S'true'\ntR.")
        with pytest.raises(Exception, match=r"os\.system is not expected"):
            list(files.outcomes("poll", 1))

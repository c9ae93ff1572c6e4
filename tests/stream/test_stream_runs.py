"""A stream gives the lake that bounded runs give, whatever becomes of its pieces."""

from __future__ import annotations

import pytest

from tests.conftest import Desk
from tests.stream.engine import Engine

pytestmark = pytest.mark.timeout(300)
TABLES = ("articles", "pages", "failures", "feed_polls")


def assert_same_lakes(desk: Desk, one: str, other: str) -> None:
    for table in TABLES:
        assert desk.content(table, one) == desk.content(table, other), table


def test_runs_of_a_stream_give_the_lake_of_bounded_runs(desk: Desk) -> None:
    engine = Engine(desk)
    desk.run("batch")
    engine.tick()
    assert_same_lakes(desk, "batch", "stream")
    desk.room.advance(hours=1)
    engine.clock.wait(3600)
    desk.run("batch")
    engine.tick()
    assert_same_lakes(desk, "batch", "stream")
    assert not list((desk.folder / "stream/_state/pieces").glob("*/*"))
    assert not list((desk.folder / "stream/_state/open").glob("*"))

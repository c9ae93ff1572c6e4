"""A cluster in one process, for tests: it carries pieces in any order, loses workers, and does pieces again."""

from __future__ import annotations

import random
from argparse import Namespace
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

from pipelines.given.command_line import parsed
from pipelines.stream.barrier import _BarrierFn
from pipelines.stream.do_pieces import do_piece
from pipelines.stream.open_runs import Opener, StreamSettings, StreamState
from pipelines.stream.piece import Piece
from tests.conftest import COMMAND, Desk
from transforms.common.clock import SECOND_US

DoPiece = Callable[[Piece, Any], None]


class TestClock:
    """A clock that a test moves."""

    __test__ = False

    def __init__(self, now_us: int) -> None:
        self.us = now_us

    def now_us(self) -> int:
        return self.us

    def wait(self, seconds: float) -> None:
        self.us += round(seconds * SECOND_US)


class Bag(list[int]):
    """Keyed state of one key."""

    read = list[int].copy
    add = list[int].append


class Engine:
    """A stream's pipeline without a runner. `order` shuffles what is on its way; `do` may be replaced to do harm."""

    def __init__(self, desk: Desk, lake: str = "stream", *more: str, seed: int = 0, name: str = "one") -> None:
        self.clock = TestClock(desk.room.now_us)
        self.state = StreamState()
        self.on_the_way: deque[Piece] = deque()
        self.bags: defaultdict[str, Bag] = defaultdict(Bag)
        self.done: list[str] = []
        self.do: DoPiece = do_piece
        self._order = random.Random(seed)
        self.settings = StreamSettings(given(desk, lake, *more), ("--parallelism=2",), name, give_up_s=600.0)
        self.opener = Opener(self.settings, self.clock)  # type: ignore[arg-type]

    def look(self) -> bool:
        """One look of the stream's timer; whether a run was opened."""
        self.state, pieces = self.opener.look(self.state)
        self.on_the_way.extend(pieces)
        return bool(pieces)

    def tick(self) -> None:
        """A whole run: looks until one is opened, carries all of its pieces, and sees it end."""
        while not self.look():
            self.clock.wait(self.opener.wait_s(self.state))
        self.carry()
        self.look()

    def carry(self, most: int | None = None) -> None:
        """Do pieces, those on the way in any order, until none is left, or so many."""
        while self.on_the_way and most != 0:
            self._order.shuffle(self.on_the_way)
            self.step(self.on_the_way.popleft())
            most = None if most is None else most - 1

    def step(self, piece: Piece) -> None:
        """Do one piece and pass on what follows."""
        self.do(piece, self.clock)
        self.done.append(f"{piece.step}-{piece.number}")
        if piece.step in ("select", "decide"):
            self.on_the_way.extend(piece.following())
        else:
            self.on_the_way.extend(_BarrierFn().process((piece.key, piece), self.bags[piece.key]))


def few_feeds(desk: Desk) -> None:
    """Leave two feeds on different hosts in the list, so that a run takes a second."""
    desk.feeds.write_text("\n".join([desk.room.feeds[0], desk.room.feeds[7]]))


def given(desk: Desk, lake: str, *more: str) -> Namespace:
    """The options of a stream against the newsroom, as the command parses them."""
    arguments = desk.arguments(lake, *more, command="stream")[len(COMMAND) :]
    options, _ = parsed(arguments)
    return options

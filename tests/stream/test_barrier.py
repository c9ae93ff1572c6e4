"""Barriers let the next step begin when all pieces were there, and not before."""

from __future__ import annotations

import random

import pytest

from pipelines.stream.barrier import _BarrierFn
from pipelines.stream.piece import SPREAD, STEPS, Piece
from tests.stream.engine import Bag


def pieces(step: str, shards: int = 5) -> list[Piece]:
    return list(Piece("lake", "run", 1, shards, step).pieces())


@pytest.mark.parametrize("seed", range(5))
def test_the_next_step_begins_once_after_the_last_piece_in_any_order(seed: int) -> None:
    barrier, bag, given = _BarrierFn(), Bag(), pieces("fetch")
    random.Random(seed).shuffle(given)
    for piece in given[:-1]:
        assert not list(barrier.process((piece.key, piece), bag))
        assert not list(barrier.process((piece.key, piece), bag)), "twice is once"
    (following,) = barrier.process((given[-1].key, given[-1]), bag)
    assert (following.step, following.number, following.total) == ("decide", 0, 1)
    assert not bag, "nothing stays in the state"


def test_steps_follow_one_another_to_the_end() -> None:
    piece, seen = pieces("poll")[0], ["poll"]
    while following := list(piece.following()):
        assert [one.number for one in following] == list(range(5 if following[0].step in SPREAD else 1))
        piece = following[0]
        seen.append(piece.step)
    assert tuple(seen) == STEPS


def test_pieces_of_different_runs_and_steps_do_not_meet() -> None:
    keys = {piece.key for step in STEPS for piece in pieces(step)}
    assert len(keys) == len(STEPS)
    assert pieces("poll")[0]._replace(run_id="other").key not in keys

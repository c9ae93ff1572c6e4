"""Many inputs in one call: each has limits and an end of its own, whatever becomes of the others."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.failure import Reason
from transforms.sandbox import Sandbox, SandboxError, SandboxPool

pytestmark = pytest.mark.timeout(120)

HELD: list[bytearray] = []


def act(given: str) -> str:
    """Notes that an input was begun, then does what it says. Given as ``what file``."""
    what, _, path = given.partition(" ")
    with Path(path).open("a") as file:
        file.write(f"{what}\n")
    match what.rstrip("0123456789"):
        case "spin":
            while True:
                pass
        case "sleep":
            time.sleep(60)
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "die_once":
            if Path(path).read_text().count(what) == 1:
                os.kill(os.getpid(), signal.SIGKILL)
        case "eat":
            bytearray(1 << 30)
        case "hold":
            HELD.append(bytearray(80 << 20))
        case "bug":
            raise KeyError(what)
        case "work":
            until_s = time.process_time() + 0.6
            while time.process_time() < until_s:
                pass
    return f"{what} {os.getpid()}"


@pytest.fixture(scope="module")
def pool() -> Iterator[SandboxPool]:
    pool = Sandbox(workers=1, cpu_limit_s=1, memory_limit_bytes=256 << 20, keep_limit_bytes=64 << 20).open()
    yield pool
    pool.close()


def ends(pool: SandboxPool, folder: Path, *whats: str) -> tuple[list[str], list[str], list[str]]:
    """What became of each input: its own word or its reason; which were begun; and the workers in their order."""
    given = [f"{what} {folder / 'begun'}" for what in whats]
    found, workers = [], []
    for future in pool.submit_each(act, given):
        try:
            what, worker = future.result(timeout=60).split()
        except SandboxError as error:
            found.append(error.reason.value)
        except KeyError:
            found.append("its own error")
        else:
            found.append(what)
            workers += [worker] if worker not in workers else []
    return found, (folder / "begun").read_text().split(), workers


@pytest.mark.parametrize(
    ("what", "reason", "begun"),
    [
        ("spin", Reason.TIMEOUT, ["spin"]),
        ("sleep", Reason.TIMEOUT, ["sleep"]),
        ("eat", Reason.MEMORY, ["eat"]),
        ("die", Reason.CRASH, ["die", "die"]),
    ],
)
def test_the_input_that_goes_wrong_is_blamed_and_no_other_is_lost_or_begun_twice(
    pool: SandboxPool, tmp_path: Path, what: str, reason: Reason, begun: list[str]
) -> None:
    found, noted, workers = ends(pool, tmp_path, "well1", "well2", what, "well3", what, "well4")
    assert found == ["well1", "well2", reason.value, "well3", reason.value, "well4"]
    assert noted == ["well1", "well2", *begun, "well3", *begun, "well4"]
    assert len(workers) == 3


def test_an_input_whose_worker_was_killed_once_is_tried_once_more_and_each_input_has_its_own_tries(
    pool: SandboxPool, tmp_path: Path
) -> None:
    found, noted, _ = ends(pool, tmp_path, "die_once1", "die_once2", "well", "die_once3")
    assert found == ["die_once1", "die_once2", "well", "die_once3"]
    assert noted == ["die_once1"] * 2 + ["die_once2"] * 2 + ["well"] + ["die_once3"] * 2


def test_an_inputs_own_error_costs_neither_the_worker_nor_the_inputs_behind_it(
    pool: SandboxPool, tmp_path: Path
) -> None:
    found, _, workers = ends(pool, tmp_path, "well1", "bug", "well2")
    assert found == ["well1", "its own error", "well2"]
    assert len(workers) == 1


def test_the_limit_of_processor_time_is_that_of_each_input_and_not_of_all(pool: SandboxPool, tmp_path: Path) -> None:
    found, _, workers = ends(pool, tmp_path, *(f"work{n}" for n in range(4)))
    assert found == [f"work{n}" for n in range(4)]
    assert len(workers) == 1


def test_a_worker_that_keeps_too_much_is_replaced_between_two_inputs(pool: SandboxPool, tmp_path: Path) -> None:
    found, noted, workers = ends(pool, tmp_path, "hold1", "well1", "hold2", "well2")
    assert found == noted == ["hold1", "well1", "hold2", "well2"]
    assert len(workers) == 3, "hold1 alone, well1 and hold2, well2"


def test_results_come_as_they_are_made_and_closing_ends_the_rest(tmp_path: Path) -> None:
    pool = Sandbox(workers=1, cpu_limit_s=50).open()
    first, hanging, waiting = pool.submit_each(act, [f"{what} {tmp_path / 'begun'}" for what in ("a", "spin", "b")])
    assert first.result(timeout=60).startswith("a ")
    pool.close()
    assert isinstance(hanging.exception(timeout=0), SandboxError)
    assert isinstance(waiting.exception(timeout=0), SandboxError)
    assert "b" not in (tmp_path / "begun").read_text().split()

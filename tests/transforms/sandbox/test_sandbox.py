"""The sandbox: results and errors pass, and whatever hangs, eats memory or dies costs one worker only."""

from __future__ import annotations

import ctypes
import os
import pickle
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.failure import Reason
from transforms.sandbox import Sandbox, SandboxError, SandboxPool


def double(number: int) -> int:
    return 2 * number


def refuse(message: str) -> None:
    raise ValueError(message)


def spin() -> None:
    while True:
        pass


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def nap(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def eat(megabytes: int) -> int:
    return len(bytearray(megabytes << 20))


def crash() -> None:
    ctypes.string_at(0)


HELD: list[bytearray] = []


def hold(megabytes: int) -> int:
    HELD.append(bytearray(megabytes << 20))
    return os.getpid()


def pid_after(megabytes: int) -> int:
    return os.getpid() if bytearray(megabytes << 20) else 0


@pytest.fixture(scope="module")
def pool() -> Iterator[SandboxPool]:
    pool = Sandbox(workers=2, cpu_limit_s=1, memory_limit_bytes=256 << 20).open()
    yield pool
    pool.close()


def test_a_result_comes_back(pool: SandboxPool) -> None:
    assert pool.submit(double, 21).result() == 42


def test_the_functions_own_error_comes_back_as_it_is(pool: SandboxPool) -> None:
    with pytest.raises(ValueError, match="no such thing") as raised:
        pool.submit(refuse, "no such thing").result()
    last_line = traceback.format_exception_only(raised.value)[-1]  # all that Beam's messages quote
    assert last_line.strip() == "ValueError: no such thing"


def test_a_worker_does_not_run_the_main_module_again_which_stays_as_it_was(tmp_path: Path) -> None:
    main = sys.modules["__main__"]
    before = dict(vars(main))
    path = tmp_path / "script.py"
    path.write_text("raise SystemExit('this script was run in a worker')")
    main.__file__, main.__spec__ = str(path), None
    pool = Sandbox(workers=1).open()
    try:
        assert pool.submit(double, 21).result(timeout=60) == 42
        assert (main.__file__, main.__spec__) == (str(path), None)
    finally:
        pool.close()
        vars(main).clear()
        vars(main).update(before)


@pytest.mark.parametrize(
    ("function", "args", "reason"),
    [
        (spin, (), Reason.TIMEOUT),
        (sleep, (60.0,), Reason.TIMEOUT),
        (eat, (2048,), Reason.MEMORY),
        (crash, (), Reason.CRASH),
    ],
)
def test_what_does_not_end_well_is_a_sandbox_error_and_the_pool_goes_on(pool, function, args, reason) -> None:
    with pytest.raises(SandboxError) as caught:
        pool.submit(function, *args).result(timeout=30)
    assert caught.value.reason is reason
    assert pool.submit(double, 4).result() == 8


def test_a_hanging_call_does_not_hold_up_the_other_worker(pool: SandboxPool) -> None:
    for warm in [pool.submit(sleep, 0.5) for _ in range(2)]:
        warm.result(timeout=30)
    hanging = pool.submit(spin)
    assert pool.submit(double, 1).result(timeout=60) == 2
    assert not hanging.done()
    with pytest.raises(SandboxError):
        hanging.result(timeout=30)


def test_a_worker_that_keeps_much_memory_is_replaced_and_no_call_is_lost() -> None:
    pool = Sandbox(workers=1, memory_limit_bytes=512 << 20, keep_limit_bytes=64 << 20).open()
    try:
        waiting = [pool.submit(hold, 40) for _ in range(6)]  # a worker passes the limit with its second
        first, second, third, *_ = pids = [future.result(timeout=30) for future in waiting]
        assert first == second != third
        assert len(set(pids)) == 3
    finally:
        pool.close()


def test_a_worker_that_gives_its_memory_back_is_kept() -> None:
    pool = Sandbox(workers=1, memory_limit_bytes=512 << 20, keep_limit_bytes=64 << 20).open()
    try:
        assert len({pool.submit(pid_after, 200).result(timeout=30) for _ in range(3)}) == 1
    finally:
        pool.close()


def test_a_worker_that_ran_out_of_memory_is_replaced() -> None:
    pool = Sandbox(workers=1, memory_limit_bytes=256 << 20).open()
    try:
        before = pool.submit(os.getpid).result(timeout=30)
        with pytest.raises(SandboxError):
            pool.submit(eat, 1024).result(timeout=30)
        assert pool.submit(os.getpid).result(timeout=30) != before
    finally:
        pool.close()


def test_a_pool_at_rest_ends_idle_workers_and_starts_new_ones_for_later_calls() -> None:
    pool = Sandbox(workers=1, cpu_limit_s=57).open()
    try:
        first = pool.submit(os.getpid).result(timeout=60)
        time.sleep(0.5)
        assert pool.submit(os.getpid).result(timeout=60) == first, "it stays until the pool rests"
        busy = pool.submit(nap, 1.0)
        pool.rest()
        assert busy.result(timeout=60) == first, "what it is at, it ends"
        ended_s = time.monotonic() + 30
        while Path(f"/proc/{first}").exists() and time.monotonic() < ended_s:
            time.sleep(0.05)
        assert not Path(f"/proc/{first}").exists()
        assert pool.submit(os.getpid).result(timeout=60) != first
    finally:
        pool.close()


def test_a_pool_can_be_closed_while_a_worker_hangs_and_no_call_is_left_without_an_end() -> None:
    pool = Sandbox(workers=1, cpu_limit_s=60).open()
    hanging, waiting = pool.submit(spin), pool.submit(double, 2)
    while not hanging.running():
        time.sleep(0.01)
    started = time.monotonic()
    pool.close()
    assert time.monotonic() - started < 10
    assert isinstance(hanging.exception(timeout=0), SandboxError)
    assert waiting.cancelled()
    with pytest.raises(RuntimeError, match="closed"):
        pool.submit(double, 2)


def test_steps_with_equal_limits_share_a_pool_that_ends_with_the_last_of_them() -> None:
    limits = Sandbox(workers=1, cpu_limit_s=59)
    pool, other = limits.open(), Sandbox(workers=1, cpu_limit_s=58).open()
    again = limits.open()
    assert again is pool
    assert other is not pool
    other.close()
    again.close()
    assert pool.submit(double, 2).result(timeout=60) == 4, "one of the two still has it"
    pool.close()
    with pytest.raises(RuntimeError, match="closed"):
        pool.submit(double, 2)
    fresh = limits.open()
    assert fresh is not pool
    assert fresh.submit(double, 2).result(timeout=60) == 4
    fresh.close()


def test_the_limits_pickle() -> None:
    assert pickle.loads(pickle.dumps(Sandbox(workers=3))) == Sandbox(workers=3)

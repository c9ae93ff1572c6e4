"""The sandbox: results and errors pass, and whatever hangs, eats memory or dies costs one worker only."""

from __future__ import annotations

import ctypes
import pickle
import time
from collections.abc import Iterator

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


def eat(megabytes: int) -> int:
    return len(bytearray(megabytes << 20))


def crash() -> None:
    ctypes.string_at(0)


@pytest.fixture(scope="module")
def pool() -> Iterator[SandboxPool]:
    pool = Sandbox(workers=2, cpu_limit_s=1, memory_limit_bytes=256 << 20).open()
    yield pool
    pool.close()


def test_a_result_comes_back(pool: SandboxPool) -> None:
    assert pool.submit(double, 21).result() == 42


def test_the_functions_own_error_comes_back_as_it_is(pool: SandboxPool) -> None:
    with pytest.raises(ValueError, match="no such thing"):
        pool.submit(refuse, "no such thing").result()


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
    hanging = pool.submit(spin)
    started = time.monotonic()
    assert pool.submit(double, 1).result() == 2
    assert time.monotonic() - started < 0.9
    with pytest.raises(SandboxError):
        hanging.result(timeout=30)


def test_the_limits_pickle() -> None:
    assert pickle.loads(pickle.dumps(Sandbox(workers=3))) == Sandbox(workers=3)

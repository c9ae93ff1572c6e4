"""Whatever is killed, and however often: each call ends, soon, and the pool goes on."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from schemas.failure import Reason
from tests.fork_server import start_fork_server
from transforms.sandbox import NoWorkersError, Sandbox, SandboxError, SandboxPool, sandbox
from transforms.sandbox.worker import Worker

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(scope="module", autouse=True)
def _new_fork_server() -> Iterator[None]:
    """Leaves other tests a fork server as it was."""
    yield
    forkserver._forkserver._stop()  # type: ignore[attr-defined]
    start_fork_server()


def double(number: int) -> int:
    return 2 * number


def sleep(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def die_once(marker: str) -> int:
    if not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid()


def die(tries: str) -> None:
    with Path(tries).open("a") as file:
        file.write("x")
    os.kill(os.getpid(), signal.SIGKILL)


def leave(line: Connection, memory_limit_bytes: int) -> None:
    """What a worker does where the machine has no room for it."""


def refuse_deeply() -> None:
    raise KeyError("not there")


class Unreadable:
    def __reduce__(self) -> tuple[Any, ...]:
        return int, ("no number",)


def unreadable() -> Unreadable:
    return Unreadable()


def unsendable() -> Callable[[], None]:
    return lambda: None


@pytest.fixture
def pool() -> Iterator[SandboxPool]:
    pool = Sandbox(workers=2, cpu_limit_s=5).open()
    yield pool
    pool.close()


def fork_server() -> int:
    pid = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
    assert isinstance(pid, int)
    return pid


def children_of(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            name, rest = stat.read_text().rsplit(")", 1)
            if int(rest.split()[1]) == parent:
                found.append(int(name.split()[0]))
    return found


@contextmanager
def killing(victims: Callable[[], list[int]], every_s: float) -> Iterator[None]:
    """Kill them again and again while the block runs."""
    stop = threading.Event()

    def kill() -> None:
        while not stop.wait(every_s):
            for pid in victims():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        yield
    finally:
        stop.set()
        killer.join()


def ends(pool: SandboxPool, calls: int) -> list[int]:
    """What some calls give."""
    waiting = [pool.submit(double, number) for number in range(calls)]
    return [future.result(timeout=60) for future in waiting]


def test_a_call_whose_worker_is_killed_is_tried_once_more(pool: SandboxPool, tmp_path: Path) -> None:
    assert pool.submit(die_once, str(tmp_path / "died")).result(timeout=60) > 0
    assert (tmp_path / "died").exists()


def test_a_call_that_kills_its_worker_each_time_is_a_crash_after_two(pool: SandboxPool, tmp_path: Path) -> None:
    with pytest.raises(SandboxError) as caught:
        pool.submit(die, str(tmp_path / "tries")).result(timeout=60)
    assert (caught.value.reason, caught.value.message) == (Reason.CRASH, "the worker process ended with exit code -9")
    assert (tmp_path / "tries").read_text() == "xx"
    assert pool.submit(double, 2).result(timeout=60) == 4


def test_an_idle_worker_that_was_killed_costs_no_call(pool: SandboxPool) -> None:
    for _ in range(5):
        pid = pool.submit(os.getpid).result(timeout=60)
        os.kill(pid, signal.SIGKILL)
        assert pool.submit(double, 3).result(timeout=60) == 6


def test_a_killed_fork_server_costs_no_call(pool: SandboxPool) -> None:
    for _ in range(3):
        slow = [pool.submit(sleep, 0.5) for _ in range(2)]
        time.sleep(0.2)
        os.kill(fork_server(), signal.SIGKILL)
        assert all(future.result(timeout=60) > 0 for future in slow)
        os.kill(slow[0].result(), signal.SIGKILL)  # so that the next one needs a fork server
        assert ends(pool, 4) == [0, 2, 4, 6]


def test_a_call_killed_together_with_the_fork_server_is_tried_once_more(pool: SandboxPool, tmp_path: Path) -> None:
    pool.submit(double, 1).result(timeout=60)
    dying = pool.submit(die_once, str(tmp_path / "died"))
    os.kill(fork_server(), signal.SIGKILL)
    assert dying.result(timeout=60) > 0


def test_every_call_ends_and_the_pool_lives_on_after_all_workers_were_killed_as_they_appeared(
    pool: SandboxPool,
) -> None:
    waiting = [pool.submit(sleep, 0.05) for _ in range(20)]
    with killing(lambda: children_of(fork_server()), every_s=0.005):
        time.sleep(5)
    assert {type(future.exception(timeout=60)) for future in waiting} <= {type(None), SandboxError}
    assert ends(pool, 3) == [0, 2, 4]


def test_every_call_ends_and_the_pool_lives_on_after_many_fork_servers_were_killed(pool: SandboxPool) -> None:
    waiting = [pool.submit(sleep, 0.05) for _ in range(20)]
    with killing(lambda: [fork_server(), *children_of(fork_server())], every_s=0.5):
        time.sleep(5)
    assert {type(future.exception(timeout=60)) for future in waiting} <= {type(None), SandboxError}
    assert ends(pool, 3) == [0, 2, 4]


def test_where_no_worker_comes_to_life_every_call_says_so_and_nothing_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_NO_WORKERS_S", 1.0)
    monkeypatch.setattr("transforms.sandbox.worker.serve", leave)
    pool = Sandbox(workers=2).open()
    try:
        started = time.monotonic()
        for future in [pool.submit(double, number) for number in range(6)]:
            with pytest.raises(NoWorkersError, match="no worker process comes to life"):
                future.result(timeout=60)
        assert time.monotonic() - started < 30
        monkeypatch.undo()
        assert ends(pool, 3) == [0, 2, 4]
    finally:
        pool.close()


def impatient_with(stopped: int) -> Callable[[Worker], None]:
    """`Worker._await_ready` with little patience for this process alone: the next one may take its time to start."""
    await_ready = Worker._await_ready

    def wait(worker: Worker) -> None:
        with pytest.MonkeyPatch.context() as patch:
            if worker._pid == stopped:
                patch.setattr("transforms.sandbox.worker._START_S", 0.2)
            await_ready(worker)

    return wait


def test_a_stopped_worker_is_ended_as_one_that_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = Sandbox(workers=1, cpu_limit_s=0.5).open()
    try:
        stopped = pool.submit(os.getpid).result(timeout=60)
        os.kill(stopped, signal.SIGSTOP)
        monkeypatch.setattr(Worker, "_await_ready", impatient_with(stopped))
        assert pool.submit(double, 2).result(timeout=60) == 4
        assert not Path(f"/proc/{stopped}").exists()
    finally:
        pool.close()


def test_a_cancelled_call_raises_nothing_in_the_pool(pool: SandboxPool, caplog: pytest.LogCaptureFixture) -> None:
    async def give_up() -> None:
        calls = [asyncio.wrap_future(pool.submit(sleep, 0.3)) for _ in range(6)]
        await asyncio.sleep(0.1)
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)

    asyncio.run(give_up())
    late = [pool.submit(sleep, 0.2) for _ in range(4)]
    late[3].cancel()
    assert ends(pool, 3) == [0, 2, 4]
    assert late[3].cancelled()
    logged = [record for record in caplog.records if record.name.startswith("concurrent.futures")]
    assert logged == [], "InvalidStateError and the like are logged there"


def test_a_bug_comes_with_the_place_in_the_worker_where_it_arose(pool: SandboxPool) -> None:
    with pytest.raises(KeyError, match="not there") as caught:
        pool.submit(refuse_deeply).result(timeout=60)
    assert "in refuse_deeply" in caught.value.__notes__[0]


@pytest.mark.parametrize("function", [unreadable, unsendable])
def test_a_result_that_cannot_travel_is_an_error_of_its_call_alone(pool: SandboxPool, function: Any) -> None:
    with pytest.raises(Exception, match=r"invalid literal|pickle"):
        pool.submit(function).result(timeout=60)
    assert ends(pool, 3) == [0, 2, 4]

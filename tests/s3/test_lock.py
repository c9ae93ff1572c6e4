"""One run of several gets a lake in an object store, and a store that cannot see to that is refused."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.s3.conftest import StoreDesk
from tests.s3.front import UnconditionalFront
from tests.s3.versitygw import S3Server
from transforms.lake.files.holder import Holder
from transforms.lake.files.layout import lock_path
from transforms.lake.files.lock import LockLostError, check_lock, lake_lock
from transforms.lake.files.storage import Storage

CONTENDER = """
import sys
from transforms.lake.files.holder import Holder
from transforms.lake.files.layout import lock_path
from transforms.lake.files.lock import LakeLockedError, lake_lock
from transforms.lake.files.storage import Storage
storage = Storage(sys.argv[1])
storage.exists("x")
for line in sys.stdin:
    try:
        with lake_lock(storage, f"run{sys.argv[2]}") as generation:
            print(generation, flush=True)
            sys.stdin.readline()
    except LakeLockedError as error:
        print("locked", flush=True)
        sys.stdin.readline()
    print("done", flush=True)
"""
CONTENDERS = 3


@pytest.fixture
def contenders(bucket: Path) -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that reach for the lock at a line on their input, and let go of it at the next."""
    command = [sys.executable, "-c", CONTENDER, f"s3://{bucket.name}/lake"]
    started = [
        subprocess.Popen([*command, str(n)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for n in range(CONTENDERS)
    ]
    yield started
    for process in started:
        process.kill()
        process.communicate()


def tell(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def answer(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_of_three_processes_that_reach_for_it_one_gets_the_lock(contenders: list[subprocess.Popen[str]]) -> None:
    """Eight times, and once more the two that are left when the third was killed while it held the lock."""
    for generation in range(1, 9):
        for process in contenders:
            tell(process)
        answers = [answer(process) for process in contenders]
        assert sorted(answers) == [str(generation), "locked", "locked"]
        if generation == 8:
            break
        for process in contenders:
            tell(process)
            assert answer(process) == "done"
    winner = contenders[answers.index("8")]
    winner.kill()
    winner.wait()
    left = [process for process in contenders if process is not winner]
    for process in left:
        tell(process)
        assert answer(process) == "done"
    for process in left:
        tell(process)
    assert sorted(map(answer, left)) == ["9", "locked"]


def test_a_straggler_is_told_at_its_next_write(bucket: Path) -> None:
    storage = Storage(f"s3://{bucket.name}/lake")
    with lake_lock(storage, "straggler") as generation:
        check_lock(storage, generation)
    for run in ("heir", "newest"):
        with lake_lock(storage, run):
            pass
    for thoroughly in (False, True):
        with pytest.raises(LockLostError):
            check_lock(Storage(storage.root), generation, thoroughly)


@pytest.mark.timeout(120)
def test_a_run_that_stood_still_while_another_took_over_writes_nothing_and_does_not_commit(
    store_desk: StoreDesk,
) -> None:
    """Stopped while it fetches, as a machine that sleeps; another host follows it, and is gone before it wakes."""
    desk, lake = store_desk, "bucket/lake"
    run = desk.start(lake, "--flush_seconds", "0")
    while len(desk.room.requests) < 60 and run.poll() is None:
        time.sleep(0.01)
    run.send_signal(signal.SIGSTOP)
    storage = Storage(desk.uri)
    heir = Holder("heir", "another host", 1, "1", time.time(), released=True)
    for number in (2, 3):
        assert storage.put_if_absent(lock_path(number), heir.to_json())
    before = set(storage.list())
    run.send_signal(signal.SIGCONT)
    _, told = run.communicate()
    assert run.returncode == 1
    assert "not committed: another run took over this lake, which happens to a run that stood still" in told
    assert len(set(storage.list()) - before) <= 1, "but for a put whose question was answered before"
    assert list(storage.list("runs")) == []
    assert Holder.from_json(storage.get(lock_path(3))) == heir


@pytest.mark.timeout(120)
@pytest.mark.parametrize("forgets", [True, False], ids=["ignored", "501"])
def test_a_server_without_conditional_puts_is_refused_before_anything_is_written(
    store_desk: StoreDesk, reached: S3Server, bucket: Path, monkeypatch: pytest.MonkeyPatch, forgets: bool
) -> None:
    with UnconditionalFront(reached, forgets) as front:
        monkeypatch.setenv("AWS_ENDPOINT_URL", front.address)
        store_desk.room.clear_requests()
        done = store_desk.ended("bucket/lake")
        (said,) = re.findall(r"^newsbeam ingest: (.*)$", done.stderr, re.M)
        assert said.startswith(
            f"not committed: the store of the lake at {store_desk.uri} knows no conditional put (If-None-Match), by "
            "which one run of several gets the lake; it cannot hold a lake that is written to; "
        )
        assert (done.returncode, done.stdout) == (1, "")
        assert store_desk.room.requests == []
        assert [path for path in bucket.rglob("*") if path.is_file()] == []

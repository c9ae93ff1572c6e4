"""A lake that cannot be read or written: every command says so in one line, and takes nothing for damage."""

from __future__ import annotations

import errno
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import obstore
import pyarrow as pa
import pytest
from obstore.exceptions import GenericError, PermissionDeniedError, UnauthenticatedError
from obstore.store import MemoryStore

import newsbeam as library
import pipelines.logs
import transforms.lake.files.storage
from pipelines import checks
from pipelines.cli import main
from schemas.state import SEEN, Seen
from transforms.lake.files.check_parts import trouble_reading
from transforms.lake.files.layout import OWN_FOLDERS
from transforms.lake.files.parts import PartReader, encode
from transforms.lake.files.storage import Storage, StorageError
from transforms.lake.merged.merge_parts import write_pieces

OLD_LAKE = Path(__file__).parent / "lakes/0.1.0"
READERS = (["report"], ["report", "--json"], ["views"], ["feeds", "status"], ["repair"])
RUNS = (["ingest"], ["stream", "--tick", "60s", "--max_ticks", "1"])


@pytest.fixture(autouse=True)
def as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Commands that run in this process leave its log and its signals alone."""
    monkeypatch.setattr(pipelines.logs, "start_logging", lambda *_: pipelines.logs.RunLogs("text"))
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """A lake of two runs."""
    shutil.copytree(OLD_LAKE, tmp_path / "lake")
    (tmp_path / "feeds.txt").write_text("http://127.0.0.1:9/feed\n")
    return tmp_path / "lake"


def told(lake: Path, command: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The one line with which a command on the lake fails."""
    feeds = ["--feeds", str(lake.parent / "feeds.txt"), "--allow_networks", "127.0.0.0/8"]
    more = feeds if command[0] in ("ingest", "stream") else []
    assert main([*command, "--output", str(lake), *more]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"newsbeam {command[0]}: ")
    return line


def refusing(error: Exception) -> Callable[..., NoReturn]:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise error

    return refuse


@pytest.mark.parametrize("command", [*READERS, *RUNS], ids=" ".join)
@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionDeniedError("Error: at runs: Permission denied (os error 13)\n\nDebug:\nx"), "Permission denied"),
        (UnauthenticatedError("no credentials\n\nmore"), "no credentials"),
        (GenericError("Generic S3 error: connection refused\n\nDebug:\nx"), "Generic S3 error: connection refused"),
        (OSError(errno.EIO, os.strerror(errno.EIO)), "Input/output error"),
    ],
    ids=["denied", "unknown", "generic", "broken disk"],
)
def test_a_store_that_refuses_is_told_in_one_line(
    lake: Path,
    command: list[str],
    error: Exception,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(transforms.lake.files.storage, "local_files", refusing(error))
    line = told(lake, command, capsys)
    assert f"cannot list runs in the lake at {lake}: {said}" in line
    assert "Debug" not in line


@pytest.mark.parametrize(
    ("command", "path"),
    [
        (["report"], "runs"), (["report"], "articles"), (["feeds", "status"], "_state/feed_cursors"),
        (["feeds", "status"], "feed_polls"), (["repair"], "pages"), (["repair"], "_state/seen"),
        (["ingest"], "_state/seen"),
    ],
)  # fmt: skip
def test_a_file_that_may_not_be_read_is_named_and_left_as_it_is(
    lake: Path, command: list[str], path: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As after `chmod 000`, which root does not feel."""
    files = {file.relative_to(lake): file.read_bytes() for file in lake.rglob("*.parquet")}
    get, memory_map = obstore.get, pa.memory_map

    def get_some(store: Any, name: str) -> Any:
        if name.startswith(path):
            raise PermissionDeniedError("Unable to open file: Permission denied (os error 13)")
        return get(store, name)

    def map_some(name: str) -> Any:
        if f"/{path}/" in name:
            raise PermissionError(errno.EACCES, f"Failed to open local file '{name}'. Detail: [errno 13] denied")
        return memory_map(name)

    monkeypatch.setattr(obstore, "get", get_some)
    monkeypatch.setattr(pa, "memory_map", map_some)
    line = told(lake, command, capsys)
    assert f"cannot read {path}/" in line
    assert line.partition(";")[0].endswith(f"in the lake at {lake}: Permission denied")
    assert {file.relative_to(lake): file.read_bytes() for file in lake.rglob("*.parquet")} == files


@pytest.mark.parametrize("command", RUNS, ids=" ".join)
@pytest.mark.parametrize("folder", OWN_FOLDERS)
def test_a_file_where_a_folder_should_be_is_told_before_anything_is_fetched(
    lake: Path, command: list[str], folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(lake / folder, ignore_errors=True)
    (lake / folder).write_text("a file")
    line = told(lake, command, capsys)
    assert "Not a directory" in line
    assert folder in line


@pytest.mark.parametrize("command", RUNS, ids=" ".join)
def test_a_folder_that_may_not_be_written_to_is_told_before_anything_is_fetched(
    lake: Path, command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "articles" and access(path, mode))
    line = told(lake, command, capsys)
    assert f"cannot write articles in the lake at {lake}: Permission denied; run again" in line
    assert len(list((lake / "runs").iterdir())) == 2


@pytest.mark.parametrize("command", [*READERS, *RUNS], ids=" ".join)
@pytest.mark.parametrize("name", ["", "file://", "s3://", "a.txt", "a.txt/lake", "loop/lake", "\udcff", "http://x/y"])
def test_what_cannot_be_a_lake_is_a_users_mistake(
    tmp_path: Path, command: list[str], name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("http://127.0.0.1:9/feed\n")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main([*command, "--output", name, *(["--feeds", "a.txt"] if command[0] in ("ingest", "stream") else [])])
    out, err = capsys.readouterr()
    assert (ended.value.code, out, err.count("\n")) == (2, "", 1)
    assert "argument --output: " in err


@pytest.mark.parametrize("command", [*READERS, *RUNS], ids=" ".join)
@pytest.mark.parametrize(
    "uri",
    [
        "s3://key:hidden@bucket/lake",
        "s3://key:hid/den@bucket/lake",
        "s3://hidden@bucket/lake",
        "S3://bucket/lake?secret=hidden",
        "gs://bucket/lake#hidden",
        "abfss://container:hidden@account.dfs.core.windows.net/lake",
        "s3://bucket:hidden/lake",
    ],
)
def test_a_uri_with_more_than_a_place_is_refused_and_not_repeated(
    command: list[str], uri: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command, "--output", uri, *(["--feeds", "a.txt"] if command[0] in ("ingest", "stream") else [])])
    out, err = capsys.readouterr()
    assert (ended.value.code, out, err.count("\n")) == (2, "", 1)
    assert "argument --output: a lake's URI carries no user, password or options: they belong into the env" in err
    assert "hid" not in err


def test_the_python_interface_refuses_such_a_uri_too() -> None:
    for call in (
        lambda: library.read("s3://a:hidden@b/c"),
        lambda: library.ingest(["http://127.0.0.1:9/"], "s3://a:hidden@b/c"),
    ):
        with pytest.raises(library.UsageError, match="a lake's URI carries no user, password or options") as refused:
            call()
        assert "hidden" not in str(refused.value)


@pytest.mark.parametrize(
    "uri",
    ["abfss://container@account.dfs.core.windows.net/lake", "s3://bucket/me@example.org/lake", "file:///a?b#c:d@e"],
)
def test_a_uri_that_only_looks_so_is_a_lake(uri: str) -> None:
    assert checks.lake(uri) == uri


@pytest.mark.parametrize("command", READERS, ids=" ".join)
def test_looking_at_a_lake_that_is_not_there_makes_none(
    tmp_path: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for name in (str(tmp_path / "none"), f"FILE://{tmp_path}/none"):
        assert main([*command, "--output", name]) == 2
        assert capsys.readouterr().err.startswith(f"newsbeam {command[0]}: there is no lake at ")
    assert not (tmp_path / "none").exists()


def test_the_demo_wants_a_folder_of_this_machine_that_is_empty(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    for output, said in ((f"file://{tmp_path}", "is not empty"), ("s3://bucket/demo", "a folder on this machine")):
        assert main(["demo", "--output", output]) == 2
        err = capsys.readouterr().err
        assert err.count("\n") == 1
        assert said in err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_trouble_of_an_object_store_is_no_damage_to_its_files(monkeypatch: pytest.MonkeyPatch) -> None:
    storage, store = Storage("memory://lake"), MemoryStore()
    storage._store = store
    path = "_state/seen/part-20260302T080000.000000Z-00000.parquet"
    storage.put(path, encode(SEEN, [Seen("a" * 32, None, 1)]))
    reader = PartReader(storage)
    assert [seen.url_key for seen in reader.rows(SEEN, path)] == ["a" * 32]
    assert trouble_reading(storage, SEEN, path) is None
    monkeypatch.setattr(obstore, "get", refusing(OSError(errno.ECONNRESET, "Connection reset by peer")))
    said = f"cannot read {path} in the lake at memory://lake: Connection reset by peer"
    with pytest.raises(StorageError, match=said):
        list(reader.rows(SEEN, path))
    with pytest.raises(StorageError, match=said):
        trouble_reading(storage, SEEN, path)


def test_tidying_up_and_room_for_merging_are_told_of_like_all_else(lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = Storage(str(lake))
    monkeypatch.setattr("tempfile.TemporaryFile", refusing(OSError(errno.EROFS, "Read-only file system", "/tmp/x")))
    with pytest.raises(StorageError, match=r"cannot write the lake at .*: Read-only file system"):
        write_pieces(storage, SEEN, "_state/seen/x.parquet", iter(()))
    monkeypatch.setattr(os, "listdir", refusing(PermissionError(errno.EACCES, "Permission denied")))
    with pytest.raises(StorageError, match=r"cannot tidy up pages in the lake at .*: Permission denied"):
        storage.sweep(["pages"])

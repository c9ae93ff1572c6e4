"""What others put into a lake's folders is passed by, whatever it is called."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from schemas.page import PAGES
from schemas.run import is_run_id
from tests.rows import page
from transforms.lake.files.layout import is_merged, lock_number, run_ids, run_of
from transforms.lake.files.local_files import local_files
from transforms.lake.files.parts import PartWriter
from transforms.lake.files.storage import Storage, StorageError
from transforms.lake.recover import begin_run, known_runs, recover

RUN = "20260302T080000.000000Z"


def test_names_that_no_object_can_have_do_not_keep_a_folder_from_being_listed(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    for name in (b"Icon\r", b"\xff\xfe.json", b"tab\t.json", b"being written#1", b"line\nfeed"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/runs/" + name)).write_bytes(b"mine")
    (tmp_path / "runs" / f"{RUN}.json").write_bytes(b"ours")
    assert list(Storage(str(tmp_path)).list("runs")) == [f"runs/{RUN}.json"]


def test_links_that_lead_back_or_nowhere_are_no_folders_of_ours(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/a").write_bytes(b"12")
    (tmp_path / "pages/back").symlink_to("..")
    (tmp_path / "pages/here").symlink_to(".")
    (tmp_path / "pages/self").symlink_to("self")
    (tmp_path / "pages/nowhere").symlink_to("gone")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/b").write_bytes(b"345")
    (tmp_path / "pages/moved").symlink_to("../elsewhere")
    os.mkfifo(tmp_path / "pages/pipe")
    found = {path: entry.stat().st_size for path, entry in local_files(tmp_path, "pages")}
    assert found == {"pages/a": 2, "pages/moved/b": 3}
    assert list(local_files(tmp_path, "pages/a")) == list(local_files(tmp_path, "none")) == []


def test_a_folder_that_cannot_be_listed_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "_state").write_text("mine")
    with pytest.raises(StorageError, match=r"cannot list _state/lock in the lake at .*: Not a directory"):
        list(Storage(str(tmp_path)).list("_state/lock"))


@pytest.mark.parametrize(
    "name",
    ["99999999T999999.999999Z", "20260230T080000.000000Z", "20260302T240000.000000Z", "99991231T235959.999999Z"],
)
def test_a_name_that_is_no_instant_is_no_run(name: str) -> None:
    assert not is_run_id(name)
    assert run_ids([f"runs/{name}.json", f"_state/open/{name}.json", f"runs/{RUN}.json"]) == [RUN]
    assert run_of(f"_state/seen/part-{name}-00000.parquet") is None


def test_a_copy_that_an_operator_made_is_no_part_of_ours() -> None:
    assert run_of(f"_state/seen/part-{RUN}-00000.parquet") == run_of(f"_state/seen/part-{RUN}-merged.parquet") == RUN
    assert is_merged(f"_state/seen/part-{RUN}-merged.parquet")
    for name in ("00000-copy", "backup", "00000 copy", "00000-0000-old", "unmerged", "merged-old"):
        assert run_of(f"_state/seen/part-{RUN}-{name}.parquet") is None
        assert not is_merged(f"_state/seen/part-{RUN}-{name}.parquet")
    assert lock_number("_state/lock/10000000000.json") == 10**10


def test_recovery_neither_adopts_nor_removes_copies_of_a_dead_runs_files(tmp_path: Path) -> None:
    storage = Storage(str(tmp_path))
    begin_run(storage, RUN)
    part = PartWriter(storage, RUN).write(PAGES, [page()], "00000-0000", "2026-03-02")
    copies = [part.path.replace("-0000.", f"-0000{more}.") for more in ("-copy", " copy", "-keep-me")]
    for copy in copies:
        storage.put(copy, b"mine")
    (tmp_path / "latest").symlink_to(".")
    (tmp_path / "_state/open/20260231T000000.000000Z.json").write_text("mine")
    assert [one.path for one in recover(storage).adopted] == [part.path]
    assert [copy for copy in copies if storage.get(copy) != b"mine"] == []
    assert known_runs(storage) == [RUN]


@pytest.mark.parametrize("place", ["s3://a b/lake", "s3://[/lake", "gs://\udc80/lake"])
def test_a_uri_that_is_none_is_one_line(place: str) -> None:
    with pytest.raises(StorageError, match="is no place for a lake"):
        list(Storage(place).list("runs"))

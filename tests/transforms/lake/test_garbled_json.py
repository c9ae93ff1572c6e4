"""Manifests, notes and locks of any content are whole or damaged, and never an error of another kind."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from typing import Any

import pytest

from schemas.run import FilePart, ManifestError, RunManifest
from transforms.lake.files.holder import Holder
from transforms.lake.files.lock import lake_lock
from transforms.lake.files.manifests import read_note
from transforms.lake.files.storage import Storage

RUN = "20260302T080000.000000Z"
PART = f"_state/seen/part-{RUN}-merged.parquet"
GARBLED = [b"", b"null", b"[]", b"5", b"{}", b"[" * 100_000, b'{"a":' * 100_000, bytes(range(256)), b"9" * 10_000]
MANIFEST = RunManifest(
    RUN, "ingest", "2026-03-02T08:00:00Z", "2026-03-02T08:01:00Z", {}, {}, {}, {}, (FilePart("seen", PART, 1, 2),)
)


@pytest.mark.parametrize("data", GARBLED)
def test_what_is_no_json_of_ours_is_damaged(tmp_path: Any, data: bytes) -> None:
    storage = Storage(str(tmp_path))
    storage.put(PART.replace(".parquet", ".json"), data)
    assert read_note(storage, PART) is None
    with pytest.raises(ManifestError, match="is no manifest"):
        RunManifest.from_json(data)
    storage.put("_state/lock/0000000007.json", data)
    with lake_lock(storage, "run") as generation:
        assert generation == 8


@pytest.mark.parametrize(
    "wrong",
    [
        {"counts": {"polls.ok": "many"}},
        {"reasons": {"pages/timeout": None}},
        {"tables": []},
        {"finished_at": "soon"},
        {"started_at": 5},
        {"files": None},
        {"files": [None]},
        {"files": [asdict(FilePart("seen", PART, 1, 2)) | {"path": 5}]},
        {"files": [asdict(FilePart("seen", PART, 1, 2)) | {"size_bytes": None}]},
        {"files": [asdict(FilePart("seen", PART, 1, 2)) | {"checksum": 5}]},
    ],
)
def test_a_manifest_whose_values_are_of_another_kind_is_damaged(wrong: dict[str, Any]) -> None:
    values = json.loads(MANIFEST.to_json())
    later = {"mood": "good", "files": [part | {"colour": "red"} for part in values["files"]]}
    assert RunManifest.from_json(json.dumps(values | later).encode()) == MANIFEST
    with pytest.raises(ManifestError):
        RunManifest.from_json(json.dumps(values | wrong).encode())


@pytest.mark.parametrize("wrong", [{"birth": None}, {"run_id": ["x"]}, {"host": 5}, {"pid": "one"}, {"pid": 1e999}])
def test_a_lock_whose_values_are_of_another_kind_holds_nobody(tmp_path: Any, wrong: dict[str, Any]) -> None:
    storage = Storage(str(tmp_path))
    with lake_lock(storage, "run"):
        values = json.loads(storage.get("_state/lock/0000000001.json"))
    values |= {"released": False, "pid": os.getpid()} | wrong
    assert Holder.from_json(json.dumps(values).encode()) is None
    storage.put("_state/lock/0000000001.json", json.dumps(values).encode())
    with lake_lock(storage, "run") as generation:
        assert generation == 2

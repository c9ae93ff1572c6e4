"""Whatever is wrong with a lake is found by its kind, nothing is changed, and repair mends what can be mended."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.commands.lake import verify as verify_module
from schemas.article import ARTICLES
from schemas.failure import FAILURES
from schemas.run import FilePart
from tests.command import newsbeam
from transforms.lake.committed import committed
from transforms.lake.editions.compact import compact
from transforms.lake.editions.edition import delete_replaced
from transforms.lake.files.layout import VIEWS_FILE, manifest_path, run_of
from transforms.lake.files.lock import lake_lock
from transforms.lake.files.manifests import read_manifest
from transforms.lake.files.parts import checksum_of
from transforms.lake.files.storage import Storage
from transforms.lake.verify.examine import Examination
from transforms.lake.verify.trouble import Kind

OLD = Path(__file__).parent / "lakes/0.1.0"
FIRST = "20260302T080000.000121Z"
STRAY = "20200101T000000.000000Z"


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    shutil.copytree(OLD, tmp_path / "lake")
    return tmp_path / "lake"


def verified(lake: Path) -> tuple[int, dict[str, Any]]:
    files = {path: path.read_bytes() for path in lake.rglob("*") if path.is_file()}
    done = newsbeam("verify", "--output", str(lake), "--json")
    assert {path: path.read_bytes() for path in lake.rglob("*") if path.is_file()} == files, "it changes nothing"
    return done.returncode, json.loads(done.stdout)


def kinds(lake: Path) -> list[str]:
    status, found = verified(lake)
    assert status == (3 if found["troubles"] else 0)
    return [one["kind"] for one in found["troubles"]]


def part_of(lake: Path, table: str) -> Path:
    return sorted(lake.glob(f"{table}/*/part-{FIRST}-*.parquet"))[0]


def in_manifest(lake: Path, path: Path, data: bytes, rows: int | None = None) -> None:
    """Put a file in place of one, as if the first run had written it so."""
    storage, name = Storage(str(lake)), path.relative_to(lake).as_posix()
    manifest = read_manifest(storage, FIRST)
    path.write_bytes(data)
    files = [
        FilePart(one.table, one.path, one.rows if rows is None else rows, len(data), checksum_of(data))
        if one.path == name
        else one
        for one in manifest.files
    ]
    storage.put(manifest_path(FIRST), replace(manifest, files=tuple(files)).to_json())


def rewritten(lake: Path, table: str, change: Callable[[pa.Table], pa.Table]) -> None:
    path = part_of(lake, table)
    rows = change(pq.read_table(path, partitioning=None))
    sink = pa.BufferOutputStream()
    pq.write_table(rows, sink)
    in_manifest(lake, path, sink.getvalue().to_pybytes())


def renamed(lake: Path, name: str) -> None:
    """Give the failures of the first run another column in place of one that is required."""

    def change(rows: pa.Table) -> pa.Table:
        return rows.rename_columns([f"{one}_" if one == name else one for one in rows.schema.names])

    rewritten(lake, "failures", change)


def a_day_later(lake: Path) -> None:
    path = part_of(lake, "articles")
    later = path.parent.parent / "published_date=2031-01-01" / path.name
    later.parent.mkdir()
    storage, name = Storage(str(lake)), path.relative_to(lake).as_posix()
    manifest = read_manifest(storage, FIRST)
    path.rename(later)
    moved = later.relative_to(lake).as_posix()
    files = tuple(replace(one, path=moved) if one.path == name else one for one in manifest.files)
    storage.put(manifest_path(FIRST), replace(manifest, files=files).to_json())


def with_count(lake: Path, name: str, value: int) -> None:
    storage = Storage(str(lake))
    manifest = read_manifest(storage, FIRST)
    storage.put(manifest_path(FIRST), replace(manifest, counts={**manifest.counts, name: value}).to_json())


def other_run(rows: pa.Table) -> pa.Table:
    at = rows.schema.get_field_index("run_id")
    return rows.set_column(at, rows.schema.field(at), pa.array([STRAY] * rows.num_rows))


def copied(lake: Path, table: str) -> None:
    path = part_of(lake, table)
    shutil.copy(path, path.parent / path.name.replace(FIRST, STRAY))


SPOILED: dict[Kind, Callable[[Path], object]] = {
    Kind.MANIFEST: lambda lake: (lake / f"runs/{FIRST}.json").write_text("{"),
    Kind.SUM: lambda lake: with_count(lake, "entries.known", 1_000),
    Kind.MISSING: lambda lake: part_of(lake, "articles").unlink(),
    Kind.DAMAGED: lambda lake: part_of(lake, "pages").write_bytes(b"PAR1 and no more"),
    Kind.STATE: lambda lake: next(lake.glob("_state/sites/*.parquet")).write_bytes(b""),
    Kind.SCHEMA: lambda lake: renamed(lake, "reason"),
    Kind.ROWS: lambda lake: in_manifest(lake, part_of(lake, "failures"), part_of(lake, "failures").read_bytes(), 99),
    Kind.PARTITION: a_day_later,
    Kind.ORDER: lambda lake: rewritten(lake, "pages", lambda rows: rows.take(list(range(rows.num_rows))[::-1])),
    Kind.RUN: lambda lake: rewritten(lake, "failures", other_run),
    Kind.ORPHAN: lambda lake: copied(lake, "articles"),
    Kind.VIEWS: lambda lake: (lake / VIEWS_FILE).write_bytes(b"of another lake"),
}


def test_a_whole_lake_of_an_earlier_release_is_whole(lake: Path) -> None:
    status, found = verified(lake)
    assert (status, found["troubles"]) == (0, [])
    assert found["rows"]["articles"] == len(pq.ParquetDataset(lake / "articles").read())
    assert newsbeam("verify", "--output", str(lake)).stdout.startswith("The lake is whole: ")


@pytest.mark.parametrize("kind", SPOILED, ids=str)
def test_each_trouble_is_found_and_repair_mends_it_or_says_that_it_cannot(lake: Path, kind: Kind) -> None:
    SPOILED[kind](lake)
    found = kinds(lake)
    assert kind in found
    assert set(found) <= {kind, Kind.SUM, Kind.ROWS}, "what is wrong has one name, beside sums that it breaks"
    told = newsbeam("repair", "--output", str(lake), "--json")
    findings = json.loads(told.stdout)["findings"]
    assert findings
    unmended = {Kind.SUM, Kind.SCHEMA, Kind.ROWS, Kind.PARTITION, Kind.ORDER, Kind.RUN}
    if kind in unmended:
        assert told.returncode == 3
        assert [one for one in findings if not one["is_mended"]]
        assert kind in kinds(lake)
    elif kind is not Kind.MISSING:  # what is lost stays lost
        assert kinds(lake) == []


def test_a_replaced_file_that_came_back_counts_twice_and_is_deleted_by_repair(lake: Path) -> None:
    storage = Storage(str(lake))
    shutil.copytree(lake, lake.parent / "copy")
    now_us = 1_900_000_000_000_000
    with lake_lock(storage, "compact") as generation:
        edition = compact(storage, generation, now_us)
    assert edition is not None
    status, found = verified(lake)
    assert status == 0
    assert found["replaced_waiting"] > 0
    with lake_lock(storage, "compact"):
        delete_replaced(storage, now_us, 0)
    assert kinds(lake) == []
    again = next(path for path in edition.replaced if path.startswith("articles/"))
    shutil.copy(lake.parent / "copy" / again, lake / again)
    assert kinds(lake) == [Kind.REPLACED]
    assert newsbeam("repair", "--output", str(lake)).returncode == 0
    assert kinds(lake) == []


def test_what_was_forgotten_and_is_there_again_is_found(lake: Path) -> None:
    storage = Storage(str(lake))
    [path, *_] = committed(storage).parts(ARTICLES)
    domain = pq.read_table(lake / path, partitioning=None)["publisher_domain"][0].as_py()
    shutil.copytree(lake / "articles", lake.parent / "articles")
    assert newsbeam("forget", "--output", str(lake), domain).returncode == 0
    assert kinds(lake) == []
    assert run_of(path) is not None
    forgotten = committed(storage).replaced
    assert forgotten == frozenset()
    shutil.copy(lake.parent / path, lake / path)
    assert Kind.REPLACED in kinds(lake)


def test_references_to_articles_that_are_gone_are_counted_and_no_trouble(lake: Path) -> None:
    before = verified(lake)[1]["dangling"]
    assert set(before.values()) == {0}
    retained = newsbeam("retain", "--output", str(lake), "--articles", "1d", "--now", "2026-03-03T12:00:00Z")
    assert "articles dropped: " in retained.stdout
    status, found = verified(lake)
    assert status == 0
    assert set(found["dangling"]) == {"duplicate_of", "cluster_id", "story_id"}
    assert found["dangling"]["story_id"] > 0


def test_a_lake_without_a_run_is_a_users_mistake(tmp_path: Path) -> None:
    (tmp_path / "lake").mkdir()
    done = newsbeam("verify", "--output", str(tmp_path / "lake"))
    assert (done.returncode, done.stdout) == (2, "")
    assert FAILURES.name not in done.stderr


def test_what_a_second_look_does_not_find_is_the_work_of_a_run_under_way(
    lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = part_of(lake, "articles")
    data, looks = path.read_bytes(), list[Examination]()
    path.unlink()
    examine = verify_module.examine

    def looking(storage: Storage) -> Examination:
        if looks:
            path.write_bytes(data)
        looks.append(examine(storage))
        return looks[-1]

    monkeypatch.setattr(verify_module, "examine", looking)
    with lake_lock(Storage(str(lake)), "a run"):
        done = newsbeam("verify", "--output", str(lake))
    assert done.returncode == 0
    assert done.stdout.startswith("The lake is whole")
    assert len(looks) == 2

"""What a lake remembers of archives: merged, checked, and rebuilt from the pages where it is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from schemas.archive import ARCHIVES, Archive
from schemas.feed import PENDING
from schemas.run import Run, new_run_id
from tests.command import newsbeam
from tests.conftest import Desk
from tests.test_backfill import backfill, ended, rows
from tests.test_repair import DAMAGES, Damage
from tests.warc_files import record, records_of, write
from transforms.lake.captured.read_archives import read_archives
from transforms.lake.check_state import check_state
from transforms.lake.committed import committed
from transforms.lake.files.layout import manifest_path, run_of
from transforms.lake.files.parts import PartReader, writer_of
from transforms.lake.files.storage import Storage
from transforms.lake.state import tidy_state

NOON = 1_772_452_800_000_000


@pytest.mark.upkeep
def test_a_lost_part_is_rebuilt_from_pages_of_runs_that_were_committed(tmp_path: Path) -> None:
    """An archive of which only a dead run stored pages has not been read to its end."""
    archives = [write(tmp_path / f"{name}.warc.gz", [record(uri=f"https://example.org/{name}")]) for name in "abc"]
    nothing = write(tmp_path / "nothing.warc.gz", [record("request", block=b"GET / HTTP/1.1\r\n\r\n")])
    lake = tmp_path / "lake"
    backfill(lake, archives[0], archives[1], nothing, more=["--compact", "off"])
    dead = backfill(lake, archives[2], more=["--compact", "off"])["runs"][0]
    (lake / manifest_path(dead)).unlink()
    (lake / "_state/open").mkdir(exist_ok=True)
    (lake / f"_state/open/{dead}.json").write_text(json.dumps({"run_id": dead}))
    for path in lake.glob("_state/archives/*"):
        path.unlink()

    repaired = newsbeam("repair", "--output", str(lake))
    assert repaired.returncode == 0, repaired.stdout
    assert read_archives(Storage(str(lake))) == {str(path): {None} for path in archives[:2]}
    said = backfill(lake, *archives, nothing)
    assert (said["read_before"], said["counts"]["archives.read"]) == (2, 2)
    assert (said["counts"]["records.known"], said["counts"]["pages.adopted"]) == (1, 1)


@pytest.mark.upkeep
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_part_is_found_and_rebuilt_once(tmp_path: Path, damage: Damage) -> None:
    lake = tmp_path / "lake"
    archive = write(tmp_path / "a.warc.gz", [record(uri="https://example.org/1")])
    backfill(lake, archive)
    (part,) = lake.glob("_state/archives/*.parquet")
    spoilt = damage(part.read_bytes())
    part.unlink() if spoilt is None else part.write_bytes(spoilt)
    write(tmp_path / "b.warc.gz", [record(uri="https://example.org/2")])
    done = ended(lake, archive, tmp_path / "b.warc.gz")
    assert done.returncode == 3, "damaged state is told"
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["counts"]["attention.damaged_state"] == 1
    assert (said["counts"]["records.known"], said["counts"]["records.page"]) == (1, 1)
    again = backfill(lake, archive, tmp_path / "b.warc.gz")
    assert again["read_before"] == 2


def test_rows_of_64_runs_become_one_part_and_none_is_dropped(tmp_path: Path) -> None:
    storage = Storage(str(tmp_path))
    ids = [new_run_id(NOON + number, None) for number in range(64)]
    for number, run_id in enumerate(ids):
        row = Archive(f"/crawl/{number}.warc.gz", number, NOON + number, run_id)
        writer_of(Run(run_id, NOON, str(tmp_path))).write(ARCHIVES, [row], "00000")
        storage.put(manifest_path(run_id), b"{}")
    before = read_archives(storage)
    tidy_state(committed(storage), ids[-1], NOON)
    (part,) = filter(run_of, storage.list("_state/archives"))
    assert read_archives(storage) == before
    assert len(before) == 64
    assert [row.warc_file for row in PartReader(storage).rows(ARCHIVES, part)] == sorted(before)


def test_a_lost_snapshot_is_missed_also_where_the_newest_run_is_a_backfill(desk: Desk, tmp_path: Path) -> None:
    """A backfill writes no pending entries: those of the last run with feeds count."""
    desk.run("lake", "--max_pages", "3")
    stored = rows(desk.folder / "lake", "pages")
    backfill(desk.folder / "lake", write(tmp_path / "a.warc.gz", records_of(stored, with_facts=False)))
    storage = Storage(str(desk.folder / "lake"))
    assert check_state(committed(storage)).damaged == ()
    (part,) = storage.list(f"_state/{PENDING.name}")
    storage.delete(part)
    assert [(damage.path, damage.why) for damage in check_state(committed(storage)).damaged] == [
        (part, "it is missing")
    ]

"""Partitions older than their table's limit go, whole; all else stays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.cli import main
from schemas.article import ARTICLES
from schemas.page import PAGES
from schemas.run import RunManifest, iso, new_run_id
from schemas.state import SEEN, Seen
from tests.command import newsbeam
from tests.rows import NOON_US, article, page
from transforms.common.clock import DAY_US
from transforms.lake.committed import committed
from transforms.lake.editions.edition import delete_replaced
from transforms.lake.editions.retain import expired, retain
from transforms.lake.files.layout import manifest_path
from transforms.lake.files.lock import lake_lock
from transforms.lake.files.parts import PartWriter
from transforms.lake.files.storage import Storage
from transforms.lake.views import write_views

DAYS = ("2026-03-01", "2026-03-02", "2026-03-03")
TODAY_US = NOON_US + 2 * DAY_US  # 2026-03-04T12:00:00Z


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    """A lake with pages and articles of three days."""
    storage = Storage(str(tmp_path / "lake"))
    run_id = new_run_id(NOON_US, None)
    writer = PartWriter(storage, run_id)
    files = [writer.write(SEEN, [Seen("0" * 32, None, NOON_US)], "00000")]
    for number, day in enumerate(DAYS):
        at_us = NOON_US + (number - 1) * DAY_US
        files.append(writer.write(PAGES, [page(fetched_at_us=at_us, run_id=run_id)] * 2, "00000-0000", day))
        files.append(writer.write(ARTICLES, [article(fetched_at_us=at_us, run_id=run_id)], "00000", day))
    at = iso(NOON_US)
    manifest = RunManifest(run_id, "repair", at, at, {}, {}, {}, {}, tuple(sorted(files)))
    storage.put(manifest_path(run_id), manifest.to_json())
    write_views(committed(storage))
    return storage


def days_of(storage: Storage, table: str) -> list[str]:
    return [path.split("=")[1][:10] for path in committed(storage).parts({"pages": PAGES, "articles": ARTICLES}[table])]


def test_whole_days_before_the_limit_go_and_the_files_stay_for_readers_until_the_grace_is_over(
    storage: Storage,
) -> None:
    old = committed(storage).parts(PAGES)
    with lake_lock(storage, "retain") as generation:
        edition, gone = retain(storage, generation, TODAY_US, {"pages": 2})
        assert [(one.table, one.partition, one.rows) for one in gone] == [("pages", DAYS[0], 2)]
        assert edition is not None
        assert edition.counts == {"replaced.pages": 2, "dropped.pages": 2}
        assert days_of(storage, "pages") == [*DAYS[1:]]
        assert days_of(storage, "articles") == [*DAYS]
        assert all(map(storage.exists, old))
        assert retain(storage, generation, TODAY_US, {"pages": 2}) == (None, [])
        assert delete_replaced(storage, TODAY_US + 900_000_000, 900) == 1
    assert [storage.exists(path) for path in old] == [False, True, True]
    assert len(committed(storage).parts(SEEN)) == 1


def test_the_limit_counts_back_from_today(storage: Storage) -> None:
    assert [one.partition for one in expired(storage, TODAY_US, {"articles": 3})] == []
    assert [one.partition for one in expired(storage, TODAY_US, {"articles": 1, "pages": 3})] == [*DAYS[:2]]


def test_the_command_says_what_goes_and_a_dry_run_changes_nothing(storage: Storage) -> None:
    arguments = ["retain", "--output", storage.root, "--pages", "1d", "--articles", "forever", "--now", iso(TODAY_US)]
    before = sorted(path for path in storage.list() if "/lock/" not in path)
    told = newsbeam(*arguments, "--dry_run")
    assert told.returncode == 0
    assert told.stdout.startswith("pages would go: 2 files, 4 rows, 0.0 MB, 2026-03-01 to 2026-03-02")
    assert sorted(path for path in storage.list() if "/lock/" not in path) == before
    done = json.loads(newsbeam(*arguments, "--json", "--grace", "0").stdout)
    assert [(one["table"], one["partition"], one["rows"]) for one in done["dropped"]] == [
        ("pages", DAYS[0], 2),
        ("pages", DAYS[1], 2),
    ]
    assert days_of(storage, "pages") == [DAYS[2]]
    assert not any(storage.exists(path) for one in done["dropped"] for path in one["paths"])
    assert newsbeam(*arguments).stdout == "No partition is older than its table is to be kept.\n"
    assert newsbeam("verify", "--output", storage.root).returncode == 0


@pytest.mark.parametrize("limit", ["90", "0d", "-1d", "ever", ""])
def test_a_limit_is_days_or_forever(storage: Storage, limit: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["retain", "--output", storage.root, f"--pages={limit}"])
    assert ended.value.code == 2
    assert "12h or 7d; or forever" in capsys.readouterr().err


def test_without_a_limit_there_is_nothing_to_do(storage: Storage) -> None:
    done = newsbeam("retain", "--output", storage.root)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--pages 90d" in done.stderr

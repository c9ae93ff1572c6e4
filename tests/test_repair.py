"""What is damaged is found, named and mended from the tables; what is not ours stays."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.cli import main
from pipelines.run.lost_state.rebuild_feeds import cursors_of, left_over
from pipelines.run.lost_state.rebuild_state import rebuild_state
from schemas.archive import ARCHIVES
from schemas.failure import Failure
from schemas.feed import FEED_CURSORS, PENDING, FeedPoll
from schemas.fingerprint import FINGERPRINTS
from schemas.forgotten import FORGOTTEN
from schemas.host import HOSTS
from schemas.revisit import REVISITS
from schemas.run import RunManifest
from schemas.site import SITES
from schemas.state import SEEN
from schemas.story import STORIES
from schemas.table import Table
from schemas.tables import STATE
from tests.command import newsbeam
from tests.rows import NOON_US
from transforms.lake.check_state import check_state
from transforms.lake.committed import committed
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import Storage

OLD = Path(__file__).parent / "lakes/0.1.0"
FIRST, SECOND = "20260302T080000.000121Z", "20260302T090000.000222Z"

Damage = Callable[[bytes], bytes | None]
DAMAGES: dict[str, Damage] = {
    "empty": lambda data: b"",
    "cut short": lambda data: data[: len(data) // 2],
    "garbled": lambda data: bytes(byte ^ 0xFF for byte in data),
    "without its footer": lambda data: data[:-4] + b"NOPE",
    "gone": lambda data: None,
}


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """A lake of two runs, to be damaged."""
    shutil.copytree(OLD, tmp_path / "lake")
    return tmp_path / "lake"


def parts(lake: Path, table: Table[Any]) -> list[str]:
    return [path.relative_to(lake).as_posix() for path in sorted(lake.glob(f"_state/{table.name}/*.parquet"))]


def rows(lake: Path, table: Table[Any]) -> list[Any]:
    return [row for path in parts(lake, table) for row in PartReader(Storage(str(lake))).rows(table, path)]


def spoil(path: Path, damage: Damage) -> None:
    data = damage(path.read_bytes())
    path.unlink() if data is None else path.write_bytes(data)


def rebuilt(lake: Path) -> list[str]:
    storage = Storage(str(lake))
    return [one.damage.path for one in rebuild_state(storage, check_state(committed(storage)), NOON_US)]


def repaired(lake: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    status = main(["repair", "--output", str(lake), "--json"])
    return status, json.loads(capsys.readouterr().out)


def test_an_undamaged_lake_of_an_earlier_release_is_whole(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {path: path.read_bytes() for path in lake.rglob("*") if path.is_file()}
    assert main(["repair", "--output", str(lake)]) == 0
    assert "The lake is whole." in capsys.readouterr().out
    assert {path: path.read_bytes() for path in files} == files


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize(
    "table", [one for one in STATE if one not in (ARCHIVES, REVISITS)], ids=lambda table: table.name
)
def test_a_damaged_part_of_the_state_is_found_and_rebuilt_once(lake: Path, table: Table[Any], damage: Damage) -> None:
    if table is FORGOTTEN:
        assert newsbeam("forget", "--output", str(lake), "nobody.example").returncode == 0
    spoiled = parts(lake, table)[-1]
    spoil(lake / spoiled, damage)
    assert rebuilt(lake) == [spoiled]
    assert rebuilt(lake) == []
    assert check_state(committed(Storage(str(lake))), thoroughly=True).damaged == ()


def test_rebuilt_state_tells_what_the_lost_state_told(lake: Path) -> None:
    before = {table.name: rows(lake, table) for table in STATE}
    shutil.rmtree(lake / "_state")
    assert len(rebuilt(lake)) == 11
    after = {table.name: rows(lake, table) for table in STATE}

    def told(table: Table[Any], *names: str) -> None:
        values = [
            sorted(tuple(getattr(row, name) for name in names) for row in some[table.name]) for some in (before, after)
        ]
        assert values[0] == values[1] != []

    told(SEEN, "url_key")
    told(FINGERPRINTS, "page_id", "article_id", "revision", "cluster_id", "content_hash", "keys", "shingles")
    told(STORIES, "page_id", "article_id", "story_id", "language", "terms", "counts", "passages", "figures")
    told(SITES, "site", "pages", "blocks", "counts")
    told(FEED_CURSORS, "feed_url", "next_poll_at_us", "error_count", "retired", "distrusted")
    assert [(row.feed_url, row.validator_url, row.etag, row.last_modified) for row in after[FEED_CURSORS.name]] == [
        (row.feed_url, row.validator_url, row.etag, row.last_modified) for row in before[FEED_CURSORS.name]
    ]
    assert after[HOSTS.name] == []


def test_a_flipped_bit_is_found_by_the_checksum_that_a_rebuilt_part_has(lake: Path) -> None:
    for table in STATE:
        for path in parts(lake, table):
            spoil(lake / path, DAMAGES["empty"])
    rebuilt(lake)
    for table in (SEEN, FINGERPRINTS, FEED_CURSORS):
        path = lake / parts(lake, table)[-1]
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 4
        path.write_bytes(data)
        assert [damage.why for damage in check_state(committed(Storage(str(lake)))).damaged] == [
            "its checksum is another"
        ]
        rebuilt(lake)


def test_repair_says_what_it_found_did_and_lost_and_the_next_repair_finds_all_whole(
    lake: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(lake / parts(lake, SEEN)[0], DAMAGES["cut short"])
    status, said = repaired(lake, capsys)
    assert (status, [finding["path"] for finding in said["findings"]]) == (0, [parts(lake, SEEN)[0]])
    assert "rebuilt from pages" in said["findings"][0]["done"]

    article = next(lake.glob("articles/*/*.parquet"))
    spoil(article, DAMAGES["garbled"])
    (lake / f"runs/{FIRST}.json").write_text("{")
    status, said = repaired(lake, capsys)
    assert status == 3
    assert {finding["path"] for finding in said["findings"]} == {
        article.relative_to(lake).as_posix(),
        f"runs/{FIRST}.json",
    }
    assert not article.exists()
    assert (lake / "_state/damaged" / article.relative_to(lake)).exists()
    manifest = RunManifest.from_json((lake / f"runs/{FIRST}.json").read_bytes())
    assert manifest.tables["pages"] > 100
    assert repaired(lake, capsys) == (0, said | {"findings": [], "lost": 0})


def test_a_missing_data_file_is_told_and_is_a_loss(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gone = next(lake.glob("pages/*/*.parquet"))
    gone.unlink()
    status, said = repaired(lake, capsys)
    assert status == 3
    [finding] = said["findings"]
    assert finding["path"] == gone.relative_to(lake).as_posix()
    assert finding["lost"].endswith("rows of pages")


def test_what_is_not_ours_is_neither_read_nor_removed(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    part = f"part-{SECOND}-00000.parquet"
    foreign = [".DS_Store", "runs/.DS_Store", "runs/notes.json", "_state/lock/notes.json", "_state/open/.DS_Store"]
    foreign += ["_state/lock/0000000009.json.bak", "_state/seen/notes.json", f"_state/seen/{part}.bak", "README.md"]
    foreign += [f"backup/{part}", f"backup/pages/fetch_date=2026-03-02/{part}", "notes/draft#1", f"notes/{part}#1"]
    foreign += [f"_state/seen/part-{SECOND}-00000-copy.parquet", "runs/Icon\r", "runs/20260230T080000.000000Z.json"]
    foreign += ["articles/thoughts.txt", f"articles/{part}", "pages/fetch_date=2026-03-02/list#2"]
    for name in foreign:
        (lake / name).parent.mkdir(parents=True, exist_ok=True)
        (lake / name).write_bytes(b"mine")
    (lake / "empty/deep").mkdir(parents=True)
    assert repaired(lake, capsys)[0] == 0
    assert [name for name in foreign if (lake / name).read_bytes() != b"mine"] == []
    assert (lake / "empty/deep").is_dir()
    assert check_state(committed(Storage(str(lake)))).damaged == ()


@pytest.mark.parametrize("name", ["", "  "])
@pytest.mark.parametrize("command", [("repair",), ("report",), ("ingest", "--feeds", "feeds"), ("demo",)])
def test_no_lake_at_all_is_a_mistake_and_not_the_current_folder(
    tmp_path: Path, command: tuple[str, ...], name: str
) -> None:
    done = newsbeam(*command, "--output", name, folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--output: the lake has no name" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_lost_list_of_what_was_left_over_is_asked_of_the_feeds_again(lake: Path) -> None:
    path = lake / f"runs/{SECOND}.json"
    values = json.loads(path.read_text())
    values["tables"]["pending"] = 7
    path.write_text(json.dumps(values))
    spoil(lake / parts(lake, PENDING)[-1], DAMAGES["gone"])
    storage = Storage(str(lake))
    [one] = rebuild_state(storage, check_state(committed(storage)), NOON_US)
    assert one.lost == "7 entries left over, those that no feed lists any more"
    cursors = rows(lake, FEED_CURSORS)
    assert {(row.validator_url, row.etag, row.last_modified) for row in cursors} == {(None, None, None)}
    assert {row.next_poll_at_us for row in cursors if not row.error_count and not row.retired} == {None}
    assert all(row.next_poll_at_us for row in cursors if row.error_count and not row.retired)


def poll(outcome: str, hour: int, **values: Any) -> FeedPoll:
    return FeedPoll("https://example.org/feed", None, outcome, NOON_US + hour * 3_600_000_000, "run", **values)


def test_a_cursor_from_polls_keeps_validators_waits_and_retirement() -> None:
    read = poll("ok", 0, status=200, etag='"a"', next_poll_at_us=5)
    polls = [poll("failed", 2, error_count=1, next_poll_at_us=9), poll("not_modified", 1, status=304), read]
    [cursor] = cursors_of(polls)
    assert (cursor.etag, cursor.error_count, cursor.next_poll_at_us, cursor.retired) == ('"a"', 1, 9, False)
    assert (cursor.last_polled_at_us, cursor.last_success_at_us) == (polls[0].polled_at_us, polls[1].polled_at_us)
    [gone] = cursors_of([*polls, poll("failed", 3, reason="gone", error_count=1)])
    assert gone.retired


def test_what_failed_for_now_and_was_not_fetched_since_is_left_over() -> None:
    def failure(key: str, reason: str) -> Failure:
        return Failure("pages", reason, "", "entry", f"https://example.org/{key}", NOON_US, "run", "feed", key * 32)

    failures = [failure("a", "timeout"), failure("b", "timeout"), failure("c", "not_found"), failure("a", "timeout")]
    assert [(entry.url, entry.url_key) for entry in left_over(failures, {"b" * 32})] == [
        ("https://example.org/a", "a" * 32)
    ]


@pytest.mark.parametrize("command", [("report",), ("feeds", "status")])
def test_a_readable_file_that_is_not_the_tables_is_named_in_one_line(
    lake: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    without_columns, with_gaps = BytesIO(), BytesIO()
    articles = next(lake.glob(f"articles/*/part-{SECOND}-*.parquet"))
    polls = next(lake.glob(f"feed_polls/*/part-{SECOND}-*.parquet"))
    pq.write_table(pa.table({"x": [1]}), without_columns)
    columns = pq.read_table(polls, partitioning=None)
    gaps = pa.nulls(len(columns), pa.string())
    pq.write_table(columns.set_column(columns.column_names.index("feed_url"), "feed_url", gaps), with_gaps)
    articles.write_bytes(without_columns.getvalue())
    polls.write_bytes(with_gaps.getvalue())
    assert main([*command, "--output", str(lake)]) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert "is damaged (" in line
    assert line.endswith(f"run: newsbeam repair --output {lake}")

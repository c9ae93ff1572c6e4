"""The views of a lake: in a DuckDB file that follows each commit, over exactly the committed files."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from schemas.article import ARTICLES
from schemas.tables import DATA
from tests.conftest import Desk
from tests.rows import NOON_US
from transforms.common.clock import DAY_US
from transforms.lake.committed import committed
from transforms.lake.editions.compact import compact
from transforms.lake.editions.edition import delete_replaced
from transforms.lake.files.layout import VIEWS_FILE
from transforms.lake.files.lock import lake_lock
from transforms.lake.files.storage import Storage
from transforms.lake.views import write_views


def counts(lake: Path, table: str = "articles") -> tuple[int, int]:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{lake}/{VIEWS_FILE}' as lake (read_only)")
        [found] = connection.sql(f"select count(*), count(distinct article_id) from lake.{table}").fetchall()
    return found


def test_a_run_leaves_views_that_follow_an_edition_and_hold_while_the_old_files_stay(desk: Desk) -> None:
    written = desk.run()["tables"]
    lake = desk.folder / "lake"
    storage = Storage(str(lake))
    assert counts(lake)[0] == written["articles"]
    desk.room.advance(hours=1)
    written["articles"] += desk.run()["tables"]["articles"]
    before = (lake / VIEWS_FILE).read_bytes()
    assert counts(lake)[0] == written["articles"]

    days_later = NOON_US + 400 * DAY_US
    with lake_lock(storage, "test") as generation:
        assert compact(storage, generation, days_later) is not None
        assert counts(lake)[0] == written["articles"], "the old views, over the old files"
        write_views(committed(storage))
    assert (lake / VIEWS_FILE).read_bytes() != before
    assert counts(lake)[0] == written["articles"]
    with duckdb.connect() as connection:
        glob = connection.sql(f"select count(*) from '{lake}/articles/*/*.parquet'").fetchall()
    assert glob[0][0] > written["articles"], "a plain glob finds rows twice"
    delete_replaced(storage, days_later + DAY_US, 900)
    assert counts(lake)[0] == written["articles"]
    assert len(committed(storage).parts(ARTICLES)) == len(list(lake.glob("articles/*/*.parquet")))


def test_views_that_are_right_are_not_written_again_and_half_written_ones_are_swept(desk: Desk) -> None:
    desk.run()
    lake = desk.folder / "lake"
    file = lake / VIEWS_FILE
    written = file.stat().st_mtime_ns
    write_views(committed(Storage(str(lake))))
    assert file.stat().st_mtime_ns == written
    (lake / f"{VIEWS_FILE}#1").write_text("half")
    (lake / "mine#1").write_text("mine")
    file.unlink()
    write_views(committed(Storage(str(lake))))
    Storage(str(lake)).sweep()
    assert file.exists()
    assert not (lake / f"{VIEWS_FILE}#1").exists()
    assert (lake / "mine#1").exists()


def test_each_column_of_a_table_is_one_of_its_view_whatever_its_type_or_name(tmp_path: Path) -> None:
    """Over files of release 0.1.0, which lack most of them: days, and parts of a struct named as words of SQL are."""
    lake = shutil.copytree(Path(__file__).parents[2] / "lakes/0.1.0", tmp_path / "lake")
    write_views(committed(Storage(str(lake))))
    with duckdb.connect() as connection:
        connection.execute(f"attach '{lake}/{VIEWS_FILE}' as lake (read_only)")
        for table in DATA:
            names = [name for name, *_ in connection.sql(f"describe lake.{table.name}").fetchall()]
            assert set(names) == {*table.schema.names, table.partition}
        assert connection.sql("select sum(blocks[1].end) from lake.articles").fetchall() == [(None,)]

"""`newsbeam export articles`: a folder that appears whole, or one line that says why not."""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import json
import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from schemas.article import ARTICLES as TABLE
from schemas.article import Article
from schemas.run import RunManifest, iso, new_run_id
from tests import rows
from tests.command import newsbeam
from tests.stored_pages import DAY_US
from transforms.lake.files.layout import manifest_path
from transforms.lake.files.parts import PartWriter
from transforms.lake.files.storage import Storage

OLD = Path(__file__).parent / "lakes/0.1.0"


def article(number: int, **values: Any) -> Article:
    return rows.article(
        article_id=f"{number:032x}",
        canonical_url=f"https://www.example.org/{number}",
        headline=f"Story {number}",
        run_id="r",
        **{"date_published_us": rows.NOON_US + number * 60_000_000, "word_count": 100, "page_kind": "article"} | values,
    )


ARTICLES = [
    article(0, in_language="en", license="https://creativecommons.org/licenses/by/4.0/"),
    article(1, in_language="de", usage_directives=("robots.txt:gptbot=disallow",)),
    article(2, in_language="de", date_published_us=rows.NOON_US + DAY_US),
    article(2, in_language="de", date_published_us=rows.NOON_US, fetched_at_us=rows.NOON_US - 1, article_body="Old."),
    article(3, in_language="en", relation="near", cluster_id=f"{0:032x}", duplicate_of=f"{0:032x}"),
]


def add_run(lake: Path, hour: int, articles: list[Article], committed: bool = True) -> None:
    """A run that has written these articles, a file a day."""
    storage, run_id = Storage(str(lake)), new_run_id(rows.NOON_US + hour * 3_600_000_000, None)
    writer, days = PartWriter(storage, run_id), {one.published_date for one in articles}
    parts = tuple(
        writer.write(TABLE, [one for one in articles if one.published_date == day], "00000", day) for day in days
    )
    at = iso(rows.NOON_US)
    if committed:
        storage.put(manifest_path(run_id), RunManifest(run_id, "ingest", at, at, {}, {}, {}, {}, parts).to_json())


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """Articles of two committed runs, and one that no run has committed."""
    add_run(tmp_path / "lake", 0, ARTICLES[:3])
    add_run(tmp_path / "lake", 1, ARTICLES[3:])
    add_run(tmp_path / "lake", 2, [article(9)], committed=False)
    return tmp_path / "lake"


def export(lake: Path, to: Path, *more: str) -> dict[str, Any]:
    done = newsbeam("export", "articles", "--output", str(lake), "--to", str(to), "--json", *more)
    assert (done.returncode, done.stderr) == (0, "")
    return dict(json.loads(done.stdout))


def headlines(to: Path) -> list[str]:
    return [
        headline
        for path in sorted(to.glob("data/*.parquet"))
        for headline in pq.read_table(path).column("headline").to_pylist()
    ]


def files(to: Path) -> dict[str, bytes]:
    return {str(path.relative_to(to)): path.read_bytes() for path in sorted(to.rglob("*")) if path.is_file()}


def test_the_newest_revisions_without_objections_and_a_card_that_adds_up(lake: Path, tmp_path: Path) -> None:
    told = export(lake, tmp_path / "set")
    assert headlines(tmp_path / "set") == ["Story 0", "Story 3", "Story 2"]
    assert [*files(tmp_path / "set")] == ["README.md", "data/train-00000-of-00001.parquet"]
    assert (told["read"], told["rows"], told["left_out"]) == (5, 3, {"older_revision": 1, "objects": 1})
    assert (told["objecting"], told["objections"]) == (1, {"crawlers": 1})
    [file] = told["files"]
    data = (tmp_path / "set" / file["path"]).read_bytes()
    assert (file["rows"], file["bytes"], file["sha256"]) == (3, len(data), hashlib.sha256(data).hexdigest())
    card = (tmp_path / "set/README.md").read_text()
    assert f"`{file['sha256']}`" in card
    assert str(tmp_path) not in card, "a card tells nothing of the machine"
    table = pq.read_table(tmp_path / "set" / file["path"])
    assert table.column("published_date").to_pylist() == [date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 3)]
    assert not {"removed", "recovered"} & {*table.schema.names}


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (("--without_copies",), ["Story 0", "Story 2"]),
        (("--ignore_usage_directives", "--languages", "DE"), ["Story 1", "Story 2"]),
        (("--all_revisions", "--languages", "de"), ["Story 2", "Story 2"]),
        (("--since", "2026-03-03"), ["Story 2"]),
        (("--until", "2026-03-03", "--hosts", "www.example.org"), ["Story 0", "Story 3"]),
    ],
)
def test_only_what_is_asked_for(lake: Path, tmp_path: Path, given: tuple[str, ...], found: list[str]) -> None:
    export(lake, tmp_path / "set", *given)
    assert headlines(tmp_path / "set") == found
    card = (tmp_path / "set/README.md").read_text()
    assert all(f"| `{option.removeprefix('--')}` |" in card for option in given if option.startswith("--"))


def test_withdrawn_articles_stay_out_and_a_copy_stands_for_a_withdrawn_original(lake: Path, tmp_path: Path) -> None:
    at_us = rows.NOON_US + 3_600_000_000
    add_run(lake, 3, [article(0, fetched_at_us=at_us, withdrawn_at_us=at_us, relation="revision", revision=2)])
    told = export(lake, tmp_path / "set", "--without_copies")
    assert headlines(tmp_path / "set") == ["Story 3", "Story 2"], "a copy is not left out for what is not there"
    assert told["left_out"] == {"older_revision": 2, "withdrawn": 1, "objects": 1}
    assert "| left out: their publishers have withdrawn them | 1 |" in (tmp_path / "set/README.md").read_text()
    kept = export(lake, tmp_path / "all", "--keep_withdrawn")
    assert headlines(tmp_path / "all") == ["Story 0", "Story 3", "Story 2"]
    assert (kept["withdrawn"], kept["left_out"]) == (1, {"older_revision": 2, "objects": 1})
    assert "| `keep_withdrawn` | `yes` |" in (tmp_path / "all/README.md").read_text()


def test_lines_of_json_with_the_columns_asked_for(lake: Path, tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()  # an empty folder may be there
    export(lake, tmp_path / "set", "--format", "jsonl", "--columns", "headline,published_date,license,headline")
    [path] = (tmp_path / "set/data").iterdir()
    assert path.name == "train-00000-of-00001.jsonl.gz"
    lines = gzip.decompress(path.read_bytes()).splitlines()
    assert json.loads(lines[0]) == {
        "headline": "Story 0",
        "published_date": "2026-03-02",
        "license": "https://creativecommons.org/licenses/by/4.0/",
    }
    assert len(lines) == 3


@pytest.mark.upkeep
def test_equal_byte_for_byte_also_of_the_compacted_lake(lake: Path, tmp_path: Path) -> None:
    export(lake, tmp_path / "one")
    done = newsbeam("compact", "--output", str(lake), "--all")
    assert done.returncode == 0, done.stderr
    export(lake, tmp_path / "two")
    assert files(tmp_path / "one") == files(tmp_path / "two")


@pytest.mark.slow
def test_large_sets_are_several_files(tmp_path: Path) -> None:
    noise = [article(n, article_body=os.urandom(700).hex(), date_published_us=rows.NOON_US) for n in range(2_500)]
    add_run(tmp_path / "lake", 0, noise)
    told = export(tmp_path / "lake", tmp_path / "set", "--max_file_mb", "1")
    assert [file["path"] for file in told["files"]] == [f"data/train-0000{n}-of-00002.parquet" for n in range(2)]
    assert [file["rows"] for file in told["files"]] == [2_000, 500]
    assert headlines(tmp_path / "set") == [f"Story {n}" for n in range(2_500)]


def test_a_lake_of_an_older_release_is_exported(tmp_path: Path) -> None:
    told = export(OLD, tmp_path / "set")
    assert told["read"] == told["rows"] + sum(told["left_out"].values())
    assert told["rows"] > 100


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        (("--languages", "fi"), 1, "nothing to export: all 5 row(s) of these days are left out (not wanted 4"),
        (("--since", "2027-01-01"), 1, "nothing to export: .* has no article of these days"),
        (("--columns", "headlin"), 2, "there is no column 'headlin'; did you mean headline?"),
        (("--page_kinds", "zzz"), 2, "there is no page kind 'zzz'; there are article,"),
        (("--languages", " ,"), 2, "there is no value"),
        (("--to", "taken"), 2, "taken holds mine.txt already; remove it first"),
        (("--to", "taken/mine.txt"), 2, "it is no folder"),
        (("--to", "no/where"), 2, "there is no folder"),
        (("--to", "s3://bucket/set"), 2, "give a folder on a local disk"),
        (("--output", "nowhere"), 2, "there is no lake at nowhere"),
        (("--output", "taken"), 2, "no run has been committed to taken yet"),
    ],
)
def test_a_mistake_is_one_line_and_leaves_nothing(
    lake: Path, tmp_path: Path, given: tuple[str, ...], status: int, said: str
) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken/mine.txt").write_text("mine")
    done = newsbeam("export", "articles", "--output", "lake", "--to", "set", *given, folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (status, "", 1)
    assert re.search(said if ".*" in said else re.escape(said), done.stderr)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lake", "taken"]
    assert files(tmp_path / "taken") == {"mine.txt": b"mine"}


def test_what_a_killed_export_left_is_used_again_and_one_under_way_is_not_disturbed(lake: Path, tmp_path: Path) -> None:
    left = tmp_path / "set.newsbeam-part/data"
    left.mkdir(parents=True)
    (left / "00000.parquet").write_bytes(b"half")
    folder = os.open(left.parent, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    done = newsbeam("export", "articles", "--output", str(lake), "--to", "set", folder=tmp_path)
    assert done.returncode == 2
    assert "another newsbeam is writing" in done.stderr
    assert (left / "00000.parquet").read_bytes() == b"half"
    os.close(folder)
    export(lake, tmp_path / "set")
    assert headlines(tmp_path / "set") == ["Story 0", "Story 3", "Story 2"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lake", "set"]


def test_a_damaged_file_is_told_in_one_line(lake: Path, tmp_path: Path) -> None:
    path = sorted(lake.glob("articles/*/*.parquet"))[0]
    path.write_bytes(path.read_bytes()[:-40])
    done = newsbeam("export", "articles", "--output", str(lake), "--to", str(tmp_path / "set"))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "newsbeam repair" in done.stderr
    assert not (tmp_path / "set").exists()

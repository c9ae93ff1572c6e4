"""`newsbeam dedupe`: rows as they were, with what they are copies of; or one line that says why not."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.commands.dedupe import fingerprint_texts
from tests.command import newsbeam
from tests.transforms.compare.copies.texts import fingerprint, part, story
from transforms.compare.copies.mark_copies import ListedTexts, mark_copies
from transforms.compare.copies.stored.history import ListedHistory

LONG = story(1)
DAY = "2026-03-0{}T12:00:00Z"
ROWS = [
    {"id": "late", "text": LONG.upper(), "date": DAY.format(3)},
    {"id": "first", "text": LONG, "date": DAY.format(1)},
    {"id": "part", "text": part(LONG, 0, 200), "date": DAY.format(2)},
    {"id": "near", "text": f"{part(LONG, 0, 395)} and some more", "date": DAY.format(2)},
    {"id": "other", "text": story(2), "date": "soon"},
]


def write_lines(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows))
    return path


def dedupe(*given: object, status: int = 0) -> dict[str, Any]:
    done = newsbeam("dedupe", *map(str, given), "--json")
    assert (done.returncode, done.stderr) == (status, "")
    return dict(json.loads(done.stdout))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_copies_name_their_original_across_files_of_both_forms(tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", ROWS[:2])
    pq.write_table(pa.Table.from_pylist(ROWS[2:]), tmp_path / "b.parquet")
    told = dedupe(tmp_path / "a.jsonl", tmp_path / "b.parquet", "--output", tmp_path / "out")
    assert told["relations"] == {"original": 2, "exact": 1, "near": 1, "abridged": 1}
    assert (told["rows"], told["clusters"], told["not_compared"], told["dates_unread"]) == (5, 1, {}, 1)
    assert told["columns"] == {"text": "text", "id": "id", "date": "date", "title": None, "url": None}
    assert told["files"] == [str(tmp_path / "out" / name) for name in ("a.jsonl", "b.parquet")]
    found = [*lines(tmp_path / "out/a.jsonl"), *pq.read_table(tmp_path / "out/b.parquet").to_pylist()]
    assert [{name: row[name] for name in ROWS[0]} for row in found] == ROWS
    marks = {row["id"]: (row["relation"], row["duplicate_of"], row["cluster_id"]) for row in found}
    assert marks == {
        "late": ("exact", "first", "first"),
        "first": ("original", None, "first"),
        "part": ("abridged", "first", "first"),
        "near": ("near", "first", "first"),
        "other": ("original", None, "other"),
    }
    assert [row["similarity"] for row in found[:3]] == [1.0, None, 1.0]
    assert "row_number" not in found[0]


def test_the_marks_are_those_of_a_run(tmp_path: Path) -> None:
    texts = [part(story(n % 17), n % 3 * 40, 400 - n % 5 * 60) for n in range(60)]
    write_lines(tmp_path / "a.jsonl", [{"text": text} for text in texts])
    dedupe(tmp_path / "a.jsonl", "--output", tmp_path / "out.jsonl")
    made = [fingerprint(f"{n:012d}", text, published_us=None) for n, text in enumerate(texts)]
    verdicts = {int(one.article_id): one for one in mark_copies(ListedTexts(made), ListedHistory())}
    for row in lines(tmp_path / "out.jsonl"):
        verdict = verdicts[row["row_number"]]
        assert (row["relation"], row["similarity"]) == (verdict.relation, verdict.similarity)
        assert row["cluster_id"] == int(verdict.cluster_id or "")
        assert row["duplicate_of"] == (None if verdict.duplicate_of is None else int(verdict.duplicate_of))
    assert len({verdict.relation for verdict in verdicts.values()}) > 2


def test_rows_without_ids_are_named_by_their_number_over_all_files(tmp_path: Path) -> None:
    rows = [{"content": row["text"]} for row in ROWS]
    write_lines(tmp_path / "a.jsonl", rows[:3])
    pq.write_table(pa.Table.from_pylist(rows[3:]), tmp_path / "b.parquet")
    dedupe(tmp_path / "a.jsonl", tmp_path / "b.parquet", "--output", tmp_path / "out")
    table = pq.read_table(tmp_path / "out/b.parquet")
    assert table.schema.field("duplicate_of").type == pa.int64()
    assert [row["row_number"] for row in lines(tmp_path / "out/a.jsonl")] == [0, 1, 2]
    assert table.column("row_number").to_pylist() == [3, 4]
    assert table.column("duplicate_of").to_pylist() == [0, None]


def test_numbers_stay_numbers_as_ids(tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", [{"id": 70 + n, "text": LONG} for n in range(2)])
    dedupe(tmp_path / "a.jsonl", "--output", tmp_path / "out.jsonl.gz")
    _, second = map(json.loads, gzip.decompress((tmp_path / "out.jsonl.gz").read_bytes()).splitlines())
    assert (second["duplicate_of"], second["cluster_id"]) == (70, 70)


def test_later_rows_of_an_address_are_its_revisions_where_it_is_named(tmp_path: Path) -> None:
    rows = [
        {"id": "3", "url": "https://example.org/a#top", "text": f"{LONG} edited", "date": DAY.format(3)},
        {"id": "1", "url": "https://example.org/a", "text": LONG, "date": DAY.format(1)},
        {"id": "2", "url": "https://EXAMPLE.org/a", "text": LONG, "date": DAY.format(2)},
        {"id": "4", "url": "https://example.com/b", "text": LONG, "date": DAY.format(4)},
        {"id": "5", "url": None, "text": story(5)},
        {"id": "6", "url": "", "text": story(6)},
    ]
    write_lines(tmp_path / "a.jsonl", rows)
    dedupe(tmp_path / "a.jsonl", "--output", tmp_path / "out.jsonl", "--url", "url")
    found = {row["id"]: (row["relation"], row["duplicate_of"]) for row in lines(tmp_path / "out.jsonl")}
    assert found == {
        "1": ("original", None),
        "2": ("exact", "1"),
        "3": ("revision", "1"),
        "4": ("exact", "1"),
        "5": ("original", None),
        "6": ("original", None),
    }
    assert {row["cluster_id"] for row in lines(tmp_path / "out.jsonl")} == {"1", "5", "6"}
    dedupe(tmp_path / "a.jsonl", "--output", tmp_path / "again.jsonl")
    assert {row["id"]: row["relation"] for row in lines(tmp_path / "again.jsonl")}["3"] == "near"


def test_a_text_is_compared_without_its_own_title(tmp_path: Path) -> None:
    short = part(LONG, 0, 12)  # so short that only equal words are a copy
    rows = [{"id": 1, "title": "The Quay Closes at Last", "text": f"The quay closes at last\n{short}"}]
    write_lines(tmp_path / "a.jsonl", [*rows, {"id": 2, "text": short}])
    dedupe(tmp_path / "a.jsonl", "--output", tmp_path / "out.jsonl")
    assert [row["relation"] for row in lines(tmp_path / "out.jsonl")] == ["original", "exact"]


def test_rows_that_cannot_be_compared_stay_with_the_reason_and_end_with_status_3(tmp_path: Path) -> None:
    bad = [{"id": "b"}, "no json", {"id": "c", "text": "…!"}, {"text": LONG}, {"id": "first", "text": LONG}]
    write_lines(tmp_path / "a.jsonl", [*ROWS[:2], *bad])
    done = newsbeam("dedupe", str(tmp_path / "a.jsonl"), "--output", str(tmp_path / "out.jsonl"))
    assert done.returncode == 3
    reasons = [None, None, "no_text", "bad_json", "no_words", "no_id", "id_repeated"]
    found = lines(tmp_path / "out.jsonl")
    assert [row["not_compared"] for row in found] == reasons
    assert all(row["relation"] is None and row["cluster_id"] is None for row in found[2:])
    assert found[3]["line"] == "no json"
    assert sorted(done.stderr.splitlines()) == sorted(
        f"newsbeam dedupe: 1 row(s) were not compared: {why}" for why in reasons if why
    )
    assert "7 row(s) in 1 file(s), by text text, id id, date date." in done.stdout


def test_an_export_of_a_lake_has_these_names_so_a_prefix_is_asked_for(tmp_path: Path) -> None:
    pq.write_table(pa.table({"article_body": [LONG, LONG], "relation": ["original", "exact"]}), tmp_path / "a.parquet")
    done = newsbeam("dedupe", str(tmp_path), "--output", str(tmp_path / "out"))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "has a column relation already; give --prefix, such as dedupe_" in done.stderr
    assert not (tmp_path / "out").exists()
    dedupe(tmp_path, "--output", tmp_path / "out", "--prefix", "dedupe_")
    table = pq.read_table(tmp_path / "out/a.parquet")
    assert table.column("dedupe_relation").to_pylist() == table.column("relation").to_pylist() == ["original", "exact"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("nothing.jsonl", "--output", "out"), "there is no file nothing.jsonl"),
        (("notes.txt", "--output", "out"), "notes.txt is no file of texts by its name"),
        (("a.jsonl", "--output", "out", "--text", "txet"), "a.jsonl has no column txet; it has id, text, date"),
        (("a.jsonl", "b/a.jsonl", "--output", "out"), "there are two files a.jsonl, which would be one in out"),
        (("a.jsonl", "b/c.jsonl", "--output", "out.jsonl"), "out.jsonl is a file, for one file; give a folder"),
        (("a.jsonl", "--output", "out.parquet"), "a.jsonl stays in its form"),
        (("a.jsonl", "--output", "a.jsonl"), "a.jsonl exists; remove it first"),
        (("a.jsonl", "--output", "b"), "b holds a.jsonl already"),
        (("a.jsonl", "--output", "no/out"), "there is no folder"),
        (("a.jsonl", "--output", "out", "--workers", "0"), "give 1 to 1,000"),
    ],
)
def test_a_mistake_is_one_line_and_leaves_nothing(tmp_path: Path, given: tuple[str, ...], said: str) -> None:
    (tmp_path / "b").mkdir()
    for name in ("a.jsonl", "b/a.jsonl", "b/c.jsonl"):
        write_lines(tmp_path / name, ROWS)
    (tmp_path / "notes.txt").write_text("x")
    before = sorted(tmp_path.rglob("*"))
    done = newsbeam("dedupe", *given, folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    assert said in done.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_a_file_that_breaks_off_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(ROWS[0]).encode() * 200)[:-10])
    done = newsbeam("dedupe", str(path), "--output", str(tmp_path / "out.jsonl"), "--text", "text")
    assert done.returncode in (1, 2)
    assert re.search(r"a\.jsonl\.gz cannot be read", done.stderr)
    assert [one.name for one in tmp_path.iterdir()] == ["a.jsonl.gz"]


@pytest.mark.slow
def test_workers_give_what_one_process_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprint_texts, "_ALONE", 0)
    rows = [{"id": n, "text": part(story(n % 900), 0, 60 + n % 40)} for n in range(3_500)]
    write_lines(tmp_path / "a.jsonl", rows)
    for workers in (1, 2):
        dedupe(tmp_path / "a.jsonl", "--output", tmp_path / f"{workers}.jsonl", "--workers", workers)
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()
    assert len({row["cluster_id"] for row in lines(tmp_path / "1.jsonl")}) == 900

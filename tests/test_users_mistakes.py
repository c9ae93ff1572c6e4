"""What users give that cannot be read or written: one line that names it, exit status 2 or 1, never a traceback."""

from __future__ import annotations

import gzip
import os
import subprocess
from pathlib import Path

import pytest

from pipelines.cli import main
from tests.conftest import COMMAND

OLD_LAKE = str(Path(__file__).parent / "lakes/0.1.0")
NETWORK = ["--allow_networks", "127.0.0.0/8"]
FILES = {
    "empty": b"",
    "nul": b"\0" * 5_000,
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "packed": gzip.compress(b"https://one.example/\n" * 100),
    "document": b"%PDF-1.4\n1 0 obj\nendobj",
    "words": b"just words here",
    "data": b'{"a": 1}',
    "latin": "<html><p>\xe5".encode("latin-1"),
    "list.txt": b"http://127.0.0.1:9/feed\n",
}
READ = [
    ["extract", "FILE"], ["feeds", "check", "FILE"], ["feeds", "import", "FILE", "--to", "-"],
    ["feeds", "status", "--output", OLD_LAKE, "--feeds", "FILE"], ["ingest", "--output", "lake", "--feeds", "FILE"],
    ["stream", "--output", "lake", "--feeds", "FILE"],
]  # fmt: skip


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files, a folder and links to stumble over, in the working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pipelines.logs.start_logging", lambda *_: None)
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "astray").symlink_to("nothing")


def refused(capsys: pytest.CaptureFixture[str], *command: str, statuses: tuple[int, ...] = (2,)) -> str:
    """The one line with which a command ends."""
    try:
        status = main(list(command))
    except SystemExit as ended:
        status = int(ended.code or 0)
    out, err = capsys.readouterr()
    assert status in statuses, err
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"newsbeam {command[0]}")
    assert "bug" not in err
    return err


@pytest.mark.parametrize("command", READ, ids=lambda command: " ".join(command[:2]))
@pytest.mark.parametrize(
    "name", ["missing", "folder", "loop", "astray", "list.txt/x", "no/such", "x" * 300, "", "\udcff"]
)
def test_a_file_that_cannot_be_read_is_named(command: list[str], name: str, capsys: pytest.CaptureFixture[str]) -> None:
    more = NETWORK if command[0] in ("ingest", "stream") else []
    line = refused(capsys, *(name if word == "FILE" else word for word in command), *more)
    assert f"{name.replace(chr(0xDCFF), '?') or repr(name)}: " in line
    assert not Path("lake").exists()


@pytest.mark.parametrize("command", READ[1:], ids=lambda command: " ".join(command[:2]))
@pytest.mark.parametrize("name", [name for name in FILES if name != "list.txt"])
def test_a_file_that_is_no_feed_list_is_named(
    command: list[str], name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    more = NETWORK if command[0] in ("ingest", "stream") else []
    assert f": {name}" in refused(capsys, *(name if word == "FILE" else word for word in command), *more)


@pytest.mark.parametrize("name", [name for name in FILES if name != "list.txt"])
def test_a_file_that_is_no_page_has_no_article(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, "extract", name, statuses=(1,)).startswith(("newsbeam extract: no", "newsbeam extract: em"))


@pytest.mark.parametrize("command", READ[1:], ids=lambda command: " ".join(command[:2]))
def test_what_is_mistaken_for_a_feed_list_is_called_by_its_name(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    Path("feed.xml").write_text("<rss version='2.0'><channel><title>One feed</title></channel></rss>")
    more = NETWORK if command[0] in ("ingest", "stream") else []
    for name, what in {
        "document": ": a PDF, no list of feeds; write the addresses",
        "packed": ": gzip data, no list of feeds",
        "feed.xml": ": a feed, no list of feeds",
        "https://example.org/rss.xml": ": that is an address; write the addresses of feeds into a file",
    }.items():
        assert f"{name}{what}" in refused(capsys, *(name if word == "FILE" else word for word in command), *more)


def test_a_folder_that_is_no_lake_does_not_look_like_an_empty_one(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("views", "files", "report", "verify"):
        line = refused(capsys, command, "--output", "folder")
        assert line == f"newsbeam {command}: no run has been committed to folder yet\n"


@pytest.mark.parametrize("early", ["--output", "--config=none", "--feeds"])
def test_an_option_before_the_command_is_told_where_it_stands(early: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([early, "lake", "report"]) == 2
    said = f"newsbeam: the command comes first: newsbeam COMMAND {early.partition('=')[0]} …; see newsbeam --help\n"
    assert capsys.readouterr() == ("", said)


ADDRESSES = [
    "http://a b/", "http://", "https://[::1", "ftp://x.example/", "http://127.0.0.1:99999/", "http://me@127.0.0.1/",
    "file:///etc/passwd", "http://127.0.0.1:9/\udcff",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_is_none_is_a_mistake(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["extract", address], ["extract", "words", "--url", address], ["feeds", "discover", address]):
        refused(capsys, *command, *NETWORK)
    Path("one.txt").write_bytes(address.encode(errors="surrogateescape"))
    assert ": one.txt" in refused(capsys, "feeds", "check", "one.txt", *NETWORK)


def test_an_address_is_one_in_capitals_and_at_any_length(capsys: pytest.CaptureFixture[str]) -> None:
    for address in ("HTTP://127.0.0.1:9/x", f"http://127.0.0.1:9/{'x' * 2_000}"):
        assert "unreachable" in refused(capsys, "extract", address, *NETWORK, statuses=(1,))


@pytest.mark.parametrize("name", ["folder", "no/out.opml", "list.txt/out.opml", "x" * 300, "", "/proc/x.opml"])
def test_what_cannot_be_written_is_named_before_the_work_is_done(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    line = refused(capsys, "feeds", "import", "list.txt", "--form", "opml", "--to", name)
    assert f"cannot write {name or repr(name)}: " in line
    if len(name) < 300 and name and not name.startswith("/proc"):
        assert refused(capsys, "extract", "missing", "--explain", name).startswith("newsbeam extract: cannot write")
        asked = refused(capsys, "feeds", "discover", "http://127.0.0.1:9/", "--opml", name, *NETWORK)
        assert asked == f"newsbeam feeds: {line.partition(': ')[2]}"
    assert not list(Path().glob("*.tmp"))


@pytest.mark.parametrize("run", ["x", "", "../x", "\udcff"])
def test_a_run_that_is_none_is_named(run: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "no committed run" in refused(capsys, "report", "--output", OLD_LAKE, "--run", run)


@pytest.mark.slow
def test_closed_input_and_output_without_room_are_told() -> None:
    def ended(*command: str, shell: str) -> tuple[int, str]:
        done = subprocess.run(
            f"{' '.join(COMMAND)} {' '.join(command)} {shell}", shell=True, capture_output=True, text=True, check=False,
            cwd=Path(__file__).parents[1], timeout=60,
        )  # fmt: skip
        return done.returncode, done.stderr

    nothing = "there is nothing to read: standard input is closed\n"
    assert ended("extract", "-", shell="<&-") == (2, f"newsbeam extract: {nothing}")
    assert ended("feeds", "check", "-", shell="<&-") == (2, f"newsbeam feeds: {nothing}")
    if os.path.exists("/dev/full"):
        full = (1, "newsbeam views: No space left on device\n")
        assert ended("views", "--output", OLD_LAKE, shell=">/dev/full") == full


def test_a_terminal_without_unicode_gets_escapes(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("url,title\nhttps://one.example/,Århus 😀\n", "utf-8")
    done = subprocess.run(
        [*COMMAND, "feeds", "import", str(tmp_path / "list.txt"), "--to", "-", "--form", "csv"],
        capture_output=True, check=False, timeout=60, cwd=Path(__file__).parents[1],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert rb"\xc5rhus \U0001f600" in done.stdout

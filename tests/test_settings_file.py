"""Options from a file, read at the start of a command and by a stream at each tick."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest

from pipelines.checks import UsageError
from pipelines.parser import command_parser, parsed_again, remember_start
from pipelines.settings_file import with_settings
from tests.command import newsbeam

START = ["ingest", "--feeds", "feeds.opml", "--output", "lake"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "newsbeam.toml"
    path.write_text('host_delay = 2.5\nallow_networks = ["127.0.0.0/8", "10.0.0.0/8"]\nforce = true\njson = false\n')
    return path


def test_options_of_a_file_count_where_the_command_line_is_silent(file: Path) -> None:
    given = command_parser().parse_args(with_settings([*START, "--settings", str(file), "--host_delay=7"]))
    assert (given.host_delay, given.force, given.json) == (7.0, True, False)
    assert given.allow_networks == "127.0.0.0/8,10.0.0.0/8"


def test_a_command_line_without_a_file_stays_as_it_is() -> None:
    assert with_settings(START) == START
    assert with_settings([]) == []


def test_a_file_can_name_feeds_and_lake(tmp_path: Path) -> None:
    path = tmp_path / "all.toml"
    path.write_text('feeds = "mine.txt"\noutput = "there"\n')
    given = command_parser().parse_args(with_settings(["stream", f"--settings={path}"]))
    assert (given.feeds, given.output, given.max_pages) == ("mine.txt", "there", 2000)


def started(arguments: list[str]) -> Namespace:
    """The options of a stream at its start, as the command keeps them."""
    given = command_parser().parse_args(with_settings(arguments))
    remember_start(given, arguments, [])
    return given


def test_what_only_a_new_start_can_change_stays_and_is_logged(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    before = started(["stream", *START[1:], "--settings", str(file)])
    before.output = "/made/absolute/lake"  # as for workers that work in another folder
    assert parsed_again(before).output == "/made/absolute/lake"
    assert not caplog.records
    file.write_text("output = 'elsewhere'\ntick = '2s'\nhost_delay = 3\n")
    again = parsed_again(before)
    assert (again.output, again.tick, again.host_delay) == ("/made/absolute/lake", 60.0, 3.0)
    (record,) = caplog.records
    assert record.__dict__["options"] == ["tick"], "the command line says --output, which counts first"


def test_a_file_that_changed_counts_when_it_is_read_again(file: Path) -> None:
    arguments = ["stream", *START[1:], "--settings", str(file)]
    before = started(arguments)
    assert parsed_again(before).host_delay == 2.5
    file.write_text("host_delay = 3\nmax_pages = 'all'\n")
    assert (parsed_again(before).host_delay, parsed_again(before).max_pages) == (3.0, None)
    file.write_text("host_delay = 'soon'\n")
    with pytest.raises(UsageError, match=r"newsbeam\.toml: .*host_delay: 'soon' is no number"):
        parsed_again(before)
    file.write_text("host_delai = 3\n")
    with pytest.raises(UsageError, match=r"newsbeam\.toml: there is no option --host_delai; did you mean"):
        parsed_again(before)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"host_delay: 3", "is no TOML"),
        (b"\xff\xfe", "is no TOML"),
        (b"[network]\nhost_delay = 3", "has 'network'"),
        (b"settings = 'other.toml'", "has 'settings'"),
        (None, "cannot read the settings file"),
    ],
)
def test_a_file_that_is_none_is_a_users_mistake(tmp_path: Path, content: bytes | None, why: str) -> None:
    path = tmp_path / "bad.toml"
    if content is not None:
        path.write_bytes(content)
    done = newsbeam(*START, "--settings", str(path))
    assert done.returncode == 2
    assert why in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_unknown_option_in_a_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "odd.toml"
    path.write_text("host_delai = 3\n")
    feeds = tmp_path / "feeds.txt"
    feeds.write_text("http://127.0.0.1/feed")
    done = newsbeam("ingest", "--feeds", str(feeds), "--output", str(tmp_path / "lake"), "--settings", str(path))
    assert done.returncode == 2
    assert "did you mean --host_delay?" in done.stderr

"""Command line, environment and settings file: which counts, and which file is read."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest

from pipelines.checks import UsageError
from pipelines.config.mistakes import ConfigError
from pipelines.config.precedence import resolved
from pipelines.given.command_line import parsed, parsed_again
from pipelines.parser import command_parser
from tests.command import newsbeam

START = ["ingest", "--feeds", "feeds.opml", "--output", "lake"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text('host_delay = 2.5\nallow_networks = ["127.0.0.0/8", "10.0.0.0/8"]\nforce = true\njson = false\n')
    return path


def read(*arguments: str, **environ: str) -> Namespace:
    parser = command_parser()
    return parser.parse_args(resolved(arguments, parser, environ).words)


def test_options_of_a_file_count_where_the_command_line_is_silent(file: Path) -> None:
    given = read(*START, "--config", str(file), "--host_delay=7")
    assert (given.host_delay, given.force, given.json) == (7.0, True, False)
    assert given.allow_networks == "127.0.0.0/8,10.0.0.0/8"


def test_a_command_line_without_file_or_environment_stays_as_it_is() -> None:
    assert resolved(START, command_parser(), {}).words == START
    assert resolved([], command_parser(), {}).words == []
    help_of = ["ingest", "--help", "--config=missing.toml"]
    assert resolved(help_of, command_parser(), {}).words == help_of
    assert resolved(["nonsense", "--config=x"], command_parser(), {}).words == ["nonsense", "--config=x"]


def test_the_environment_counts_before_the_file_and_after_the_command_line(file: Path) -> None:
    environ = {"NEWSBEAM_CONFIG": str(file), "NEWSBEAM_HOST_DELAY": "3", "NEWSBEAM_FORCE": "no", "NEWSBEAM_GRACE": "1h"}
    given = read(*START, "--grace=5m", **environ)
    assert (given.host_delay, given.force, given.grace) == (3.0, False, 300.0)
    assert given.allow_networks == "127.0.0.0/8,10.0.0.0/8"


def test_an_empty_variable_is_none(file: Path) -> None:
    assert read(*START, "--config", str(file), NEWSBEAM_HOST_DELAY="").host_delay == 2.5


@pytest.mark.parametrize(
    ("variable", "value", "why"),
    [
        ("NEWSBEAM_HOST_DELAY", "soon", "'soon' is no number"),
        ("NEWSBEAM_FORCE", "perhaps", "neither true nor false"),
        ("NEWSBEAM_COMPACT", "often", "none of auto, off"),
    ],
)
def test_a_variable_that_makes_no_sense_is_named(variable: str, value: str, why: str) -> None:
    with pytest.raises(UsageError, match=f"the environment variable {variable}: .*{why}"):
        read(*START, **{variable: value})


def test_a_file_beside_the_feed_list_is_read_unless_another_or_none_is_named(tmp_path: Path, file: Path) -> None:
    (tmp_path / "newsbeam.toml").write_text("host_delay = 4\n")
    start = ["ingest", "--feeds", str(tmp_path / "feeds.opml"), "--output", "lake"]
    assert read(*start).host_delay == 4.0
    assert read("ingest", "--output=lake", NEWSBEAM_FEEDS=str(tmp_path / "feeds.opml")).host_delay == 4.0
    assert read(*start, "--config", str(file)).host_delay == 2.5
    assert read(*start, "--config=none").host_delay == 1.0
    assert read(*start, NEWSBEAM_CONFIG="none").host_delay == 1.0
    assert read("ingest", "--feeds", "s3://bucket/feeds.opml", "--output", "lake").host_delay == 1.0
    assert read("ingest", "--feeds", "-", "--output", "lake").host_delay == 1.0


def test_a_file_can_name_feeds_and_lake_and_speak_to_one_command(tmp_path: Path) -> None:
    path = tmp_path / "all.toml"
    path.write_text(
        'feeds = "mine.txt"\noutput = "there"\nmax_pages = 7\n[command.stream]\nmax_pages = "all"\ntick = "5m"\n'
        '[command.workers]\nhost = "0.0.0.0"\n[command."feeds status"]\nfeeds = "others.txt"\n'
    )
    given = read("stream", f"--config={path}")
    assert (given.feeds, given.output, given.max_pages, given.tick) == ("mine.txt", "there", None, 300.0)
    assert read("ingest", f"--config={path}").max_pages == 7
    assert read("feeds", "status", f"--config={path}").feeds == "others.txt"
    assert read("report", f"--config={path}").output == "there"
    assert read("workers", f"--config={path}").host == "0.0.0.0"
    assert read("retain", f"--config={path}").output == "there"


def test_lists_are_given_once_and_replaced_not_added_to(tmp_path: Path) -> None:
    path = tmp_path / "archives.toml"
    warc = '[command.backfill]\nwarc = ["a.warc.gz", "b.warc.gz"]\n'  # which another command has in its own way
    path.write_text(f'output = "lake"\nhosts = ["example.org", "example.com"]\n{warc}')
    given = read("backfill", f"--config={path}")
    assert (given.warc, given.hosts) == (["a.warc.gz", "b.warc.gz"], ("example.org", "example.com"))
    assert read("backfill", f"--config={path}", "--warc", "c.warc.gz").warc == ["c.warc.gz"]


def test_an_option_that_excludes_one_of_the_file_takes_its_place(tmp_path: Path) -> None:
    path = tmp_path / "export.toml"
    path.write_text('output = "lake"\n[command."export pages"]\nwarc = "pages.warc.gz"\n')
    assert read("export", "pages", f"--config={path}").warc == "pages.warc.gz"
    given = read("export", "pages", f"--config={path}", "--wacz", "pages.wacz")
    assert (given.warc, given.wacz) == (None, "pages.wacz")


def test_options_of_beam_go_to_the_commands_that_take_them(tmp_path: Path) -> None:
    path = tmp_path / "beam.toml"
    path.write_text(
        '[beam]\nrunner = "DirectRunner"\ndirect_num_workers = 2\nsave_main_session = true\nstreaming = false\n'
    )
    _, rest = parsed([*START, f"--config={path}", "--runner=FlinkRunner"])
    assert rest == ["--runner=DirectRunner", "--direct_num_workers=2", "--save_main_session", "--runner=FlinkRunner"]
    assert parsed(["report", "--output", "lake", f"--config={path}"])[1] == []


def started(*arguments: str) -> Namespace:
    """The options of a stream at its start, as the command keeps them."""
    return parsed(["stream", *arguments])[0]


def test_what_only_a_new_start_can_change_stays_and_is_logged(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    before = started(*START[1:], "--config", str(file))
    before.output = "/made/absolute/lake"  # as for workers that work in another folder
    assert parsed_again(before).output == "/made/absolute/lake"
    assert not caplog.records
    file.write_text(
        "output = 'elsewhere'\ntick = '2s'\nhost_delay = 3\n"
        "websub = 'https://a.example'\nwebsub_listen = '127.0.0.1:9'\n"
    )
    again = parsed_again(before)
    assert (again.output, again.tick, again.host_delay) == ("/made/absolute/lake", 60.0, 3.0)
    assert (again.websub, again.websub_listen) == (None, None)
    (record,) = caplog.records
    assert record.__dict__["options"] == ["tick", "websub", "websub_listen"], (
        "the command line says --output, which counts first"
    )


def test_a_file_that_changed_counts_when_it_is_read_again(file: Path) -> None:
    before = started(*START[1:], "--config", str(file))
    assert parsed_again(before).host_delay == 2.5
    file.write_text('host_delay = 3\nmax_pages = "all"\n[feed."*"]\npause = true\n')
    again = parsed_again(before)
    assert (again.host_delay, again.max_pages) == (3.0, None)
    assert again.chosen.feeds.of("https://example.org/rss").pause is True
    file.write_text("host_delay = 'soon'\nhost_delai = 3\n")
    with pytest.raises(ConfigError, match=r"settings\.toml, line 1, host_delay: give a number.*line 2, host_delai:"):
        parsed_again(before)
    file.unlink()
    with pytest.raises(UsageError, match="cannot read the settings file"):
        parsed_again(before)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"host_delay: 3", "line 1: this is no TOML"),
        (b"a = 1\n\xff\xfe", "line 2: this is no UTF-8 text"),
        (b"[network]\nhost_delay = 3", "line 1, network: there is no such key"),
        (b"config = 'other.toml'", "a settings file does not name another"),
        (None, "cannot read the settings file"),
    ],
)
def test_a_file_that_is_none_is_a_users_mistake_of_one_line(tmp_path: Path, content: bytes | None, why: str) -> None:
    path = tmp_path / "bad.toml"
    if content is not None:
        path.write_bytes(content)
    done = newsbeam(*START, "--config", str(path))
    assert done.returncode == 2
    assert why in done.stderr
    assert done.stderr.count("\n") == 1

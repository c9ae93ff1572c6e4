"""The options of metrics and traces, as a user types them: each mistake is one line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipelines.given.listen_address import ListenAddress
from pipelines.parser import command_parser
from tests.command import newsbeam

GIVEN = ("--feeds", "feeds.opml", "--output", "lake")


@pytest.mark.parametrize(
    ("words", "address"),
    [
        (["--metrics_address"], ListenAddress("127.0.0.1", 9464)),
        (["--metrics_address", "9100"], ListenAddress("127.0.0.1", 9100)),
        (["--metrics_address", ":9100"], ListenAddress("127.0.0.1", 9100)),
        (["--metrics_address", "0.0.0.0:9100"], ListenAddress("0.0.0.0", 9100)),
        (["--metrics_address", "[::1]:9100"], ListenAddress("::1", 9100)),
        ([], None),
    ],
)
def test_an_endpoint_is_on_loopback_unless_another_address_is_named(
    words: list[str], address: ListenAddress | None
) -> None:
    given, rest = command_parser().parse_known_args(["stream", *GIVEN, *words])
    assert (given.metrics_address, rest) == (address, [])


def test_an_address_is_shown_as_it_is_asked_for() -> None:
    assert [str(ListenAddress("127.0.0.1", 1)), str(ListenAddress("::1", 2))] == ["127.0.0.1:1", "[::1]:2"]


@pytest.mark.parametrize("text", ["x", "127.0.0.1", "127.0.0.1:65536", "[::g]:1", "[1:2]:1", "a b:1", "http://a:1"])
def test_what_is_no_address_is_a_mistake(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        command_parser().parse_args(["stream", *GIVEN, "--metrics_address", text])
    assert "is no address" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("metrics.txt", "node_exporter reads only files whose names end in .prom"),
        ("nowhere/newsbeam.prom", "there is no folder nowhere"),
        ("folder.prom", "folder.prom is a folder"),
        ("feeds.prom", "feeds.prom is no metrics file"),
        ("pipe.prom", "pipe.prom is no regular file"),
        (f"{'n' * 300}.prom", "File name too long"),
    ],
)
@pytest.mark.parametrize("command", ["ingest", "stream"])
def test_a_metrics_file_that_cannot_be_is_told_of_before_anything_is_done(
    tmp_path: Path, command: str, file: str, why: str
) -> None:
    (tmp_path / "folder.prom").mkdir()
    os.mkfifo(tmp_path / "pipe.prom")
    (tmp_path / "feeds.prom").write_text("http://127.0.0.1:9/feed.xml\n")
    (tmp_path / "feeds.opml").write_text("http://127.0.0.1:9/feed.xml\n")
    done = newsbeam(command, *GIVEN, "--metrics_file", file, folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert why in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "lake").exists()


def test_a_mistake_in_the_feed_list_is_counted(tmp_path: Path) -> None:
    done = newsbeam("ingest", *GIVEN, "--metrics_file", "newsbeam.prom", folder=tmp_path)
    assert done.returncode == 2
    lake = f'lake="{tmp_path}/lake"'
    written = (tmp_path / "newsbeam.prom").read_text().splitlines()
    assert f'newsbeam_runs_total{{{lake},status="mistake"}} 1.0' in written
    assert f"newsbeam_last_try_success{{{lake}}} 0.0" in written

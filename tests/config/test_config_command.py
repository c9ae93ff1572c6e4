"""``newsbeam config`` as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command import newsbeam

GOOD = (
    'contact = "https://example.org/about"\n[command.stream]\ntick = "5m"\n'
    '[feed."*"]\ndrop_words = ["horoscope"]\n'
    '[feed."https://example.org/*"]\ninterval = "1h"\ncredentials = { user = "desk", password_env = "DESK_PASSWORD" }\n'
    '[host."example.org"]\ndelay = 3\nproxy = "http://proxy.example.org:3128"\n'
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "newsbeam.toml"
    path.write_text(GOOD)
    return path


def test_a_good_file_is_summed_up_and_its_proxies_are_told(file: Path) -> None:
    done = newsbeam("config", "check", str(file))
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        f"{file}: no mistakes; 2 option(s), 2 table(s) of feeds, 1 of hosts",
        "note: the proxies of example.org look up names themselves, where the address guard does not see it",
    ]


def test_the_file_of_this_folder_or_beside_a_feed_list_is_checked_unless_one_is_named(file: Path) -> None:
    assert newsbeam("config", "check", folder=file.parent).stdout.startswith("newsbeam.toml: no mistakes")
    (file.parent / "feeds.txt").write_text("https://example.com/rss\n")
    done = newsbeam("config", "check", "--feeds", str(file.parent / "feeds.txt"))
    assert f'note: [feed."https://example.org/*"] fits no feed of {file.parent}/feeds.txt' in done.stdout
    missing = newsbeam("config", "check", folder=file.parent.parent)
    assert (missing.returncode, "there is no newsbeam.toml here" in missing.stderr) == (2, True)


def test_what_applies_to_a_feed_is_shown_with_its_table_and_without_its_secret(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_PASSWORD", "hunter2")
    done = newsbeam("config", "check", str(file), "--for", "https://example.org/rss.xml")
    assert done.stdout.splitlines()[2:] == [
        "",
        "https://example.org/rss.xml",
        '  interval: 3600 s   [feed."https://example.org/*"]',
        '  credentials: basic, user desk, password from DESK_PASSWORD (set here)   [feed."https://example.org/*"]',
        '  drop_words: horoscope   [feed."*"]',
        '  delay of the host: 3 s   [host."example.org"]',
        '  proxy of the host: http://proxy.example.org:3128   [host."example.org"]',
    ]
    said = json.loads(newsbeam("config", "check", str(file), "--for", "https://example.com/rss", "--json").stdout)
    assert said["applied"] == [{"key": "drop_words", "value": "horoscope", "table": 'feed."*"'}]
    assert newsbeam("config", "check", str(file), "--for", "example.com").returncode == 2


def test_all_mistakes_are_listed_with_status_1(file: Path) -> None:
    file.write_text("host_delai = 1\nforce = 3\n")
    done = newsbeam("config", "check", str(file))
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        f"{file}, line 1, host_delai: there is no such key; did you mean host_delay?",
        f"{file}, line 2, force: give true or false, not a number",
        "2 mistake(s)",
    ]
    told = json.loads(newsbeam("config", "check", str(file), "--json").stdout)["mistakes"]
    assert told[0] == {
        "line": 1,
        "key": "host_delai",
        "message": "there is no such key; did you mean host_delay?",
    }


def test_variables_and_options_of_beam_that_set_nothing_are_noted(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSBEAM_HOST_DELAI", "3")
    monkeypatch.setenv("NEWSBEAM_HOST_DELAY", "3")
    monkeypatch.setenv("NEWSBEAM_MAX_PAGES", "some")
    file.write_text("[beam]\nruner = 'FlinkRunner'\n")
    done = newsbeam("config", "check", str(file))
    assert "note: beam.runer: Beam has no such option; did you mean runner?" in done.stdout
    assert "NEWSBEAM_HOST_DELAI (did you mean NEWSBEAM_HOST_DELAY?) sets nothing" in done.stdout
    assert "note: the variable NEWSBEAM_MAX_PAGES: 'some' is no whole number" in done.stdout
    assert "NEWSBEAM_HOST_DELAY sets nothing" not in done.stdout


def test_the_schema_is_printed() -> None:
    schema = json.loads(newsbeam("config", "schema").stdout)
    assert schema["properties"]["feed"]["additionalProperties"]["properties"]["pause"]["type"] == "boolean"

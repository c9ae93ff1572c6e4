"""`newsbeam report`: of runs, of editions, and of all that has happened to a lake."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import newsbeam as api
from schemas.tables import DATA
from tests.command import newsbeam
from transforms.lake.files.layout import edition_path
from transforms.lake.files.storage import Storage

OLD = Path(__file__).parent / "lakes/0.1.0"
NOW = ("--now", "2026-06-10T08:00:00Z")


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    return Path(shutil.copytree(OLD, tmp_path / "lake"))


def told(command: str, lake: Path, *more: str) -> dict[str, Any]:
    done = newsbeam(command, "--output", str(lake), "--json", *more)
    assert (done.returncode, done.stderr) == (0, "")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def rows(lake: Path) -> dict[str, int]:
    return {table.name: api.read(lake, table=table.name).count_rows() for table in DATA}


def gained(history: dict[str, Any]) -> dict[str, int]:
    found = dict.fromkeys((table.name for table in DATA), 0)
    for one in history["history"]:
        for table, change in one["tables"].items():
            if table in found:
                found[table] += change["rows_after"] - change["rows_before"]
    return found


def test_the_history_has_each_run_and_edition_in_order_and_adds_up_to_the_rows_of_the_lake(lake: Path) -> None:
    runs = [(one["kind"], one["command"]) for one in told("report", lake, "--history")["history"]]
    assert runs == [("run", "ingest"), ("run", "ingest")]
    told("compact", lake, *NOW)
    told("retain", lake, "--failures", "90d", *NOW)
    domain = api.read(lake).to_table(columns=["publisher_domain"]).column(0)[0].as_py()
    told("forget", lake, domain, "--reason", "asked by mail", *NOW)
    history = told("report", lake, "--history")
    done = [(one["kind"], one["command"]) for one in history["history"]]
    assert done == [*runs, ("edition", "compact"), ("edition", "retain"), ("edition", "forget")]
    ids = [one["id"] for one in history["history"]]
    assert ids == sorted(ids)
    assert gained(history) == rows(lake)
    assert told("report", lake, "--history", "2")["history"] == history["history"][-2:]

    lines = newsbeam("report", "--output", str(lake), "--history").stdout.splitlines()
    assert [line.split()[0] for line in lines[1:]] == ids
    assert "149 > 149" in lines[3], "pages, before and after compaction"


def test_an_edition_tells_what_it_did_why_and_what_became_of_the_rows_of_each_table(lake: Path) -> None:
    compacted = told("compact", lake, *NOW)
    said = told("report", lake, "--run", compacted["edition"])
    assert (said["kind"], said["command"], said["run_id"]) == ("edition", "compact", compacted["edition"])
    assert sum(one["files_before"] for one in said["changes"].values()) == compacted["replaced"]
    assert sum(one["files_after"] for one in said["changes"].values()) == compacted["files"]
    assert said["changes"]["pages"]["rows_before"] == said["changes"]["pages"]["kept"] == rows(lake)["pages"]

    for reason in ("asked by mail", "asked again"):
        edition = told("forget", lake, "example.com", "--reason", reason, *NOW)["edition"]
        text = newsbeam("report", "--output", str(lake), "--run", edition).stdout
        assert f"Edition {edition} by newsbeam forget" in text
        assert f"example.com ({reason})" in text
        assert text.count("example.com") == 1, "what was forgotten before belongs to its own edition"

    run = told("report", lake)
    assert (run["kind"], run["command"]) == ("run", "ingest"), "the newest run, whatever editions came after it"


def test_what_an_edition_replaced_before_is_not_counted_again_by_the_next(lake: Path) -> None:
    """The manifest of an edition names state parts that earlier ones had replaced too."""
    domains = sorted({one.as_py() for one in api.read(lake).to_table(columns=["publisher_domain"]).column(0)})
    before = told("report", lake, "--run", told("forget", lake, domains[0], *NOW)["edition"])["changes"]
    after = told("report", lake, "--run", told("forget", lake, domains[1], *NOW)["edition"])["changes"]
    assert after["fingerprints"]["files_before"] == before["fingerprints"]["files_after"]
    assert after["fingerprints"]["rows_before"] == before["fingerprints"]["rows_after"]


def test_mistakes_and_a_damaged_manifest_are_one_line(lake: Path) -> None:
    edition = told("compact", lake, *NOW)["edition"]
    both = newsbeam("report", "--output", str(lake), "--history", "--run", edition)
    assert (both.returncode, len(both.stderr.splitlines())) == (2, 1)
    assert newsbeam("report", "--output", str(lake), "--history", "0").returncode == 2
    Storage(str(lake)).put(edition_path(edition), b"{")
    for more in (("--history",), ("--run", edition)):
        done = newsbeam("report", "--output", str(lake), *more)
        assert done.returncode == 1
        assert "run: newsbeam repair" in done.stderr
    newsbeam("repair", "--output", str(lake))
    text = newsbeam("report", "--output", str(lake), "--run", edition).stdout
    assert "its counts and settings are gone" in text
    assert "? > 149" in text, "pages; how many there were nobody knows any more"


def test_a_run_tells_its_articles_by_language_country_and_agency(lake: Path) -> None:
    run = told("report", lake, "--history", "2")["history"][0]["id"]
    articles = [row for row in api.read(lake).to_table().to_pylist() if row["run_id"] == run]
    assert len(articles) > 100
    lines = newsbeam("report", "--output", str(lake), "--run", run).stdout.splitlines()
    languages = Counter(row["in_language"] for row in articles)
    countries = Counter(country for row in articles for country in row["countries"])
    assert languages
    assert countries
    for label, counts in (("by language", languages), ("by country", countries)):
        (line,) = [line for line in lines if line.startswith(label)]
        shown = line.removeprefix(label).strip().split(", ")
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        assert shown[:8] == [f"{count} {value}" for value, count in ranked[:8]]
        assert shown[8:] == ([f"{len(ranked) - 8} others"] if len(ranked) > 8 else [])
    assert not [line for line in lines if line.startswith("by topic")], "no file of this release has topics"

"""`newsbeam report --html`: one page, whose numbers are the lake's, whatever the lake holds."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import duckdb
import pytest
from lxml import html

from pipelines.commands.report.page.figure import shown
from pipelines.commands.report.page.page import MOST_BYTES
from pipelines.commands.report.page.sections import replay
from pipelines.figures.span import Span
from schemas.article import Removed
from schemas.run import new_run_id
from tests.command import newsbeam
from tests.handmade_lakes import (
    ARABIC,
    DROPPED,
    HOSTILE,
    JAPANESE,
    SILENT,
    eventful_lake,
    failure,
    hostile_lake,
    of_site,
    poll,
    put_run,
)
from tests.rows import NOON_US
from transforms.common.clock import DAY_US
from transforms.lake.committed import committed
from transforms.lake.files.layout import manifest_path
from transforms.lake.files.storage import Storage
from transforms.lake.views import views_sql

OLD = Path(__file__).parent / "lakes/0.1.0"
CHARTS = {
    "days", "publishers", "lateness-steps", "relations", "copied", "largest-stories", "languages", "agencies",
    "failure-days", "failure-kinds", "failure-hosts", "removed-reasons",
}  # fmt: skip


@cache
def page(lake: str | Path) -> html.HtmlElement:
    """The page of a lake, which no test changes."""
    file = Path(lake).parent / "report.html"
    done = newsbeam("report", "--output", str(lake), "--html", str(file))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert file.stat().st_size <= MOST_BYTES
    assert list(file.parent.glob("*.new")) == []
    return html.document_fromstring(file.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def lakes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Lakes by name: weeks with something of everything, hostile texts, one run without rows, and of release 0.1.0."""
    folder = tmp_path_factory.mktemp("lakes")
    put_run(Storage(str(folder / "bare" / "lake")), NOON_US)
    old = shutil.copytree(OLD, folder / "old" / "lake")
    return {
        "eventful": eventful_lake(folder / "eventful" / "lake"),
        "hostile": hostile_lake(folder / "hostile" / "lake"),
        "bare": str(folder / "bare" / "lake"),
        "old": str(old),
    }


def figures(tree: html.HtmlElement) -> Iterator[tuple[str, str, list[str], list[list[str]]]]:
    """Of each figure: its name, query, column names and rows as shown."""
    for one in tree.xpath("//div[@data-figure]"):
        (query,) = one.xpath(".//pre/code")
        columns = [cell.text_content() for cell in one.xpath(".//thead//th")]
        rows = [[cell.text_content() for cell in row.xpath("./*")] for row in one.xpath(".//tbody/tr")]
        yield one.get("data-figure"), query.text_content(), columns, rows


@pytest.mark.parametrize("name", ["eventful", "hostile", "bare", "old"])
def test_every_table_is_what_its_own_query_gives_over_the_lakes_views(lakes: dict[str, str], name: str) -> None:
    lake = lakes[name]
    seen = []
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'Pacific/Auckland'")  # a reader's session has its own zone
        connection.execute("\n".join(views_sql(committed(Storage(lake)), lake)))
        for figure, query, columns, rows in figures(page(lake)):
            answer = connection.execute(query)
            named = [column[0].replace("_", " ") for column in answer.description]
            expected = [[re.sub(r"[\r\n]", " ", shown(value)) for value in row] for row in answer.fetchall()]
            if figure in ("unlike-sources", "shortened"):  # those rows that a rule has picked
                expected = [row for row in expected if row[0] in {row[0] for row in rows}]
            if figure == "lateness-steps" and not rows:
                assert all(row[1] == "0" for row in expected)
                expected = []
            assert [row[: len(named)] for row in rows] == expected, figure
            if rows:
                assert columns[: len(named)] == named
            seen.append(figure)
    assert len(seen) == len(set(seen)) == 21


def test_the_page_tells_what_happened_in_the_lake(lakes: dict[str, str]) -> None:
    tree = page(lakes["eventful"])
    found = {name: rows for name, _, _, rows in figures(tree)}
    (run,) = found["run-facts"]
    assert run[:3] == ["20260302T120000.000000Z", "ingest", "42.5"]
    assert found["run-sums"][0] == ["feeds in the list", "3", "3", "3 polls.ok"]
    assert found["days"][-1] == ["2026-03-02", "12", "2", "0", "0", "3"]  # at midnight and at noon
    assert len(found["days"]) == 35
    assert [row[:3] for row in found["publishers"]] == [
        ["steady.example.org", "210", "6"], ["falls.example.net", "140", "4"], ["copies.example.com", "70", "2"],
    ]  # fmt: skip
    assert [(row[0], row[-1]) for row in found["unlike-sources"]] == [
        (DROPPED, "28 new entries in 7 days, 280 are usual"),
        (SILENT, "no news for 6.0 days, at most 12.0 hours are usual"),
    ]
    assert [(row[0], row[-1]) for row in found["shortened"]] == [
        ("falls.example.net", "articles have 110 words in the last 3 days, 410 before")
    ]
    assert found["copied"] == [["copies.example.com", "steady.example.org", "70"]]
    assert found["failure-kinds"] == [["pages/not_found", "70", "1"], ["pages/forbidden", "60", "30"]]
    assert found["agencies"] == [["Nordpress", "70"]]
    assert {row[0]: int(row[1]) for row in found["relations"]} == {"original": 350, "near": 70}
    assert sum(int(row[1]) for row in found["lateness-steps"]) == 420
    told = [item.text_content() for item in tree.xpath("//section[@class='findings']//li")]
    assert [line.partition(" ")[0] for line in told] == ["pending", "dropped", "failures", "silent", "text"]
    charts = {one.getparent().get("data-figure"): one for one in tree.xpath("//*[name()='svg']")}
    assert charts.keys() == CHARTS
    marks = {name: len(chart.xpath(".//*[@class='mark']")) for name, chart in charts.items()}
    assert (marks["days"], marks["publishers"], marks["copied"]) == (35, 3 * 35, 1)


def test_the_rules_of_a_file_judge_the_page(lakes: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text("[dropped]\non = false\n[text_length]\nshare = 0.2\n")
    rules = ("--rules", str(tmp_path / "rules.toml"))
    done = newsbeam("report", "--output", lakes["eventful"], "--html", "-", *rules)
    tree = html.document_fromstring(done.stdout)
    found = {name: [row[0] for row in rows] for name, _, _, rows in figures(tree)}
    assert (found["unlike-sources"], found["shortened"]) == ([SILENT], [])
    told = [item.text_content() for item in tree.xpath("//section[@class='findings']//li")]
    assert [line.partition(" ")[0] for line in told] == ["pending", "failures", "silent"]


def test_withdrawals_and_archives_distort_no_figure(tmp_path: Path) -> None:
    storage = Storage(str(tmp_path / "lake"))
    built = [
        of_site("example.org", n, NOON_US - DAY_US, removed=(Removed("Share", "promotion"),), body_source="page_plain")
        for n in range(11)
    ]
    withdrawn = [replace(one, revision=2, relation="revision", withdrawn_at_us=NOON_US) for one in built]
    put_run(storage, NOON_US - DAY_US - 1, built)
    put_run(storage, NOON_US, withdrawn)
    old = [
        of_site("example.net", n, NOON_US, date_published_us=NOON_US - 900 * DAY_US, removed=()) for n in range(50, 60)
    ]
    put_run(storage, NOON_US + 1, old, command="backfill")
    found = {name: rows for name, _, _, rows in figures(page(tmp_path / "lake"))}
    assert found["days"] == [["2026-03-01", "11", "0", "0", "0", "1"], ["2026-03-02", "10", "0", "11", "11", "2"]]
    assert found["removed-sites"] == [["example.org", "promotion", "11", "1"]]
    assert sum(int(row[1]) for row in found["lateness-steps"]) == 11
    assert [row[0] for row in found["lateness-publishers"]] == ["example.org"]
    assert "plain pages" not in page(tmp_path / "lake").text_content()


def test_a_page_of_many_long_names_is_bounded_and_says_how_many_more_there_are(tmp_path: Path) -> None:
    """300 sites, hosts, reasons and relations, 60 silent feeds: each name of thousands of letters that HTML escapes."""
    storage, many, long = Storage(str(tmp_path / "lake")), range(300), "<&>'\"" * 1_000
    feeds = [f"https://{n:03}.example/{long}" for n in range(60)]
    for days in (20, 19, 18, 17, 16, 0):
        at_us = NOON_US - days * DAY_US
        put_run(storage, at_us, polls=[poll(feed, at_us, 5 if days else 0) for feed in feeds])
    at_us = NOON_US + 1
    articles = [
        of_site(
            f"{n:03}{long}", 2 * n + half, at_us, headline=f"{n:03}{long}", story_id=f"{n:032x}",
            in_language=f"{n:03}{long}", relation=f"{n:03}{long}", removed=(Removed("a", f"{n:03}{long}"),),
        )
        for n in many
        for half in range(2)
    ]  # fmt: skip
    failures = [
        failure("pages", f"{n:03}{long}", f"https://x.example/{long}", at_us, long, f"{n:03}{long}") for n in many
    ]
    put_run(storage, at_us, articles, failures=failures, counts={"feeds": 60, "polls.ok": 60})
    tree = page(tmp_path / "lake")
    shown_rows = {name: len(rows) for name, _, _, rows in figures(tree)}
    notes = {
        one.get("data-figure"): one.xpath("string(.//p[@class='note'])") for one in tree.xpath("//div[@data-figure]")
    }
    named = (
        "publishers",
        "relations",
        "largest-stories",
        "languages",
        "failure-kinds",
        "failure-hosts",
        "removed-reasons",
    )
    assert {name: notes[name] for name in named} == {name: f"And {300 - shown_rows[name]} more." for name in named}
    assert notes["removed-sites"] == f"And {300 - shown_rows['removed-sites']} more."
    assert notes["failure-examples"].endswith(f"And {300 - shown_rows['failure-examples']} more.")
    assert notes["unlike-sources"].endswith(f"And {60 - shown_rows['unlike-sources']} more.")
    assert {shown_rows[name] for name in (*named, "unlike-sources")} <= {15, 8, 4, 1}
    assert tree.xpath("//section[@class='findings']//p")[-1].text_content() == "And 48 more."
    assert max(len(item.text_content()) for item in tree.xpath("//section[@class='findings']//li")) < 600


def test_foreign_text_stays_text_and_the_page_asks_nobody_for_anything(lakes: dict[str, str]) -> None:
    for name in ("hostile", "eventful"):
        tree = page(lakes[name])
        assert tree.xpath("//script | //img | //link | //iframe | //object | //form | //@onerror") == []
        addresses = tree.xpath("//@href | //@src")
        assert all(address.startswith("#") for address in addresses)
        assert {address[1:] for address in addresses} <= set(tree.xpath("//@id"))
        (policy,) = tree.xpath("//meta[@http-equiv]/@content")
        assert policy == "default-src 'none'; style-src 'unsafe-inline'"
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids))
    text = page(lakes["hostile"]).text_content()
    assert '<script>alert("x")</script><img src=x onerror=alert(1)>' in text
    assert ARABIC in text
    assert JAPANESE in text
    assert not re.search("[\x00-\x08\x1b\u202e]", text)
    assert "${lake} $x {0} %s" in text


def test_a_page_of_a_lake_without_rows_says_so(lakes: dict[str, str]) -> None:
    tree = page(lakes["bare"])
    assert tree.xpath("//*[name()='svg']") == []
    assert "Nothing is unlike this lake's own past" in tree.text_content()
    assert tree.text_content().count("None in these days.") == 18


def test_a_page_goes_to_standard_output_and_replaces_a_file_as_a_whole(lakes: dict[str, str], tmp_path: Path) -> None:
    done = newsbeam("report", "--output", lakes["bare"], "--html", "-")
    assert done.returncode == 0
    (tmp_path / "r.html").write_text("before")
    assert newsbeam("report", "--output", lakes["bare"], "--html", str(tmp_path / "r.html")).returncode == 0
    assert (tmp_path / "r.html").read_text(encoding="utf-8") == done.stdout


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--html", "{folder}/no/r.html"], "cannot write {folder}/no/r.html: there is no folder {folder}/no"),
        (["--html", "{folder}"], "cannot write {folder}: it is no file's name"),
        (["--rules", "r.toml"], "--rules is for the page: give --html too"),
        (["--html", "r.html", "--rules", "no.toml"], "cannot read the rules file no.toml"),
        (["--html", "r.html", "--json"], "give it without --run, --history and --json"),
        (["--html", "r.html", "--history"], "give it without --run, --history and --json"),
    ],
)
def test_a_users_mistake_is_one_line_and_status_2(
    lakes: dict[str, str], tmp_path: Path, more: list[str], said: str
) -> None:
    done = newsbeam("report", "--output", lakes["bare"], *(word.format(folder=tmp_path) for word in more))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert said.format(folder=tmp_path) in done.stderr


def test_a_lake_without_runs_and_a_damaged_file_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "lake").mkdir()
    target = str(tmp_path / "r.html")
    none = newsbeam("report", "--output", str(tmp_path / "lake"), "--html", target)
    assert (none.returncode, "no run has been committed" in none.stderr) == (2, True)
    put_run(Storage(str(tmp_path / "lake")), NOON_US, [of_site("example.org", 1, NOON_US)])
    (part,) = (tmp_path / "lake/articles").glob("*/*.parquet")
    part.write_bytes(part.read_bytes()[:-40])
    damaged = newsbeam("report", "--output", str(tmp_path / "lake"), "--html", target)
    assert (damaged.returncode, damaged.stderr.count("\n")) == (1, 1)
    assert "a file of articles cannot be read; newsbeam repair" in damaged.stderr
    assert not Path(target).exists()


def test_a_failed_input_is_tried_again_by_one_quoted_word_and_only_if_it_is_an_address() -> None:
    assert (
        replay("pages/timeout", "https://example.org/a") == "newsbeam extract https://example.org/a --contact CONTACT"
    )
    assert replay("feeds/timeout", "https://example.org/a?b&c") == (
        "echo 'https://example.org/a?b&c' | newsbeam feeds check - --contact CONTACT"
    )
    assert replay("extract/wall", "https://x.example/$(reboot)'`id`") == (
        "newsbeam extract 'https://x.example/$(reboot)'\"'\"'`id`' --contact CONTACT"
    )
    for given in ("-rf", "urn:uuid:1", "https://example.org/\x1b[2J", "https://example.org/" + "x" * 300, HOSTILE):
        assert replay("pages/timeout", given) == ""
    assert replay("warc/bad_record", "https://example.org/a.warc.gz#12") == ""


def test_a_span_is_the_last_35_days_and_at_most_5000_runs() -> None:
    runs = [new_run_id(NOON_US + hour * DAY_US // 24, None) for hour in range(50 * 24)]
    span = Span.of(runs)
    assert (len(span.day_names()), span.newest) == (35, runs[-1])
    assert span.runs[0] == new_run_id(NOON_US + 15 * DAY_US + DAY_US // 2, None)
    assert len(Span.of([new_run_id(NOON_US + minute * 60_000_000, None) for minute in range(6_000)]).runs) == 5_000
    assert Span.of(runs[:1]).day_names(3) == ["2026-02-28", "2026-03-01", "2026-03-02"]


def test_a_run_that_ended_with_attention_says_so(tmp_path: Path) -> None:
    storage = Storage(str(tmp_path / "lake"))
    run_id = put_run(storage, NOON_US, counts={"attention.damaged_state": 2})
    assert storage.exists(manifest_path(run_id))
    (line,) = page(tmp_path / "lake").xpath("//strong[@class='look']")
    assert line.text_content().startswith("Look at: 2 damaged file(s) of the lake's state")


def test_a_page_leaves_no_finder_of_pygals_behind_which_later_imports_would_warn_of(lakes: dict[str, str]) -> None:
    page(lakes["eventful"])
    assert "pygal" in sys.modules
    assert [finder for finder in sys.meta_path if not hasattr(finder, "find_spec")] == []

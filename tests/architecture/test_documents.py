"""The documents say what is: columns, options and closed lists stand in them, links lead somewhere, snippets run."""

from __future__ import annotations

import re
import shlex
import shutil
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import pytest

from newsroom import Newsroom
from pipelines.parser import command_parser
from schemas.article import ARTICLES, PageKind, RemovalReason
from schemas.column_docs import column_table
from schemas.failure import FAILURES, PASSING, Reason, Stage
from schemas.feed import FEED_CURSORS, FEED_POLLS, PENDING
from schemas.feed_order import Order
from schemas.fingerprint import FINGERPRINTS
from schemas.page import PAGES
from schemas.run import RunManifest, iso
from schemas.state import SEEN
from schemas.table import Table
from tests.command import newsbeam
from transforms.compare.copies.verdict import Relation
from transforms.extract.dates.dates import DateSource
from transforms.feeds.lists.feed_list import read_feed_list
from transforms.lake.accounts import SUMS
from transforms.lake.committed import committed
from transforms.lake.files.layout import VIEWS_FILE
from transforms.lake.files.storage import Storage
from transforms.lake.lookup.fate import Fate
from transforms.lake.verify.trouble import Kind
from transforms.lake.views import views_sql

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
DESK = (ROOT / "docs/feeds_desk.md").read_text()
READING = (ROOT / "docs/reading.md").read_text()
TABLES = (ROOT / "docs/tables.md").read_text()
DESIGN = (ROOT / "docs/design.md").read_text()
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

ROOMS = ("schemas", "transforms", "pipelines", "newsbeam", "newsroom", "benchmarks", "deploy", "tests", "docs")

_FENCE = re.compile(r"^(?:<!-- (?P<mark>[\w ]+) -->\n)?```(?P<language>\w*)\n(?P<code>.*?)^```$", re.M | re.S)
_LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_NOT_FOR_USERS = re.compile(r"/work\b|/tmp\b|/root\b|\bshared/|\bissue #?\d", re.I)


def marked(mark: str, *pages: str) -> list[tuple[str, str]]:
    """(language, code) of the pages' fences under a mark."""
    fences = (fence for page in pages for fence in _FENCE.finditer(page))
    return [(fence["language"], fence["code"]) for fence in fences if fence["mark"] == mark]


def section(heading: str, page: str = TABLES) -> str:
    """The part of a page below a heading, down to the next of its own or a higher rank."""
    below = page.split(f"\n{heading}\n", 1)[1]
    return re.split(rf"^#{{1,{heading.count('#')}}} ", below, maxsplit=1, flags=re.M)[0]


@pytest.mark.parametrize("table", [PAGES, ARTICLES, FAILURES, FEED_POLLS], ids=lambda table: table.name)
def test_the_columns_of_a_table_stand_in_tables_md_as_its_row_class_declares_them(table: Table[Any]) -> None:
    assert f"\n\n{column_table(table)}\n" in section(f"## {table.name}"), "`make docs` writes them"
    assert f"`{table.partition}`" in section(f"## {table.name}")
    assert f"| `{table.name}` |" in section("## The lake")
    assert f"`{table.name}`" in README


def test_the_columns_of_articles_are_grouped_each_once() -> None:
    groups = re.search(r"^\| group \| columns \|\n(.*?)\n\n", TABLES, re.M | re.S)
    assert groups is not None
    assert sorted(re.findall(r"`(\w+)`", groups[1])) == sorted(ARTICLES.schema.names)


@pytest.mark.parametrize(
    ("heading", "members"),
    [
        ("### Reasons", Reason),
        ("### Removal reasons", RemovalReason),
        ("### Relations", Relation),
        ("### Page kinds", PageKind),
        ("### Date sources", DateSource),
    ],
)
def test_a_closed_list_stands_whole_in_tables_md(heading: str, members: type[StrEnum]) -> None:
    rows = section(heading).partition("| --- |")[2]
    assert re.findall(r"^\| `(\w+)` \|", rows, re.M) == [*map(str, members)]


@pytest.mark.parametrize(
    ("page", "heading", "members"),
    [
        (DESK, "## Orders", Order),
        (DESK, "## What became of it", Fate),
        ((ROOT / "docs/lake_care.md").read_text(), "## verify and repair: is it whole?", Kind),
    ],
    ids=["orders", "fates", "troubles"],
)
def test_a_closed_list_stands_whole_on_its_page(page: str, heading: str, members: type[StrEnum]) -> None:
    rows = section(heading, page).partition("| --- |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `(\w+)` \|", rows, re.M) == [*map(str, members)]


def test_tables_md_knows_stages_passing_reasons_outcomes_state_and_manifest() -> None:
    assert {f"`{stage}`" for stage in Stage} <= set(re.findall(r"`\w+`", section("## failures")))
    assert set(re.findall(r"^\| `(\w+)` \| yes \|", section("### Reasons"), re.M)) == {str(one) for one in PASSING}
    outcomes = {term.removeprefix("polls.") for _, _, out in SUMS for term in out if term.startswith("polls.")}
    assert set(re.findall(r"^\| `(\w+)` \| [^`|]", section("## feed_polls"), re.M)) >= outcomes
    for table in (FEED_CURSORS, PENDING, SEEN, FINGERPRINTS):
        assert f"`_state/{table.name}/`" in section("## State")
    assert set(RunManifest.__dataclass_fields__) <= set(re.findall(r"`(\w+)`", section("## runs")))


def test_the_sums_stand_in_design_md_as_the_code_has_them() -> None:
    for name, terms_in, terms_out in SUMS:
        sides = (" ".join(f"`{term}`" for term in terms) for terms in (terms_in, terms_out))
        assert f"| {name} | {' | '.join(sides)} |" in DESIGN


def shell_lines() -> list[str]:
    return [
        line.partition("  #")[0].strip()
        for document in DOCUMENTS
        if document.parent.name != "howto" and document.name != "tutorial.md"  # which are followed: tests/howto
        for fence in _FENCE.finditer(document.read_text())
        if fence["language"] == "sh"
        for line in fence["code"].splitlines()
        if line.strip()
    ]


@pytest.mark.parametrize("line", shell_lines())
def test_a_command_in_the_documents_is_one_that_the_house_understands(line: str) -> None:
    words = shlex.split(line.partition(" > ")[0])
    if words[0] == "make":
        assert re.search(rf"^{words[1]}:", (ROOT / "Makefile").read_text(), re.M)
        return
    if words[0] == ".venv/bin/pytest":
        assert all((ROOT / path).exists() for path in words[1:])
        return
    if words[0] == "duckdb":
        assert words[1:] == [f"lake/{VIEWS_FILE}"]
        return
    assert words[0] == "newsbeam"
    _, rest = command_parser().parse_known_args(words[1:])
    assert all(option.startswith(("--runner", "--direct_")) for option in rest)


def test_the_benchmarks_that_documents_name_are_there() -> None:
    texts = "".join(page.read_text() for page in DOCUMENTS if page.name not in ("CHANGELOG.md", "graveyard.md"))
    named = set(re.findall(r"python -m ((?:benchmarks|pipelines|schemas)\.[\w.]*\w|newsroom|newsbeam)", texts))
    assert {"benchmarks.ingest", "benchmarks.copies", "benchmarks.facts"} <= named
    assert all(find_spec(name) for name in named)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_what_is_there_and_nothing_tells_of_a_machine(document: Path) -> None:
    text = document.read_text()
    for link in _LINK.finditer(text):
        target, _, anchor = link["target"].partition("#")
        if "://" in target:
            continue
        aim = (document.parent / target) if target else document
        assert aim.exists(), link["target"]
        if anchor:
            headings = re.findall(r"^#+ (.*)$", aim.read_text(), re.M)
            assert anchor in {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
    assert _NOT_FOR_USERS.search(text) is None


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_files_and_names_that_documents_speak_of_are_there(document: Path) -> None:
    if document.name in ("CHANGELOG.md", "graveyard.md"):  # they tell of what was
        pytest.skip("speaks of the past")
    text = document.read_text()
    here = [path.relative_to(ROOT) for room in ROOMS for path in (ROOT / room).rglob("*") if path.is_file()]
    own = re.findall(r"^<!-- (\w+\.py) -->$", text, re.M)  # files that the document tells its reader to write
    for named in set(re.findall(r"`([\w./]+\.py)`", text)).difference(own):
        assert any(str(path).endswith(f"/{named}") or str(path) == named for path in here), named
    for name, place in re.findall(r"`(\w+)` in `([\w./]+\.py)`", text):
        assert re.search(rf"\b{name}\b", (ROOT / place).read_text()), f"{name} in {place}"


def test_every_decision_stands_in_their_list() -> None:
    folder = ROOT / "docs/decisions"
    pages = sorted(path.name for path in folder.glob("0*.md"))
    assert re.findall(r"\((0[^)]+)\)", (folder / "README.md").read_text()) == pages
    assert [int(name[:4]) for name in pages] == list(range(1, len(pages) + 1))


@pytest.mark.parametrize(("language", "code"), marked("feed list", DESK), ids=lambda value: value[:4])
def test_each_form_of_feed_list_that_is_shown_is_read(language: str, code: str) -> None:
    urls = {spec.url for spec in read_feed_list(code.encode(), f"feeds.{language}")}
    assert "https://example.org/news/rss.xml" in urls
    assert urls <= {"https://example.org/news/rss.xml", "https://example.com/feed.json"}


def ingest(folder: Path, feeds: str, now_us: int) -> None:
    """A run in a folder, as a user types it."""
    arguments = ["ingest", "--feeds", str(folder / feeds), "--output", str(folder / "lake"), "--now", iso(now_us)]
    arguments += ["--host_delay", "0", "--allow_networks", "127.0.0.0/8"]
    done = newsbeam(*arguments)
    assert done.returncode == 0, done.stderr[-4000:]


@pytest.fixture(scope="module")
def lakes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders with a lake in each: one as the demo leaves it, one begun by release 0.1.0, one without rows."""
    folders = {name: tmp_path_factory.mktemp(name) for name in ("today", "older", "empty")}
    shutil.copytree(ROOT / "tests/lakes/0.1.0", folders["older"] / "lake")
    (folders["empty"] / "feeds.txt").write_text("http://127.0.0.1:9/nobody-listens.xml\n")
    with Newsroom(slow_s=0.0) as room:
        for hour, name in ((0, "today"), (2, "older")):
            room.advance(hours=hour)
            room.write_feeds(folders[name] / "feeds.opml")
            ingest(folders[name], "feeds.opml", room.now_us)
        ingest(folders["empty"], "feeds.txt", room.now_us)
    return folders


@pytest.mark.parametrize("lake", ["today", "older", "empty"])
@pytest.mark.parametrize(
    ("language", "code"), marked("run", README, READING), ids=lambda value: " ".join(value.split())[:40]
)
def test_a_query_runs_over_any_lake_and_finds_something_where_there_is_something(
    lakes: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    lake: str,
    language: str,
    code: str,
) -> None:
    monkeypatch.chdir(lakes[lake])
    if language == "sql":
        with duckdb.connect() as connection:
            connection.execute("\n".join(views_sql(committed(Storage("lake")), "lake")))
            found = connection.sql(code).fetchall()
        assert found or lake == "empty"
        return
    if "pandas" in code:
        pytest.importorskip("pandas")
    exec(compile(code, "the document", "exec"), {})
    assert capsys.readouterr().out.strip() or lake == "empty"


def test_views_hold_committed_rows_only_and_each_column_typed_also_where_there_is_no_row(
    lakes: dict[str, Path], tmp_path: Path
) -> None:
    (tmp_path / "lake").mkdir()
    copy = tmp_path / "copy [of a*] lake?"
    shutil.copytree(lakes["older"] / "lake", copy)
    for name in ("runs/notes.json", "runs/old.json", "articles/notes.parquet", "articles/published_date=no/x.parquet"):
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_text("mine")
    described = {}
    for folder in (lakes["today"] / "lake", copy, lakes["empty"] / "lake", tmp_path / "lake"):
        with duckdb.connect() as connection:
            connection.execute("\n".join(views_sql(committed(Storage(str(folder))), str(folder))))
            tables = ("runs", "pages", "articles", "failures", "feed_polls")
            described[folder] = {name: connection.sql(f"describe {name}").fetchall() for name in tables}
            assert {row[0] for row in described[folder]["articles"]} == {*ARTICLES.schema.names, "published_date"}
    assert len(set(map(repr, described.values()))) == 1
    manifest = max((copy / "runs").glob("*Z.json"))
    with duckdb.connect() as connection:
        count = "select count(*), count(distinct run_id) from articles"
        connection.execute("\n".join(views_sql(committed(Storage(str(copy))), str(copy))))
        before = connection.sql(count).fetchall()[0]
        manifest.unlink()
        connection.execute("\n".join(views_sql(committed(Storage(str(copy))), str(copy))))
        after = connection.sql(count).fetchall()[0]
    assert after[1] == before[1] - 1
    assert after[0] < before[0]

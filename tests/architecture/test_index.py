"""Every document can be found from the README, the flow's figure names what the code has, and variables are told of."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

from schemas.tables import DATA

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
FLOW = DOCS / "flow.svg"
SVG = "{http://www.w3.org/2000/svg}"
_LINK = re.compile(r"\]\((?P<target>[^)\s#]+)(?:#[^)\s]*)?\)")


def linked(document: Path) -> set[Path]:
    """The files that a document links to."""
    targets = (link["target"] for link in _LINK.finditer(document.read_text()))
    return {(document.parent / target).resolve() for target in targets if "://" not in target}


def test_every_document_stands_in_the_index_in_one_line() -> None:
    pages = {*DOCS.glob("*.md"), *(DOCS / "howto").glob("*.md"), DOCS / "decisions/README.md"} - {DOCS / "README.md"}
    assert pages - linked(DOCS / "README.md") == set()
    entries = [line for line in (DOCS / "README.md").read_text().splitlines() if line.startswith("- ")]
    assert len(entries) > 30
    assert [line for line in entries if len(line) > 130] == []


def test_the_readme_is_one_page_and_leads_to_the_index() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 120
    assert DOCS / "README.md" in linked(ROOT / "README.md")
    assert FLOW in linked(ROOT / "README.md") & linked(DOCS / "design.md")


def test_every_picture_is_shown_somewhere() -> None:
    shown = {target for document in [ROOT / "README.md", *DOCS.rglob("*.md")] for target in linked(document)}
    assert {*DOCS.rglob("*.png"), *DOCS.rglob("*.svg")} - shown == set()


def test_the_figure_of_the_flow_names_stages_and_tables_that_are_there() -> None:
    text = FLOW.read_text()
    figure = ElementTree.fromstring(text)
    told = {kind: {"".join(one.itertext()) for one in figure.iter() if one.get("class") == kind} for kind in
            ("name", "code", "table")}  # fmt: skip
    source = "\n".join(path.read_text() for path in (ROOT / "transforms").rglob("*.py"))
    assert len(told["code"]) == 7
    assert all(f"\nclass {name}(" in source for name in told["code"])
    assert told["table"] == {table.name for table in DATA} | {"runs"}
    assert told["name"] == {"poll", "select", "fetch", "extract", "compare", "write", "commit", "acquire", "build"}


def test_the_figure_of_the_flow_is_small_and_can_be_read_by_everybody() -> None:
    text = FLOW.read_text()
    figure = ElementTree.fromstring(text)
    assert len(text.encode()) <= 15_000
    assert figure.get("role") == "img"
    ids = {one.get("id"): "".join(one.itertext()) for one in figure if one.tag in (f"{SVG}title", f"{SVG}desc")}
    assert list(ids) == str(figure.get("aria-labelledby")).split()
    assert all(len(str(said)) > 20 for said in ids.values())
    assert "prefers-color-scheme: dark" in text
    assert not any(one.tag in (f"{SVG}script", f"{SVG}image", f"{SVG}foreignObject") for one in figure.iter())
    assert re.findall(r"(?:href|src)=|url\((?!#tip)", text) == []


def test_every_environment_variable_that_the_code_reads_is_told_of() -> None:
    rooms = (ROOT / room for room in ("pipelines", "transforms", "newsbeam"))
    source = "".join(path.read_text() for room in rooms for path in room.rglob("*.py"))
    named = set(re.findall(r'"((?:OTEL|AWS|GOOGLE|AZURE|NEWSBEAM)_[A-Z_]*[A-Z])"', source))
    assert named
    running = (DOCS / "running.md").read_text()
    assert {name for name in named if f"`{name}`" not in running} == set()
    others = set(re.findall(r'environ\.get\("([^"]+)"|environ\["([^"]+)"\]|getenv\("([^"]+)"', source))
    assert {name for names in others for name in names if name} <= named

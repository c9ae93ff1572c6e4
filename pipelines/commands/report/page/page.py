"""``newsbeam report --html``: the state of a lake as one page that needs nothing else."""

from __future__ import annotations

import html
from collections.abc import Sequence
from importlib import resources
from string import Template
from typing import Final

from pipelines.checks import check_output
from pipelines.commands.report.page.figure import Section, section_html, shown
from pipelines.commands.report.page.sections import sections
from pipelines.figures.lake_facts import lake_facts
from pipelines.figures.lake_tables import LakeTables, lake_tables
from pipelines.figures.span import Span
from pipelines.given.lakes import lake_at, runs_of
from pipelines.given.whole_file import write_whole
from pipelines.printable import minute, plain
from schemas.run import RunManifest
from transforms.health.finding import Finding
from transforms.health.findings import of_lake
from transforms.health.rules import Rules
from transforms.lake.committed import committed
from transforms.lake.files.manifests import read_manifest

MOST_BYTES: Final = 300_000
_ROWS: Final = (15, 8, 4, 1)
"""How many rows a table may have: fewer where foreign texts would make the page too large. With one row, and cells that
are cut, it cannot be."""
_PLACES: Final = {"silent": "sources", "dropped": "sources", "text_length": "texts", "failures": "failures"}
_TOLD: Final = 12


def write_page(output: str, file: str, rules: Rules) -> None:
    """Write the page of a lake to a file, which is replaced as a whole. Raises UsageError, CommandError."""
    check_output(file)
    storage = lake_at(output)
    runs_of(storage, output)
    held = committed(storage)
    with lake_tables(held) as tables:
        page = page_of(tables, read_manifest(storage, tables.span.newest), output, rules).encode()
    if file == "-":
        print(page.decode(), end="")
        return
    write_whole(file, page)


def page_of(tables: LakeTables, newest: RunManifest, lake: str, rules: Rules) -> str:
    """The page as HTML, of at most `MOST_BYTES`."""
    found = of_lake(lake_facts(tables), rules)
    page = ""
    for most in _ROWS:
        page = _page(tables.span, lake, found, sections(tables, newest.attention, rules, most))
        if len(page.encode()) <= MOST_BYTES:
            break
    return page


def _page(span: Span, lake: str, found: Sequence[Finding], parts: Sequence[Section]) -> str:
    template = Template(resources.files(__package__).joinpath("page.html").read_text(encoding="utf-8"))
    days = span.day_names()
    return template.substitute(
        lake=html.escape(plain(lake)),
        until=minute(span.until_us),
        span=f"{days[0]} to {days[-1]}" if len(days) > 1 else days[0],
        runs=f"{len(span.runs):,} runs" if len(span.runs) > 1 else "one run",
        findings=_findings(found),
        contents="".join(f'<li><a href="#{part.name}">{part.heading}</a></li>' for part in parts),
        sections="\n".join(map(section_html, parts)),
    )


def _findings(found: Sequence[Finding]) -> str:
    """What is unlike the lake's past, as a list of links."""
    if not found:
        return "<p>Nothing is unlike this lake's own past, as far as there is a past to compare with.</p>"
    items = "".join(f"<li>{_finding(one)}</li>" for one in found[:_TOLD])
    more = f"<p>And {len(found) - _TOLD} more.</p>" if len(found) > _TOLD else ""
    return f"<ul>{items}</ul>{more}"


def _finding(one: Finding) -> str:
    rule = one.rule.replace("_", " ")
    name = f'<a href="#{_PLACES[one.rule]}">{rule}</a>' if one.rule in _PLACES else rule
    about = f"<bdi>{html.escape(shown(one.subject))}</bdi>: " if one.subject else ""
    return f"<strong>{name}</strong> {about}{html.escape(plain(one.message))}"

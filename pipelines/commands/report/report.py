"""``newsbeam report``: prints what a run or an edition did, or the history of a lake."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from pipelines.checks import UsageError
from pipelines.config.precedence import value_of
from pipelines.given.lakes import lake_at, read_run, reading_lake, runs_of
from pipelines.printable import cell, json_text
from schemas.run import RunManifest
from transforms.lake.accounts import SUMS
from transforms.lake.files.layout import EDITIONS, run_ids
from transforms.lake.files.storage import Storage

_PIPE_COLUMNS = 120
_OF_FEEDS = frozenset(
    {
        "feeds in the list", "entries to decide on", "entries to fetch", "feed failures", "page failures",
        "entries left for the next run", "poll rows",
    }
)  # fmt: skip
_OF_ARCHIVES = frozenset({"archives of the run", "response records", "archive failures", "archive rows"})
"""Sums that a run of the other kind has nothing to do with: they are checked, and not shown."""
_OF_REVISITS = frozenset({"revisits that are due", "articles found withdrawn"})


def report(given: argparse.Namespace) -> int:
    """0, after printing the report of a run or an edition, or the history of all."""
    # Only here: `ingest` prints its sums by this module too, and needs none of what reads the lake.
    from pipelines.commands.report.report_copies import copies_of_run, print_copies  # noqa: PLC0415
    from pipelines.commands.report.report_facts import facts_of_run, print_facts  # noqa: PLC0415
    from pipelines.commands.report.report_failures import failures_of_run, print_failures  # noqa: PLC0415

    with reading_lake():
        if given.html is not None:
            _write_page(given)
            return 0
        if value_of("rules", given.arguments) is not None:  # one of the settings file is for `check` too
            raise UsageError("--rules is for the page: give --html too")
        if given.history is not None:
            _show_history(given)
            return 0
        storage = lake_at(given.output)
        if given.run is not None and given.run in run_ids(storage.list(EDITIONS)):
            _show_edition(storage, given)
            return 0
        manifest = read_run(given.output, given.run)
        show_run(manifest, given)
        if not given.json:
            console = wide_console()
            print_failures(failures_of_run(storage, manifest), console)
            print_copies(copies_of_run(storage, manifest), console)
            print_facts(facts_of_run(storage, manifest), console)
    return 0


def _write_page(given: argparse.Namespace) -> None:
    from pipelines.commands.report.page.page import write_page  # noqa: PLC0415
    from pipelines.given.rules_file import read_rules  # noqa: PLC0415

    if given.run is not None or given.history is not None or given.json:
        raise UsageError("--html is a page of the lake as a whole: give it without --run, --history and --json")
    write_page(given.output, given.html, read_rules(given.rules))


def _show_history(given: argparse.Namespace) -> None:
    from pipelines.commands.report.report_history import as_json, print_history  # noqa: PLC0415
    from transforms.lake.editions.what_changed import history  # noqa: PLC0415

    if given.run is not None:
        raise UsageError("--history lists all runs and editions, --run tells of one: give one of them")
    storage = lake_at(given.output)
    runs_of(storage, given.output)
    found = history(storage, given.history or None)
    if given.json:
        print(json_text({"output": given.output, "history": [as_json(one) for one in found]}, sort_keys=True))
    else:
        print_history(found, wide_console())


def _show_edition(storage: Storage, given: argparse.Namespace) -> None:
    from pipelines.commands.report.report_history import changes_as_json, print_edition  # noqa: PLC0415
    from transforms.lake.editions.what_changed import happened  # noqa: PLC0415

    one = happened(storage, given.run, is_edition=True)
    if given.json:
        of_report = {"output": given.output, "attention": (), "kind": one.kind, "changes": changes_as_json(one)}
        shown = asdict(one.manifest) | of_report
        print(json_text(shown, sort_keys=True))
    else:
        print_edition(one, wide_console())


def show_run(manifest: RunManifest, given: argparse.Namespace) -> None:
    """Print a run's manifest: as a report for people, or with ``--json`` as one JSON object on one line."""
    if given.json:
        shown = asdict(manifest) | {"output": given.output, "attention": manifest.attention, "kind": "run"}
        print(json_text(shown, sort_keys=True))
    else:
        print_run(manifest)


def wide_console() -> Console:
    """A console as wide as the terminal; in a pipe, which has no width, wide enough for our tables."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_PIPE_COLUMNS)


def print_run(manifest: RunManifest, console: Console | None = None) -> None:
    """Print the report of one run."""
    console = console or wide_console()
    console.print(f"[bold]Run {manifest.run_id}[/bold] committed, {_seconds(manifest):.1f} s")
    console.print(_sums(manifest.counts))
    facts = Grid(box=None, padding=(0, 2, 0, 0), show_header=False)
    facts.add_row("rows written", _listed(manifest.tables))
    facts.add_row("copies", _listed(_below(manifest.counts, "relation.")) or "no articles")
    kinds = _below(manifest.counts, "kind.")
    if kinds:
        facts.add_row("other kinds", _listed(kinds))
    if incomplete := manifest.counts.get("articles_incomplete"):
        facts.add_row("incomplete", f"{incomplete} article(s) seem not to be whole")
    if unlike := manifest.counts.get("articles_unlike"):
        facts.add_row("unlike", f"{unlike} page(s) share an article_id with a text unlike theirs")
    plain = _below(manifest.counts, "plain.")
    if plain:
        facts.add_row("built plainly", _listed(plain))
    dropped = _below(manifest.counts, "entries_dropped.") | _below(manifest.counts, "articles_dropped.")
    if dropped:
        facts.add_row("dropped by", _listed(dropped))
    states = _below(manifest.counts, "feeds.")
    if states:
        facts.add_row("feeds", _listed(states))
    facts.add_row("failures", _listed(manifest.reasons) or "none")
    if manifest.adopted:
        facts.add_row("taken over", f"{len(manifest.adopted)} page file(s) of a run that died")
    for line in manifest.attention:
        facts.add_row("[bold]look at", line)
    console.print(facts)


def _sums(counts: Mapping[str, int]) -> Grid:
    """A row for each sum of the accounts, with its terms; terms that are 0 are left out."""
    grid = Grid(box=None, padding=(0, 2, 0, 0), show_header=False)
    grid.add_column(style="dim")
    grid.add_column(justify="right")
    grid.add_column()
    strange = _OF_FEEDS if "archives.given" in counts else _OF_ARCHIVES
    for name, terms_in, terms_out in SUMS:
        if name in strange or (name in _OF_REVISITS and "revisits.due" not in counts):
            continue
        total = sum(counts.get(term, 0) for term in terms_in)
        came = _terms(terms_in, counts) if len(terms_in) > 1 else ""
        grid.add_row(name, str(total), " = ".join(filter(None, (came, _terms(terms_out, counts)))))
    return grid


def _terms(terms: tuple[str, ...], counts: Mapping[str, int]) -> str:
    return " + ".join(f"{counts[term]} {_label(term)}" for term in terms if counts.get(term))


def _label(term: str) -> str:
    """A term in words: ``fetches.page`` is "page"; ``rows.…`` is "rows", since the line begins with the table."""
    kind, _, outcome = term.partition(".")
    return "rows" if kind == "rows" else outcome.replace("_", " ") or kind


def _listed(counts: Mapping[str, int]) -> Text:
    """Counts in words, largest first. Names count as foreign text, since another release may have written them."""
    return cell(", ".join(f"{n} {name}" for name, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))))


def _below(counts: Mapping[str, int], prefix: str) -> dict[str, int]:
    return {name.removeprefix(prefix): n for name, n in counts.items() if name.startswith(prefix)}


def _seconds(manifest: RunManifest) -> float:
    started, finished = (datetime.fromisoformat(text) for text in (manifest.started_at, manifest.finished_at))
    return (finished - started).total_seconds()

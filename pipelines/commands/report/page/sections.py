"""The sections of the report page, in their order."""

from __future__ import annotations

import html
import shlex
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from pipelines.commands.report.page import charts, queries
from pipelines.commands.report.page.figure import Figure, Section
from pipelines.figures.facts import sites_of, sites_sql, sources_of, sources_sql
from pipelines.figures.lake_tables import Answer, LakeTables
from pipelines.printable import plain
from transforms.health.finding import Finding
from transforms.health.findings import of_sources
from transforms.health.rules import Rules
from transforms.health.texts import shortened

_STORY_COLUMNS: Final = 26
_TWO_NAMES: Final = 32
"""Columns for two domains with an arrow between them."""
_CHART_DAYS: Final = 7
"""The fewest days that a chart shows."""
_WHY: Final = "The rules are those of newsbeam check; the query lists all, the table those they pick."


def sections(tables: LakeTables, attention: Sequence[str], rules: Rules, most: int) -> list[Section]:
    """The sections, with at most `most` rows where a table had no end. `attention` are the newest run's lines."""
    return [
        _last_run(tables, attention),
        _arrivals(tables, most),
        _sources(tables, rules, most),
        _lateness(tables, most),
        _copies(tables, most),
        _stories(tables, most),
        _values(tables, most),
        _failures(tables, most),
        _removed(tables, most),
        _texts(tables, rules, most),
    ]


def _last_run(tables: LakeTables, attention: Sequence[str]) -> Section:
    says = "".join(f"<strong class=look>Look at: {html.escape(plain(line))}</strong> " for line in attention)
    return Section(
        "run",
        "The last run",
        says,
        (
            _figure(tables, "run-facts", "The run", queries.run_sql(tables.span)),
            _figure(
                tables,
                "run-sums",
                "Its sums",
                queries.sums_sql(tables.span),
                note="Everything that came in has ended in exactly one way; a run whose sums differ is not committed.",
            ),
        ),
    )


def _arrivals(tables: LakeTables, most: int) -> Section:
    days = tables.span.day_names(_CHART_DAYS)
    by_day = tables.query(sql_days := queries.days_sql(tables.span))
    publishers = tables.query(sql_publishers := queries.publishers_sql(tables.span, most))
    return Section(
        "arrivals",
        "Articles a day and a publisher",
        "By the UTC day of the run. Revisions of articles that were there before, also withdrawals, are not counted.",
        (
            Figure(
                "days",
                "Articles by day",
                sql_days,
                by_day,
                chart=_chart(
                    by_day, lambda: charts.bars_by_day(days, {row[0]: row[1] for row in by_day.rows}, "Articles")
                ),
            ),
            Figure(
                "publishers",
                "Articles by publisher and day",
                sql_publishers,
                publishers,
                note=_more(tables, sql_publishers, publishers),
                chart=_chart(
                    publishers, lambda: charts.dots_by_day(days, [(r[0], r[3]) for r in publishers.rows], "Articles")
                ),
            ),
        ),
    )


def _sources(tables: LakeTables, rules: Rules, most: int) -> Section:
    sql = sources_sql(tables.live)
    answer = tables.query(sql)
    found = list(of_sources(sources_of(answer.dicts()), rules))
    figure = _picked("unlike-sources", "Feeds that are unlike themselves", sql, answer, found, most)
    return Section(
        "sources",
        "Sources that fell silent or dropped",
        "Each feed is held against its own rhythm, of the last five weeks; one without a rhythm yet is not judged.",
        (figure,),
    )


def _lateness(tables: LakeTables, most: int) -> Section:
    says = (
        "From the time of publication that the page or feed states to the start of the run that wrote the row. "
        "Articles of archives are left out; what a feed already listed when it was first read counts."
    )
    steps = tables.query(sql := queries.lateness_sql(tables.span))
    if not any(row[1] for row in steps.rows):
        steps = Answer(steps.columns, [])
    figure = Figure(
        "lateness-steps", "Time to the row", sql, steps, chart=_bars(steps, "Articles by the time they took")
    )
    slowest = _figure(tables, "lateness-publishers", "The slowest publishers", queries.latest_sql(tables.span, most))
    return Section("lateness", "Time from publication to row", says, (figure, slowest))


def _copies(tables: LakeTables, most: int) -> Section:
    relations = _figure(
        tables,
        "relations",
        "Originals and copies",
        queries.relations_sql(tables.span, most),
        "Articles by what they are to others",
    )
    pairs = tables.query(sql := queries.copied_sql(tables.span, most))
    named = Answer((), [(f"{row[0]} ← {row[1]}", row[2]) for row in pairs.rows])
    what = "Copies, by the publisher of the copy and that of the original"
    chart = _chart(named, lambda: charts.bars_by_name([(row[0], row[1]) for row in named.rows], what, _TWO_NAMES))
    return Section(
        "copies",
        "Copies: who copied whom",
        "",
        (
            relations,
            Figure("copied", "Who copied whom", sql, pairs, note=_more(tables, sql, pairs), chart=chart),
        ),
    )


def _stories(tables: LakeTables, most: int) -> Section:
    days = tables.span.day_names(_CHART_DAYS)
    stories = tables.query(sql := queries.stories_sql(tables.span, most))
    chart = _chart(
        stories,
        lambda: charts.dots_by_day(days, [(r[0], r[3]) for r in stories.rows], "Articles of stories", _STORY_COLUMNS),
    )
    note = _beyond(tables, queries.stories_count_sql(tables.span), len(stories.rows))
    figure = Figure("largest-stories", "The largest stories by day", sql, stories, note=note, chart=chart)
    return Section("stories", "The largest stories", "", (figure,))


def _values(tables: LakeTables, most: int) -> Section:
    columns = (
        ("languages", "Languages", "in_language", False),
        ("countries", "Countries", "countries", True),
        ("agencies", "Agencies", "wire_sources", True),
        ("topics", "Topics", "topic", False),
    )
    figures = (
        _figure(
            tables, name, title, queries.values_sql(tables.span, column, most, is_list), f"Articles by {title.lower()}"
        )
        for name, title, column, is_list in columns
    )
    return Section("facts", "Languages, countries, agencies, topics", "Where they are known.", tuple(figures))


def _failures(tables: LakeTables, most: int) -> Section:
    span = tables.span
    by_day = tables.query(sql := queries.failure_days_sql(span))
    counts = {row[0]: row[1] for row in by_day.rows}
    chart = _chart(by_day, lambda: charts.bars_by_day(_with(span.day_names(_CHART_DAYS), counts), counts, "Failures"))
    examples = tables.query(sql_examples := queries.failure_examples_sql(span, most))
    return Section(
        "failures",
        "Failures",
        "An input without an article, or a revisit without an answer. What may be gone at the next try is tried again "
        "by itself.",
        (
            Figure("failure-days", "Failures by day", sql, by_day, chart=chart),
            _figure(
                tables,
                "failure-kinds",
                "Failures by stage and reason",
                queries.failure_kinds_sql(span, most),
                "Failures by kind",
            ),
            _figure(
                tables, "failure-hosts", "Failures by host", queries.failure_hosts_sql(span, most), "Failures by host"
            ),
            Figure(
                "failure-examples",
                "Examples to replay",
                sql_examples,
                examples,
                note="The newest two of each kind. CONTACT is the address that publishers see. "
                + _more(tables, sql_examples, examples),
                beside_name="to try it again",
                beside=[replay(failure, given) for failure, given, _ in examples.rows],
            ),
        ),
    )


def _removed(tables: LakeTables, most: int) -> Section:
    reasons = _figure(
        tables,
        "removed-reasons",
        "Removed blocks by reason",
        queries.removed_reasons_sql(tables.span, most),
        "Removed blocks by reason",
    )
    sites = _figure(
        tables, "removed-sites", "Removed blocks by site and reason", queries.removed_sites_sql(tables.span, most)
    )
    return Section(
        "removed", "What was removed from texts", "Blocks that are no part of the article.", (reasons, sites)
    )


def _texts(tables: LakeTables, rules: Rules, most: int) -> Section:
    sql = sites_sql(tables.live)
    answer = tables.query(sql)
    found = [one for site in sites_of(answer.dicts()) if (one := shortened(site, rules.text_length)) is not None]
    figure = _picked("shortened", "Sites with shorter texts", sql, answer, found, most)
    return Section(
        "texts",
        "Sites whose text length fell",
        "The median of the words of the last 3 days against the days before: often a changed template, or a new wall.",
        (figure,),
    )


def _figure(tables: LakeTables, name: str, title: str, sql: str, bars: str = "", note: str = "") -> Figure:
    """The figure of a query; with bars of its first two columns where `bars` says what they are."""
    answer = tables.query(sql)
    note = " ".join(filter(None, (note, _more(tables, sql, answer))))
    return Figure(name, title, sql, answer, note=note, chart=_bars(answer, bars) if bars else "")


def _more(tables: LakeTables, sql: str, answer: Answer) -> str:
    """How many rows a query's limit has left out, in words; "" if none. Only a full table is counted again."""
    limit = queries.limit_of(sql)
    if limit is None or len(answer.rows) < limit:
        return ""
    return _beyond(tables, queries.count_sql(sql), limit)


def _beyond(tables: LakeTables, count_sql: str, shown: int) -> str:
    ((count,),) = tables.query(count_sql).rows
    return f"And {count - shown:,} more." if count > shown else ""


def _picked(name: str, title: str, sql: str, answer: Answer, found: Iterable[Finding], most: int) -> Figure:
    """Those rows of an answer about which something was found; their first column is its subject."""
    by_subject = {one.subject: one for one in found}
    rows = [row for row in answer.rows if row[0] in by_subject][:most]
    said = [by_subject[row[0]].message for row in rows]
    note = _WHY + (f" And {len(by_subject) - len(rows):,} more." if len(by_subject) > len(rows) else "")
    picked = Answer(answer.columns, rows)
    judged = f"None of {len(answer.rows)}."
    return Figure(name, title, sql, picked, note=note, beside_name="what was found", beside=said, nothing=judged)


def _bars(answer: Answer, what: str) -> str:
    return _chart(answer, lambda: charts.bars_by_name([(row[0], row[1]) for row in answer.rows], what))


def _chart(answer: Answer, draw: Callable[[], str]) -> str:
    return draw() if answer.rows else ""


def _with(days: list[str], counts: Iterable[str]) -> list[str]:
    return sorted({*days, *counts})


def replay(failure: str, given: str) -> str:
    """A command line that tries a failed input again; "" where none can be written.

    The input is foreign text: it is one quoted word, and only if it is an address.
    """
    stage = failure.partition("/")[0]
    if not given.startswith(("http://", "https://")) or len(given) >= queries.INPUT_LETTERS or given != plain(given):
        return ""
    word = shlex.quote(given)
    if stage == "feeds":
        return f"echo {word} | newsbeam feeds check - --contact CONTACT"
    return f"newsbeam extract {word} --contact CONTACT" if stage in ("pages", "extract") else ""

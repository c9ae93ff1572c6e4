"""A figure of the report page: a table that a query gives, perhaps with a chart of it; and its HTML."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pipelines.figures.lake_tables import Answer
from pipelines.printable import plain

_MOST_LETTERS: Final = 400


@dataclass(frozen=True, slots=True)
class Figure:
    """One table: `answer` is what `sql` gives, or those rows of it that a rule has picked, as `note` says.

    `beside` are the cells of one more column, which no query gives; `beside_name` is its name. Without a chart the
    table is shown at once, otherwise when it is opened. `name` is the figure's place on the page, for links.
    """

    name: str
    title: str
    sql: str
    answer: Answer
    note: str = ""
    chart: str = ""
    beside_name: str = ""
    beside: Sequence[str] = ()
    nothing: str = "None in these days."


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: its name for links, its heading, a sentence or two in HTML, its figures."""

    name: str
    heading: str
    says: str
    figures: tuple[Figure, ...]


def section_html(section: Section) -> str:
    """A section as HTML."""
    figures = "\n".join(map(_figure_html, section.figures))
    says = f"<p>{section.says}</p>" if section.says else ""
    heading = f'<h2 id="{section.name}">{section.heading}</h2>'
    return f'<section aria-labelledby="{section.name}">{heading}{says}\n{figures}</section>'


def _figure_html(figure: Figure) -> str:
    title = html.escape(figure.title)
    heading = f'<h3 id="{figure.name}">{title}</h3>'
    note = f"<p class=note>{html.escape(figure.note)}</p>" if figure.note else ""
    query = f"<details><summary>Query of “{title}”</summary><pre><code>{html.escape(figure.sql)}</code></pre></details>"
    if not figure.answer.rows:
        table = f"<p>{html.escape(figure.nothing)}</p>{note}{query}"
    else:
        table = note + _table_html(figure) + query
    if figure.chart:
        table = f"{figure.chart}<details><summary>Table of “{title}”</summary>{table}</details>"
    return f'<div class="figure" data-figure="{figure.name}">{heading}{table}</div>'


def _table_html(figure: Figure) -> str:
    names = [*figure.answer.columns, *([figure.beside_name] if figure.beside_name else [])]
    head = "".join(f"<th scope=col>{html.escape(name.replace('_', ' '))}</th>" for name in names)
    beside: Iterable[tuple[str, ...]] = [(one,) for one in figure.beside] or [()] * len(figure.answer.rows)
    body = "\n".join(
        f"<tr>{''.join(_cell(value, at) for at, value in enumerate((*row, *more)))}</tr>"
        for row, more in zip(figure.answer.rows, beside, strict=True)
    )
    title = html.escape(figure.title)
    return (
        f'<div class=table role=region tabindex=0 aria-label="Table: {title}"><table>'
        f"<caption>{title}</caption><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table></div>"
    )


def _cell(value: Any, at: int) -> str:
    if isinstance(value, int | float):
        return f"<td class=n>{shown(value)}</td>"
    name = "th scope=row" if at == 0 else "td"
    return f"<{name} dir=auto>{html.escape(shown(value))}</{name[:2]}>"


def shown(value: Any) -> str:
    """A value as a cell shows it: numbers with thousands, numbers by day in order, foreign text made harmless."""
    if value is None:
        return "–"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.0f}" if value == round(value) else f"{value:,.1f}" if abs(value) >= 1 else f"{value:.2g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{day[5:]}: {count:,}" for day, count in value.items())
    text = plain(str(value)).strip() or "(empty)"
    return text if len(text) <= _MOST_LETTERS else f"{text[:_MOST_LETTERS]}…"
